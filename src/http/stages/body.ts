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
 */
export function createBodyStage(maxBytes: number): Stage {
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
    return readBody(message, maxBytes).then((bytes) => {
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

function tooLarge(maxBytes: number): SidecarError {
  return new SidecarError('ERR12231', `the body is larger than server.maxTransferFileSize, ${maxBytes} bytes`);
}

/**
 * Collects the body. Past the limit the rest is read and dropped before the answer, lest a client that sends all before it
 * reads meets a closed connection; but not without end.
 */
function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        chunks.length = 0;
        if (size > maxBytes + maxDroppedBytes) reject(tooLarge(maxBytes));
      }
    });
    message.on('end', () => {
      if (size > maxBytes) reject(tooLarge(maxBytes));
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    // Without a listener for `error`, Node tells of a broken connection by `close` alone.
    message.on('close', () => {
      if (!message.complete) reject(new ClientGoneError('the client closed while sending its body'));
    });
  });
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
