import { createFileRegistry, ScalarType, type DescFile, type DescMessage, type FileRegistry } from '@bufbuild/protobuf';
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
import { nestedTypes } from '@bufbuild/protobuf/reflect';
import { SchemaError, type SchemaDefinition } from '../schema-definition.ts';
import { hasRequiredField } from './required-fields.ts';
import { parseProtoFile, type TypeLookup } from './descriptor.ts';

/** A schema with what it refers to, ready for use. */
export interface ProtobufSchema {
  /** The messages of the schema's own file, in the order of its text. */
  readonly messages: readonly DescMessage[];
  readonly registry: FileRegistry;
  /** Some message, imported ones among them, has numbers that may be a negative zero. */
  readonly hasFloats: boolean;
  /** Some message has fields that must be there. */
  readonly hasRequired: boolean;
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
  for (const reference of references) addFile(reference.name, reference.text, files);
  const registry = addFile('schema.proto', text, files);
  const { messages } = registry.getFile('schema.proto')!;
  if (messages.length === 0) throw new SchemaError('no valid Protobuf schema: it has no message');
  const types = [...registry];
  return { messages, registry, hasFloats: types.some(hasFloatField), hasRequired: types.some(hasRequiredField) };
}

function hasFloatField(type: DescType): boolean {
  if (type.kind !== 'message') return false;
  const isFloat = (scalar: ScalarType | undefined) => scalar === ScalarType.FLOAT || scalar === ScalarType.DOUBLE;
  return type.fields.some((field) => isFloat(field.scalar));
}

type DescType = FileRegistry extends Iterable<infer T> ? T : never;

function addFile(name: string, text: string, files: Map<string, DescFile>): FileRegistry {
  const descriptor = parseProtoFile(name, text, (imports) => {
    for (const path of imports) {
      if (files.has(path)) continue;
      const source = confluentFiles[path];
      if (source === undefined) {
        throw new SchemaError(`no valid Protobuf schema: import ${path} of ${name} is no reference of the schema`);
      }
      addFile(path, source, files);
    }
    return lookupOf(imports.map((path) => files.get(path)!));
  });
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

/** The types of files and of those that they import. */
function lookupOf(files: readonly DescFile[]): TypeLookup {
  const kinds = new Map<string, 'message' | 'enum'>();
  const seen = new Set<DescFile>();
  const visit = (file: DescFile) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const type of nestedTypes(file)) {
      if (type.kind === 'message' || type.kind === 'enum') kinds.set(type.typeName, type.kind);
    }
    file.dependencies.forEach(visit);
  };
  files.forEach(visit);
  return (fullName) => kinds.get(fullName);
}
