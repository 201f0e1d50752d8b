import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { scanRequest } from '../../../src/modules/producer/scan-request.ts';

/** A scanned request with keys and values as text. */
function scanned(body: string) {
  const { records, ...formats } = scanRequest(Buffer.from(body));
  return {
    ...formats,
    records: records.map((record) => ({ ...record, key: record.key?.toString(), value: record.value?.toString() })),
  };
}

const scannedRecord = (record: string) => scanned(`{"records":[${record}]}`).records[0];

function refusalOf(body: string | Buffer): string {
  try {
    scanRequest(Buffer.from(body));
  } catch (error) {
    const { code, description } = error as SidecarError;
    return `${code} ${description}`;
  }
  return 'none';
}

const refusalOfRecord = (record: string) => refusalOf(`{"records":[{},${record}]}`);

const bare = {
  key: undefined,
  value: undefined,
  partition: -1,
  timestamp: 0,
  headers: undefined,
  correlationId: undefined,
  traceabilityId: undefined,
};

describe('scanRequest', () => {
  it('cuts keys and values out as they are written', () => {
    expect(scannedRecord('{ "key" : 9223372036854775807 , "value" : { "a" : [ 1.0 , "\\u00e9" ] }\n}')).toEqual({
      ...bare,
      key: '9223372036854775807',
      value: '{ "a" : [ 1.0 , "\\u00e9" ] }',
    });
  });

  it('keeps every value that is not null', () => {
    const values = ['0', 'false', '""', '{}', '[]', '-0', '1e400', '{"a":1,"a":2}', '"\\ud800"', '"null"'];
    expect(values.map((value) => scannedRecord(`{"value":${value}}`)?.value)).toEqual(values);
  });

  it('takes null and absent fields alike', () => {
    const nulls = Object.keys(bare).map((name) => `"${name}":null`);
    expect(scannedRecord(`{${nulls.join(',')}}`)).toEqual({ ...bare, headers: [] });
    expect(scannedRecord('{}')).toEqual(bare);
  });

  it('reads every field of a record', () => {
    const record =
      '{"key":"k","value":1,"partition":2147483647,"timestamp":9007199254740991,"headers":{"a":"1"},' +
      '"correlationId":"c\\u00e9","traceabilityId":"t"}';
    expect(scannedRecord(record)).toEqual({
      key: '"k"',
      value: '1',
      partition: 2_147_483_647,
      timestamp: 9_007_199_254_740_991,
      headers: [{ a: '1' }],
      correlationId: 'cé',
      traceabilityId: 't',
    });
  });

  it('knows names that are written with escapes', () => {
    expect(scanned('{"\\u0072ecords":[{"v\\u0061lue":1}]}').records).toEqual([{ ...bare, value: '1' }]);
  });

  it.each([
    ['{"keyFormat":"string","valueFormat":"Binary",…}', 'STRING', 'BINARY'],
    ['{"key_format":0,"value_format":"5",…}', 'BINARY', 'STRING'],
    ['{"format":"json",…}', 'JSON', 'JSON'],
    ['{…,"format":"json","keyFormat":"STRING"}', 'STRING', 'JSON'],
    ['{"keyFormat":"STRING","key_format":5,…}', 'STRING', undefined],
    ['{"keyFormat":null,"format":null,…}', undefined, undefined],
  ])('reads the formats of %s, in light-4j’s older spellings too', (body, keyFormat, valueFormat) => {
    const { records, key, value } = scanned(body.replace('…', '"records":[{}]'));
    expect([key.format, value.format, records]).toEqual([keyFormat, valueFormat, [bare]]);
  });

  it('reads schema coordinates in both spellings; null is the same as absent', () => {
    const coordinates = [
      '"keySchema":"k","valueSchema":null',
      '"keySchemaSubject":"s","key_schema_subject":"s"',
      '"keySchemaId":1,"valueSchemaVersion":null,"value_schema_id":2,"key_schema_version":3',
    ];
    expect(scanned(`{${coordinates.join(',')},"records":[{}]}`)).toEqual({
      key: { format: undefined, schema: 'k', subject: 's', id: 1, version: 3 },
      value: { format: undefined, schema: undefined, subject: undefined, id: 2, version: undefined },
      records: [bare],
      isRaw: false,
    });
  });

  it.each([
    ['{', 'ERR10015 the body is not JSON: a member name was expected, not the end of the text at byte 1'],
    ['{"records":[{"value":01}]}', "ERR10015 the body is not JSON: a comma or } was expected, not '1' at byte 22"],
    ['{"records":[{}]} x', "ERR10015 the body is not JSON: the end was expected, not 'x' at byte 17"],
    ['[]', 'ERR11004 body # must be object, not array'],
    ['null', 'ERR11004 body # must be object, not null'],
    ['{}', "ERR11004 body # must have required property 'records'"],
    ['{"records":null}', 'ERR11004 body #/records must be array, not null'],
    ['{"records":[]}', 'ERR11004 body #/records must have at least one record'],
    ['{"records":[{}],"records":[{}]}', 'ERR11004 body #/records is given twice'],
    ['{"records":[{}],"a~b/c":1}', 'ERR11004 body #/a~0b~1c is no field of this request'],
    ['{"records":[{}],"__proto__":1}', 'ERR11004 body #/__proto__ is no field of this request'],
    ['{"format":1,"format":1,"records":[{}]}', 'ERR11004 body #/format is given twice'],
    [
      '{"keyFormat":0,"key_format":1,"records":[{}]}',
      'ERR11004 body #/key_format contradicts another spelling of keyFormat',
    ],
    [
      '{"format":6,"records":[{}]}',
      'ERR11004 body #/format must be BINARY, STRING, JSON, AVRO, JSONSCHEMA or PROTOBUF',
    ],
    ['{"format":true,"records":[{}]}', 'ERR11004 body #/format must be string or number or null, not true'],
    ['{"keySchemaId":1.5,"records":[{}]}', 'ERR11004 body #/keySchemaId must be an integer from 0 to 2147483647'],
    ['{"keySchemaSubject":"..","records":[{}]}', 'ERR11004 body #/keySchemaSubject must not be . or ..'],
    [
      '{"valueSchemaSubject":"a\\n","records":[{}]}',
      'ERR11004 body #/valueSchemaSubject must not hold a control character',
    ],
    ['{"keySchema":{},"records":[{}]}', 'ERR11004 body #/keySchema must be string or null, not object'],
  ])('refuses the request %s', (body, refusal) => {
    expect(refusalOf(body)).toBe(refusal);
  });

  it.each([
    ['1', 'ERR11004 body #/records/1 must be object, not number'],
    ['{"Value":1}', 'ERR11004 body #/records/1/Value is no field of a record'],
    ['{"value":1,"key":2,"value":3}', 'ERR11004 body #/records/1/value is given twice'],
    ['{"key":null,"key":null}', 'ERR11004 body #/records/1/key is given twice'],
    ['{"partition":-1}', 'ERR11004 body #/records/1/partition must be an integer from 0 to 2147483647'],
    ['{"partition":-0}', 'ERR11004 body #/records/1/partition must be an integer from 0 to 2147483647'],
    ['{"partition":1.0}', 'ERR11004 body #/records/1/partition must be an integer from 0 to 2147483647'],
    ['{"partition":2147483648}', 'ERR11004 body #/records/1/partition must be an integer from 0 to 2147483647'],
    ['{"partition":"0"}', 'ERR11004 body #/records/1/partition must be number, not string'],
    ['{"timestamp":1e3}', 'ERR11004 body #/records/1/timestamp must be an integer from 0 to 9007199254740991'],
    [
      '{"timestamp":9007199254740992}',
      'ERR11004 body #/records/1/timestamp must be an integer from 0 to 9007199254740991',
    ],
    ['{"headers":"a"}', 'ERR11004 body #/records/1/headers must be object or array or null, not string'],
    ['{"correlationId":""}', 'ERR11004 body #/records/1/correlationId must have 1 to 1024 characters'],
    ['{"correlationId":1}', 'ERR11004 body #/records/1/correlationId must be string or null, not number'],
    ['{"traceabilityId":"a\\n"}', 'ERR11004 body #/records/1/traceabilityId must not hold a control character'],
    ['{"traceabilityId":"\\ud800"}', 'ERR11004 body #/records/1/traceabilityId must not hold a lone surrogate'],
  ])('refuses the record %s, naming its place', (record, refusal) => {
    expect(refusalOfRecord(record)).toBe(refusal);
  });

  it('counts nesting over the whole body, and refuses more than 64 levels', () => {
    const body = (levels: number) => `{"records":[{"value":${'['.repeat(levels)}${']'.repeat(levels)}}]}`;
    expect([refusalOf(body(61)), refusalOf(body(62))]).toEqual([
      'none',
      'ERR11004 body: objects and arrays nest deeper than 64 at byte 82',
    ]);
  });

  it('refuses bytes that are not UTF-8, wherever they stand', () => {
    const body = Buffer.concat([
      Buffer.from('{"records":[{"value":"'),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('"}]}'),
    ]);
    expect(refusalOf(body)).toBe('ERR10015 the body is not JSON: the text is not UTF-8 at byte 22');
  });
});
