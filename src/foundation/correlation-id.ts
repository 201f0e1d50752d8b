import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn for this many ids at once; a draw costs more than the bytes. */
const idsPerDraw = 512;
const randomBytesPerId = 10;
const pool = Buffer.alloc(idsPerDraw * randomBytesPerId);
let drawn = pool.length;

const id = Buffer.alloc(16);

/**
 * A new UUIDv7 (RFC 9562) as 22 characters of unpadded base64url, light-4j's form of a correlation id.
 *
 * Sorts by time of creation to the millisecond.
 */
export function createCorrelationId(): string {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  id.writeUIntBE(Date.now(), 0, 6);
  pool.copy(id, 6, drawn, drawn + randomBytesPerId);
  drawn += randomBytesPerId;
  id[6] = (id[6]! & 0x0f) | 0x70;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return id.toString('base64url');
}
