import type { Logger } from '../../foundation/logging.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { Answer } from '../../modules/module.ts';
import type { Exchange } from '../exchange.ts';

/**
 * The one place that turns an error into an answer.
 *
 * A SidecarError is answered as it is. Anything else is a fault of this program: it is logged with its stack and answered
 * as 500 without detail.
 */
export function createExceptionStage(logger: Logger): (exchange: Exchange, error: unknown) => Answer {
  return (exchange, error) => {
    if (!(error instanceof SidecarError)) {
      logger.error({ err: error, operationId: exchange.operationId, cId: exchange.correlationId }, 'unexpected error');
      return errorAnswer(
        new SidecarError('ERR10010', 'an unexpected error; the log line with this correlation id has it'),
      );
    }
    if (error.status >= 500) {
      logger.warn(
        {
          code: error.code,
          description: error.description,
          cause: error.cause,
          operationId: exchange.operationId,
          cId: exchange.correlationId,
        },
        'request failed',
      );
    }
    return errorAnswer(error);
  };
}

function errorAnswer(error: SidecarError): Answer {
  return { status: error.status, body: JSON.stringify(error.toBody()), headers: error.headers };
}
