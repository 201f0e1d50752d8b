import { describe, expect, it } from '@jest/globals';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { silentLogger, type Logger } from '../../../src/foundation/logging.ts';
import { createExceptionStage } from '../../../src/http/stages/exception.ts';
import { exchangeOf } from '../exchange.ts';

/** The answer to an error, and what was logged of it. */
function answered(error: unknown) {
  const lines: unknown[][] = [];
  const note =
    (level: string) =>
    (...line: unknown[]) =>
      void lines.push([level, ...line]);
  const logger = Object.assign(Object.create(silentLogger) as Logger, { warn: note('warn'), error: note('error') });
  const exchange = exchangeOf();
  exchange.correlationId = 'cid';
  const { body, ...answer } = createExceptionStage(logger)(exchange, error);
  return { answer: { ...answer, body: JSON.parse(String(body)) as unknown }, lines };
}

describe('the exception stage', () => {
  it('answers a client’s mistake as it is, and logs nothing', () => {
    const error = new SidecarError('ERR10008', 'takes GET', { headers: { Allow: 'GET' }, cause: new Error('why') });
    expect(answered(error)).toEqual({
      answer: {
        status: 405,
        headers: { Allow: 'GET' },
        body: {
          statusCode: 405,
          code: 'ERR10008',
          message: 'METHOD_NOT_ALLOWED',
          description: 'takes GET',
          severity: 'ERROR',
        },
      },
      lines: [],
    });
  });

  it('answers the cluster’s trouble with Retry-After, and logs its cause', () => {
    const cause = new Error('all brokers down');
    expect(answered(new SidecarError('ERR12227', 'no broker', { cause }))).toEqual({
      answer: {
        status: 503,
        headers: { 'Retry-After': '1' },
        body: {
          statusCode: 503,
          code: 'ERR12227',
          message: 'BROKER_UNREACHABLE',
          description: 'no broker',
          severity: 'ERROR',
        },
      },
      lines: [
        [
          'warn',
          { code: 'ERR12227', description: 'no broker', cause, operationId: 'subscribe', cId: 'cid' },
          'request failed',
        ],
      ],
    });
  });

  it.each([new TypeError('secret detail'), 'a text', undefined])(
    'answers anything else with 500 without detail, and logs it (%p)',
    (error) => {
      expect(answered(error)).toEqual({
        answer: {
          status: 500,
          headers: {},
          body: {
            statusCode: 500,
            code: 'ERR10010',
            message: 'RUNTIME_EXCEPTION',
            description: 'an unexpected error; the log line with this correlation id has it',
            severity: 'ERROR',
          },
        },
        lines: [['error', { err: error, operationId: 'subscribe', cId: 'cid' }, 'unexpected error']],
      });
    },
  );
});
