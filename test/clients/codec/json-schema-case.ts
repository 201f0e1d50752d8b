import { EncodeError } from '../../../src/clients/codec/encode-error.ts';
import { compileJsonSchema } from '../../../src/clients/codec/json-schema.ts';

/** Schemas that a schema refers to, by the names that the registry keeps. */
export type References = Readonly<Record<string, unknown>>;

const textOf = (schema: unknown) => (typeof schema === 'string' ? schema : JSON.stringify(schema));

/** What a schema says of JSON texts: `fits`, or the place and what is wrong there. */
export function checkOf(schema: unknown, references: References = {}): (json: string) => string {
  const check = compileJsonSchema({
    type: 'JSONSCHEMA',
    text: textOf(schema),
    references: Object.entries(references).map(([name, referenced]) => ({ name, text: textOf(referenced) })),
  });
  return (json) => {
    try {
      check(Buffer.from(json));
      return 'fits';
    } catch (error) {
      if (error instanceof EncodeError) return `${error.place}: ${error.message}`;
      throw error;
    }
  };
}

export const objectOf = (properties: unknown, more: object = {}): object => ({ type: 'object', properties, ...more });
