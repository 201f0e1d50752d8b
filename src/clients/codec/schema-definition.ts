/** The three formats whose schemas a registry keeps. */
export type SchemaType = 'AVRO' | 'JSONSCHEMA' | 'PROTOBUF';

/** A schema as a registry keeps it, with the schemas it refers to. */
export interface SchemaDefinition {
  readonly type: SchemaType;
  readonly text: string;
  /** What it refers to, each after what that one refers to itself; none twice. */
  readonly references: readonly ReferencedSchema[];
}

export interface ReferencedSchema {
  /** What the referring schema calls it: a type name in Avro, a URI in JSON Schema, an import in Protobuf. */
  readonly name: string;
  readonly text: string;
}

/** A schema that cannot be used; the message says why, for people. */
export class SchemaError extends Error {}
