import { isUtf8 } from 'node:buffer';
import { DecodeError } from '../../clients/codec/decode-error.ts';
import type { Decoder } from '../../clients/codec/decode.ts';
import type { ConsumedMessage } from '../../clients/kafka/native-consumer.ts';
import { JsonWriter } from '../../foundation/json/json-writer.ts';

/** How headers stand in answers: a map of texts, or a list that keeps order, duplicates and bytes. */
export type HeaderFormat = 'map' | 'list';

/** Finds the decoder for bytes that name their schemas, which may have to be looked up. */
export interface DecoderSource {
  decoderFor(all: readonly (Buffer | null)[]): Decoder | Promise<Decoder>;
}

export interface RecordShape {
  readonly key: Decoder | DecoderSource;
  readonly value: Decoder | DecoderSource;
  readonly headerFormat: HeaderFormat;
}

/** The same with its decoders at hand. */
interface ReadyShape {
  readonly decodeKey: Decoder;
  readonly decodeValue: Decoder;
  readonly headerFormat: HeaderFormat;
}

const correlationHeader = 'X-Correlation-Id';
const correlationHeaderLower = correlationHeader.toLowerCase();
/** Room for a record's names, punctuation and numbers when the answer's size is guessed. */
const scaffoldBytes = 220;
/** After this many bytes written the event loop gets its turn: about 5 ms of work. */
const bytesPerTurn = 1_048_576;

/**
 * The answer of a read: records as a JSON array. Values are copied in as bytes, never parsed and printed again; a record
 * that cannot be decoded stands in its place with its bytes as base64.
 *
 * @throws SidecarError ERR12229 when a schema is needed and the registry cannot be used
 */
export async function recordsToJson(messages: readonly ConsumedMessage[], shape: RecordShape): Promise<Buffer> {
  const { key, value, headerFormat } = shape;
  const ready: ReadyShape = {
    decodeKey: typeof key === 'function' ? key : await key.decoderFor(messages.map((message) => message.key)),
    decodeValue: typeof value === 'function' ? value : await value.decoderFor(messages.map((message) => message.value)),
    headerFormat,
  };
  const out = new JsonWriter(estimate(messages));
  out.text('[');
  let lastTurn = 0;
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!;
    if (i > 0) out.text(',');
    writeRecord(out, message, ready);
    if (out.length - lastTurn >= bytesPerTurn && i + 1 < messages.length) {
      lastTurn = out.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  out.text(']');
  return out.finish();
}

/** Key and value as stored: what `max_bytes` counts. */
export function rawBytes({ key, value }: ConsumedMessage): number {
  return (key?.length ?? 0) + (value?.length ?? 0);
}

function estimate(messages: readonly ConsumedMessage[]): number {
  let bytes = 2;
  for (const message of messages) bytes += rawBytes(message) + scaffoldBytes;
  return bytes;
}

function writeRecord(out: JsonWriter, message: ConsumedMessage, shape: ReadyShape): void {
  const { key, value } = message;
  let side = 'key';
  let keyJson: Buffer | string | null;
  let valueJson: Buffer | string | null;
  try {
    keyJson = key === null ? null : shape.decodeKey(key);
    side = 'value';
    valueJson = value === null ? null : shape.decodeValue(value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    writeUndecodable(out, message, shape, `the ${side} ${error.message}`);
    return;
  }
  // Topic names hold no character that JSON escapes.
  out.text(`{"topic":"${message.topic}"`);
  if (keyJson !== null) {
    out.text(',"key":');
    out.json(keyJson);
  }
  if (valueJson !== null) {
    out.text(',"value":');
    out.json(valueJson);
  }
  writeHeaders(out, message, shape.headerFormat);
  out.text(`,"partition":${message.partition},"offset":${message.offset}${timestampJson(message)}}`);
}

function writeUndecodable(out: JsonWriter, message: ConsumedMessage, shape: ReadyShape, description: string): void {
  const { topic, partition, offset, key, value } = message;
  out.text(`{"topic":"${topic}","partition":${partition},"offset":${offset}${timestampJson(message)}`);
  writeHeaders(out, message, shape.headerFormat);
  out.json(`,"error":{"code":"ERR12205","description":${JSON.stringify(description)}}`);
  if (key !== null) out.text(`,"keyBase64":"${key.toString('base64')}"`);
  if (value !== null) out.text(`,"valueBase64":"${value.toString('base64')}"`);
  out.text('}');
}

function timestampJson({ timestamp }: ConsumedMessage): string {
  return timestamp >= 0 ? `,"timestamp":${timestamp}` : '';
}

function writeHeaders(out: JsonWriter, message: ConsumedMessage, format: HeaderFormat): void {
  if (message.headers === undefined || message.headers.length === 0) {
    const id = derivedId(message);
    out.text(
      format === 'map'
        ? `,"headers":{"${correlationHeader}":"${id}"}`
        : `,"headers":[{"name":"${correlationHeader}","value":"${id}"}]`,
    );
    return;
  }
  const headers = message.headers.map(nameAndValue);
  const hasId = headers.some(([name]) => name.toLowerCase() === correlationHeaderLower);
  if (!hasId) headers.push([correlationHeader, Buffer.from(derivedId(message), 'latin1')]);
  out.json(format === 'map' ? headerMap(headers) : headerList(headers));
}

/** The same on every redelivery, so that whoever reads twice can tell. */
function derivedId({ topic, partition, offset }: ConsumedMessage): string {
  return `${topic}-${partition}-${offset}`;
}

/** The library sets `__proto__` like any property, which makes the value the object's prototype. */
function nameAndValue(header: Readonly<Record<string, Buffer>>): [string, Buffer] {
  for (const name in header) if (Object.hasOwn(header, name)) return [name, header[name]!];
  return ['__proto__', Object.getPrototypeOf(header) as Buffer];
}

/** The last of several headers of one name wins, as in light-4j. */
function headerMap(headers: readonly (readonly [string, Buffer])[]): string {
  const texts = new Map(headers.map(([name, value]) => [name, value.toString('utf8')]));
  const members = [...texts].map(([name, text]) => `${JSON.stringify(name)}:${JSON.stringify(text)}`);
  return `,"headers":{${members.join(',')}}`;
}

function headerList(headers: readonly (readonly [string, Buffer])[]): string {
  const entries = headers.map(([name, value]) => {
    const member = isUtf8(value)
      ? `"value":${JSON.stringify(value.toString('utf8'))}`
      : `"valueBase64":"${value.toString('base64')}"`;
    return `{"name":${JSON.stringify(name)},${member}}`;
  });
  return `,"headers":[${entries.join(',')}]`;
}
