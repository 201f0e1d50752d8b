import { EncodeError } from '../../clients/codec/encode-error.ts';
import type { OutgoingRecord } from '../../clients/kafka/producer-client.ts';
import { SidecarError } from '../../foundation/errors/sidecar-error.ts';
import type { OperationRequest } from '../module.ts';
import { commonHeaders, headerBytes, plainHeaders, recordHeaders, type RecordHeaderOptions } from './record-headers.ts';
import type { ScannedRequest } from './scan-request.ts';
import type { Side } from './side-fields.ts';
import type { SideEncoder } from './side-encoders.ts';

export interface EncodeOptions extends RecordHeaderOptions {
  /** Largest key + value + headers of one record, bytes. */
  readonly maxRecordBytes: number;
}

export interface EncodedBatch {
  readonly records: readonly OutgoingRecord[];
  /** Sum of keys, values and headers. */
  readonly bytes: number;
}

/**
 * Serialises every record of a request, so that a bad one is known before the first is sent.
 *
 * @throws SidecarError ERR12206 naming the record's index and the place in it; ERR12231 for a record over the limit
 */
export function encodeRecords(
  scanned: ScannedRequest,
  encoders: Readonly<Record<Side, SideEncoder>>,
  request: OperationRequest,
  options: EncodeOptions,
): EncodedBatch {
  const common = commonHeaders(request, options);
  const plain = plainHeaders(request, common);
  const plainBytes = headerBytes(plain);
  const records: OutgoingRecord[] = [];
  let bytes = 0;
  for (let index = 0; index < scanned.records.length; index++) {
    const record = scanned.records[index]!;
    const key = record.key === undefined ? null : encoded(encoders.key, record.key, index, 'key');
    const value = record.value === undefined ? null : encoded(encoders.value, record.value, index, 'value');
    const isPlain =
      record.headers === undefined && record.correlationId === undefined && record.traceabilityId === undefined;
    const headers = isPlain ? plain : recordHeaders(request, common, record);
    const size = (key?.length ?? 0) + (value?.length ?? 0) + (isPlain ? plainBytes : headerBytes(headers));
    if (size > options.maxRecordBytes) {
      throw new SidecarError(
        'ERR12231',
        `body #/records/${index} has ${size} bytes of key, value and headers; message.max.bytes allows ` +
          `${options.maxRecordBytes}. Nothing was produced`,
      );
    }
    bytes += size;
    records.push({
      partition: record.partition,
      // The client sends an empty Buffer as null, but an empty text as an empty key.
      key: key?.length === 0 ? '' : key,
      value,
      timestamp: record.timestamp === 0 ? null : record.timestamp,
      headers,
    });
  }
  return { records, bytes };
}

function encoded({ encode, format }: SideEncoder, text: Buffer, index: number, side: Side): Buffer {
  try {
    return encode(text);
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    throw new SidecarError(
      'ERR12206',
      `Unexpected exception in serializing ${format.toLowerCase()} format with message ${error.place}: ` +
        `${error.message}, index in batch : ${index} (${side}). Nothing was produced`,
    );
  }
}
