/** How a key or value stands in HTTP bodies and on the wire. */
export type Format = 'BINARY' | 'STRING' | 'JSON' | 'AVRO' | 'JSONSCHEMA' | 'PROTOBUF';

/** light-4j's numbers for formats, by position. */
const numbered: readonly Format[] = ['BINARY', 'JSON', 'AVRO', 'JSONSCHEMA', 'PROTOBUF', 'STRING'];
const formats = new Set<string>(numbered);

/** A format by its name in any case or by light-4j's number; undefined for anything else. */
export function parseFormat(text: string): Format | undefined {
  const upper = text.toUpperCase();
  if (formats.has(upper)) return upper as Format;
  return /^[0-5]$/.test(text) ? numbered[Number(text)] : undefined;
}
