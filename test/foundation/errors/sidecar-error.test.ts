import { describe, expect, it } from '@jest/globals';
import { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';

describe('SidecarError', () => {
  it('has the body of light-4j’s error answers, without its cause', () => {
    const cause = new Error('secret of the cause');
    const error = new SidecarError('ERR12200', 'group g has no consumer instance i', { cause });
    expect(error.toBody()).toEqual({
      statusCode: 404,
      code: 'ERR12200',
      message: 'CONSUMER_INSTANCE_NOT_FOUND',
      description: 'group g has no consumer instance i',
      severity: 'ERROR',
    });
    expect([error.status, error.cause, error.headers, error.message]).toEqual([
      404,
      cause,
      {},
      'ERR12200 group g has no consumer instance i',
    ]);
  });

  it('brings Retry-After where the condition passes by itself, beside headers of its own', () => {
    expect(new SidecarError('ERR12227', '').headers).toEqual({ 'Retry-After': '1' });
    expect(new SidecarError('ERR12223', '', { headers: { 'X-A': 'b' } }).headers).toEqual({
      'Retry-After': '5',
      'X-A': 'b',
    });
    expect(new SidecarError('ERR10008', '', { headers: { Allow: 'GET' } }).headers).toEqual({ Allow: 'GET' });
  });
});
