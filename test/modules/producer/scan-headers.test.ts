import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import { JsonCursor } from '../../../src/foundation/json/json-cursor.ts';
import { scanHeaders, wireHeader } from '../../../src/modules/producer/scan-headers.ts';

const scan = (text: string) => scanHeaders(new JsonCursor(Buffer.from(text)), '/h');

/** Headers as names and values, the bytes as hex. */
const seen = (text: string) =>
  scan(text).map((header) => {
    const [name] = Object.getOwnPropertyNames(header);
    const value = Object.getOwnPropertyDescriptor(header, name!)!.value as string | Buffer;
    return [name, typeof value === 'string' ? value : { hex: value.toString('hex') }];
  });

function refusalOf(text: string): string {
  try {
    scan(text);
  } catch (error) {
    return (error as SidecarError).description;
  }
  return 'none';
}

describe('scanHeaders', () => {
  it('reads a map of texts in its order', () => {
    expect(seen('{"b":"1","a":"","2":"é\\n","1":"x"}')).toEqual([
      ['b', '1'],
      ['a', ''],
      ['2', 'é\n'],
      ['1', 'x'],
    ]);
  });

  it('reads a list with repeated names, in its order, values as text or bytes', () => {
    const list =
      '[{"name":"a","value":"1"},{"valueBase64":"AP8=","name":"b"},{"name":"a","value":""},{"name":"","value":"x"}]';
    expect(seen(list)).toEqual([
      ['a', '1'],
      ['b', { hex: '00ff' }],
      ['a', ''],
      ['', 'x'],
    ]);
  });

  it('takes null, an empty map and an empty list for no headers', () => {
    expect([scan('null'), scan('{}'), scan('[]')]).toEqual([[], [], []]);
  });

  it('keeps names that JavaScript objects know by nature', () => {
    expect([seen('{"__proto__":"1","constructor":"2"}'), seen('[{"name":"__proto__","valueBase64":"AA=="}]')]).toEqual([
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
      [['__proto__', { hex: '00' }]],
    ]);
  });

  it.each([
    ['{"a":null}', 'body #/h/a must not be null: the Kafka client cannot send a null header value'],
    ['{"a":1}', 'body #/h/a must be string, not number'],
    ['{"a":"1","a":"1"}', 'body #/h/a is given twice; use the list form for repeated headers'],
    ['{"a\\u0085":"1"}', 'body #/h/a\u0085 must not hold a control character'],
    ['{"a/b\\u0000":"1"}', 'body #/h/a~1b\u0000 must not hold a control character'],
    ['{"\\ud800":"1"}', 'body #/h/\ud800 must not hold a lone surrogate'],
    ['{"a":"\\ud800"}', 'body #/h/a must not hold a lone surrogate'],
    ['[1]', 'body #/h/0 must be object, not number'],
    ['[{"name":"a","value":"1"},{"value":"1"}]', 'body #/h/1 must have a name'],
    ['[{"name":"a"}]', 'body #/h/0 must have a value or valueBase64'],
    [
      '[{"name":"a","value":null}]',
      'body #/h/0/value must not be null: the Kafka client cannot send a null header value',
    ],
    [
      '[{"name":"a","value":"1","valueBase64":"AA=="}]',
      'body #/h/0/valueBase64 is a second value; give value or valueBase64 once',
    ],
    ['[{"name":"a","value":"1","value":"1"}]', 'body #/h/0/value is a second value; give value or valueBase64 once'],
    ['[{"name":"a","name":"a","value":"1"}]', 'body #/h/0/name is given twice'],
    ['[{"name":"a","valueBase64":"AA"}]', 'body #/h/0/valueBase64 must be padded base64'],
    ['[{"name":"a","valueBase64":"A-_="}]', 'body #/h/0/valueBase64 must be padded base64'],
    ['[{"name":"a","text":"1"}]', 'body #/h/0/text is no field of a header'],
    ['[{"name":"a\\n","value":"1"}]', 'body #/h/0/name must not hold a control character'],
    ['true', 'body #/h must be object or array or null, not true'],
  ])('refuses %s', (text, description) => {
    expect(refusalOf(text)).toBe(description);
  });
});

describe('wireHeader', () => {
  it('makes an object with one own member, whatever its name', () => {
    const names = ['a', '', '__proto__', 'toString', '0'];
    expect(names.map((name) => Object.entries(wireHeader(name, 'v')))).toEqual(names.map((name) => [[name, 'v']]));
  });
});
