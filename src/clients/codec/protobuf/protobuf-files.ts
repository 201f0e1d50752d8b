import { createFileRegistry, type DescFile, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
import {
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
} from '@bufbuild/protobuf/wkt';
import { SchemaError, type SchemaDefinition } from '../schema-definition.ts';
import { parseProtoFile } from './descriptor.ts';

/** A schema with what it refers to, ready for use. */
export interface ProtobufSchema {
  /** The messages of the schema's own file, in the order of its text. */
  readonly messages: readonly DescMessage[];
  readonly registry: FileRegistry;
}

/** Files that every Protobuf compiler has. */
const wellKnown: readonly DescFile[] = [
  file_google_protobuf_any,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_duration,
  file_google_protobuf_empty,
  file_google_protobuf_field_mask,
  file_google_protobuf_source_context,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_type,
  file_google_protobuf_wrappers,
];

/** Files that Confluent's registry knows without a reference; the first holds options only. */
const confluentFiles: Readonly<Record<string, string>> = {
  'confluent/meta.proto': 'syntax = "proto3"; package confluent;',
  'confluent/type/decimal.proto':
    'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
};

/** @throws SchemaError */
export function parseProtobufSchema({ text, references }: SchemaDefinition): ProtobufSchema {
  const files = new Map<string, DescFile>(wellKnown.map((file) => [`${file.name}.proto`, file]));
  for (const [name, source] of Object.entries(confluentFiles)) addFile(name, source, files);
  for (const reference of references) addFile(reference.name, reference.text, files);
  const registry = addFile('schema.proto', text, files);
  const { messages } = registry.getFile('schema.proto')!;
  if (messages.length === 0) throw new SchemaError('no valid Protobuf schema: it has no message');
  return { messages, registry };
}

function addFile(name: string, text: string, files: Map<string, DescFile>): FileRegistry {
  const known = createFileRegistry(...[...files.values()].map(registryOf));
  const lookup = (fullName: string) =>
    known.getMessage(fullName) === undefined ? (known.getEnum(fullName) === undefined ? undefined : 'enum') : 'message';
  const { descriptor, imports } = parseProtoFile(name, text, [...files.keys()], lookup);
  const missing = imports.find((path) => !files.has(path));
  if (missing !== undefined) {
    throw new SchemaError(`no valid Protobuf schema: import ${missing} of ${name} is no reference of the schema`);
  }
  try {
    const registry = createFileRegistry(descriptor, (path) => files.get(path));
    files.set(name, registry.getFile(name)!);
    return registry;
  } catch (error) {
    throw new SchemaError(`no valid Protobuf schema: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function registryOf(file: DescFile): FileRegistry {
  return createFileRegistry(file.proto, (name) =>
    file.dependencies.find((dependency) => `${dependency.name}.proto` === name),
  );
}
