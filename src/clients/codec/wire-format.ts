import { DecodeError } from './decode-error.ts';

/** Magic byte and schema id, bytes. */
export const frameLength = 5;
const magicByte = 0;

/**
 * What stands before each datum with a schema: a zero byte and the schema's id, big-endian.
 *
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
export function frameOf(id: number): Buffer {
  const frame = Buffer.alloc(frameLength);
  frame.writeUInt8(magicByte, 0);
  frame.writeInt32BE(id, 1);
  return frame;
}

/** The id in the frame; undefined for bytes without one. */
export function peekSchemaId(bytes: Buffer): number | undefined {
  return bytes.length >= frameLength && bytes[0] === magicByte ? bytes.readInt32BE(1) : undefined;
}

/** @throws DecodeError for bytes without a frame */
export function schemaIdOf(bytes: Buffer): number {
  const id = peekSchemaId(bytes);
  if (id !== undefined) return id;
  if (bytes.length < frameLength) {
    throw new DecodeError(`has ${bytes.length} bytes, too few for magic byte 0 and a schema id`);
  }
  throw new DecodeError(`begins with byte ${bytes[0]}, not with magic byte 0 and a schema id`);
}
