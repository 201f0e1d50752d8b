import type { IncomingMessage } from 'node:http';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import {
  JsonDepthError,
  JsonDuplicateNameError,
  JsonSyntaxError,
  JsonUnsafeIntegerError,
  parseStrictJson,
} from '../../foundation/json/strict-json.ts';
import type { Stage } from '../chains.ts';
import type { Exchange } from '../exchange.ts';

/** How much of a body over the limit is read and dropped before it is answered, bytes. */
const maxDroppedBytes = 67_108_864;

/** Bytes as they are. */
const octets = 'application/octet-stream';

/** Thrown inside the chain when the client went away while its body was being read: nobody is there to answer. */
export class ClientGoneError extends Error {}

/**
 * Reads the body under a limit that is enforced while reading, and parses it where the operation takes parsed JSON.
 *
 * @param maxBytes largest body in bytes
 * @param maxReceivingBytes what is kept of all bodies that are being received, bytes
 */
export function createBodyStage(maxBytes: number, maxReceivingBytes = Infinity): Stage {
  const budget = new ReceivingBudget(maxReceivingBytes);
  return (exchange) => {
    const { message } = exchange;
    const { headers } = message;
    const length = headers['content-length'];
    const hasBody = (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
    if (!hasBody) {
      exchange.contentType = contentTypeOf(exchange).mediaType;
      return acceptAbsentBody(exchange);
    }
    checkContent(exchange);
    return readBody(message, maxBytes, budget).then((bytes) => {
      if (bytes.length === 0) return acceptAbsentBody(exchange);
      exchange.body = bytes;
      if (!exchange.operation!.readsOwnBytes) exchange.json = parseBody(bytes);
    });
  };
}

/** A body of bytes may well have none. */
function acceptAbsentBody({ operation, operationId, contentType }: Exchange): void {
  const isBytes = contentType === octets && operation!.takes.includes(octets);
  if (operation!.bodyRequired && !isBytes) {
    throw new SidecarError('ERR11014', `${operationId} needs a JSON body`);
  }
}

function checkContent(exchange: Exchange): void {
  const { headers } = exchange.message;
  const { takes } = exchange.operation!;
  if (takes.length === 0) {
    throw new SidecarError('ERR11004', `${exchange.operationId} takes no body`);
  }
  const transfer = headers['transfer-encoding'];
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    throw new SidecarError('ERR12232', `Transfer-Encoding ${JSON.stringify(transfer)} is not taken; only chunked is`);
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined) {
    throw new SidecarError(
      'ERR12232',
      `Content-Encoding ${JSON.stringify(encoding)} is not taken; send the body as it is`,
    );
  }
  const { mediaType, charset } = contentTypeOf(exchange);
  if (!takes.includes(mediaType)) {
    const given = JSON.stringify(headers['content-type']);
    throw new SidecarError('ERR12232', `Content-Type ${given} is not taken; send ${takes.join(' or ')}`);
  }
  if (charset !== undefined && charset !== 'utf-8' && mediaType !== octets) {
    throw new SidecarError('ERR12232', `charset ${JSON.stringify(charset)} is not taken; send UTF-8`);
  }
  exchange.contentType = mediaType;
}

interface ContentType {
  readonly mediaType: string;
  readonly charset: string | undefined;
}

const plainJson: ContentType = { mediaType: 'application/json', charset: undefined };

/** In lower case; an absent or empty one counts as JSON. */
function contentTypeOf({ message }: Exchange): ContentType {
  const type = message.headers['content-type'];
  if (type === undefined || type === 'application/json') return plainJson;
  const [mediaType = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { mediaType: mediaType || plainJson.mediaType, charset: charset?.replaceAll('"', '') };
}

/** What is kept of all bodies that are being received; they are not counted anywhere else until they are whole. */
class ReceivingBudget {
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** One body alone is always taken, however large the limit on it is. */
  take(bytes: number): boolean {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

/**
 * Collects the body. Past a limit the rest is read and dropped before the answer, lest a client that sends all before it
 * reads meets a closed connection; but not without end.
 */
function readBody(message: IncomingMessage, maxBytes: number, budget: ReceivingBudget): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let kept = 0;
    let refusal: SidecarError | undefined;
    const giveUp = () => {
      chunks.length = 0;
      budget.give(kept);
      kept = 0;
    };
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      refusal ??= refusalOf(size, maxBytes, chunk.length, budget);
      if (refusal === undefined) {
        kept += chunk.length;
        chunks.push(chunk);
        return;
      }
      giveUp();
      if (size > maxBytes + maxDroppedBytes) reject(refusal);
    });
    message.on('end', () => {
      if (refusal !== undefined) reject(refusal);
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      giveUp();
    });
    // Without a listener for `error`, Node tells of a broken connection by `close` alone.
    message.on('close', () => {
      giveUp();
      if (!message.complete) reject(new ClientGoneError('the client closed while sending its body'));
    });
  });
}

/** Why no more of a body is kept, where that is so; otherwise the bytes are counted. */
function refusalOf(size: number, maxBytes: number, more: number, budget: ReceivingBudget): SidecarError | undefined {
  if (size > maxBytes) {
    return new SidecarError('ERR12231', `the body is larger than server.maxTransferFileSize, ${maxBytes} bytes`);
  }
  if (budget.take(more)) return undefined;
  return new SidecarError('ERR12226', 'too many bytes of bodies are being received at once; send this one again');
}

function parseBody(bytes: Buffer): unknown {
  try {
    return parseStrictJson(bytes);
  } catch (error) {
    if (isRefusedJson(error)) throw new SidecarError('ERR11004', `body: ${error.message}`);
    if (error instanceof JsonSyntaxError) throw new SidecarError('ERR10015', `the body is not JSON: ${error.message}`);
    throw error;
  }
}

/** JSON, but not of the kind that is taken. */
function isRefusedJson(error: unknown): error is JsonSyntaxError {
  return (
    error instanceof JsonDuplicateNameError ||
    error instanceof JsonUnsafeIntegerError ||
    error instanceof JsonDepthError
  );
}
