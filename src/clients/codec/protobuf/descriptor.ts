import { create } from '@bufbuild/protobuf';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as FieldType,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import protobuf from 'protobufjs';
import { SchemaError } from '../schema-definition.ts';
import { withoutCustomOptions } from './custom-options.ts';

/** What a full name, without a dot before it, stands for in the files a file imports; undefined for nothing. */
export type TypeLookup = (fullName: string) => 'message' | 'enum' | undefined;

/**
 * Parses the text of a `.proto` file, proto2 or proto3, to the descriptor that protoc would make of it, as far as encoding
 * and JSON go: custom options, extensions and defaults are left out.
 *
 * @param lookupIn the types of what the text imports; throws SchemaError for a file that is not there
 * @throws SchemaError
 */
export function parseProtoFile(
  name: string,
  text: string,
  lookupIn: (imports: readonly string[]) => TypeLookup,
): FileDescriptorProto {
  let parsed: protobuf.IParserResult;
  try {
    parsed = protobuf.parse(withoutCustomOptions(text), new protobuf.Root(), { keepCase: true });
  } catch (error) {
    throw new SchemaError(`no valid Protobuf schema: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const imports = [...new Set([...(parsed.imports ?? []), ...(parsed.weakImports ?? [])])];
  const scope = parsed.package === undefined ? parsed.root : parsed.root.lookup(parsed.package);
  const nested = scope instanceof protobuf.Namespace ? scope.nestedArray : [];
  const converter = new DescriptorConverter(nested, lookupIn(imports));
  return create(FileDescriptorProtoSchema, {
    name,
    package: parsed.package ?? '',
    syntax: syntaxOf(text),
    dependency: imports,
    messageType: messagesOf(nested).map((type) => converter.message(type)),
    enumType: enumsOf(nested).map(convertEnum),
  });
}

/** The first statement of a file, if it has one. */
function syntaxOf(text: string): string {
  const { next } = protobuf.tokenize(text, false);
  const [keyword, , quote, value] = [next(), next(), next(), next()];
  if (keyword === 'edition') throw new SchemaError('Protobuf editions are not supported, use proto2 or proto3');
  if (keyword !== 'syntax' || (quote !== '"' && quote !== "'")) return 'proto2';
  return value ?? 'proto2';
}

const messagesOf = (nested: readonly protobuf.ReflectionObject[]) =>
  nested.filter((object) => object instanceof protobuf.Type);
const enumsOf = (nested: readonly protobuf.ReflectionObject[]) =>
  nested.filter((object) => object instanceof protobuf.Enum);

/** The parser marks the message of a `group` field; its types do not tell. */
const isGroupType = (type: protobuf.Type) => (type as { group?: boolean }).group === true;

const scalarTypes = new Map<string, FieldType>([
  ['double', FieldType.DOUBLE],
  ['float', FieldType.FLOAT],
  ['int64', FieldType.INT64],
  ['uint64', FieldType.UINT64],
  ['int32', FieldType.INT32],
  ['fixed64', FieldType.FIXED64],
  ['fixed32', FieldType.FIXED32],
  ['bool', FieldType.BOOL],
  ['string', FieldType.STRING],
  ['bytes', FieldType.BYTES],
  ['uint32', FieldType.UINT32],
  ['sfixed32', FieldType.SFIXED32],
  ['sfixed64', FieldType.SFIXED64],
  ['sint32', FieldType.SINT32],
  ['sint64', FieldType.SINT64],
]);

class DescriptorConverter {
  /** Full names of the file's own types. */
  readonly #own = new Map<string, 'message' | 'enum'>();
  readonly #lookup: TypeLookup;

  constructor(nested: readonly protobuf.ReflectionObject[], lookup: TypeLookup) {
    this.#lookup = lookup;
    this.#collect(nested);
  }

  #collect(nested: readonly protobuf.ReflectionObject[]): void {
    for (const object of nested) {
      if (object instanceof protobuf.Enum) this.#own.set(object.fullName.slice(1), 'enum');
      if (!(object instanceof protobuf.Type)) continue;
      this.#own.set(object.fullName.slice(1), 'message');
      this.#collect(object.nestedArray);
    }
  }

  message(type: protobuf.Type): DescriptorProto {
    const mapEntries: DescriptorProto[] = [];
    const oneofs = type.oneofsArray;
    // A field that an extension adds is no field of the message's own.
    const fields = type.fieldsArray.filter(({ declaringField }) => declaringField === null);
    const field = fields.map((own) => {
      if (!(own instanceof protobuf.MapField)) return this.#field(own, type, oneofs);
      const entry = this.#mapEntry(own, type);
      mapEntries.push(entry);
      return fieldOf(own.name, own.id, Label.REPEATED, {
        type: FieldType.MESSAGE,
        typeName: `${type.fullName}.${entry.name}`,
        ...jsonName(own),
      });
    });
    return create(DescriptorProtoSchema, {
      name: type.name,
      field,
      nestedType: [...messagesOf(type.nestedArray).map((nested) => this.message(nested)), ...mapEntries],
      enumType: enumsOf(type.nestedArray).map(convertEnum),
      oneofDecl: oneofs.map(({ name }) => ({ name })),
    });
  }

  #field(field: protobuf.Field, parent: protobuf.Type, oneofs: readonly protobuf.OneOf[]): FieldDescriptorProto {
    const options = (field.options ?? {}) as Readonly<Record<string, unknown>>;
    // The parser's own flag is only set once it has resolved everything.
    const isRequired = (field as { rule?: string }).rule === 'required';
    const label = field.repeated ? Label.REPEATED : isRequired ? Label.REQUIRED : Label.OPTIONAL;
    const packed = options['packed'];
    return fieldOf(field.name, field.id, label, {
      ...this.#type(field.type, parent),
      ...jsonName(field),
      ...(field.partOf === null || field.partOf === undefined ? {} : { oneofIndex: oneofs.indexOf(field.partOf) }),
      ...(options['proto3_optional'] === true ? { proto3Optional: true } : {}),
      ...(typeof packed === 'boolean' ? { options: { packed } } : {}),
    });
  }

  #type(name: string, scope: protobuf.Type): { type: FieldType; typeName?: string } {
    const scalar = scalarTypes.get(name);
    if (scalar !== undefined) return { type: scalar };
    const { fullName, kind } = this.#resolve(name, scope);
    if (kind === 'enum') return { type: FieldType.ENUM, typeName: `.${fullName}` };
    const isGroup = messagesOf(scope.nestedArray).some((type) => type.name === name && isGroupType(type));
    return { type: isGroup ? FieldType.GROUP : FieldType.MESSAGE, typeName: `.${fullName}` };
  }

  /** A name is looked for in the innermost scope first, then in those around it. */
  #resolve(name: string, scope: protobuf.Type): { fullName: string; kind: 'message' | 'enum' } {
    const find = (fullName: string) => this.#own.get(fullName) ?? this.#lookup(fullName);
    const scopes = name.startsWith('.') ? [] : scope.fullName.slice(1).split('.');
    const bare = name.startsWith('.') ? name.slice(1) : name;
    for (let depth = scopes.length; depth >= 0; depth--) {
      const fullName = [...scopes.slice(0, depth), bare].join('.');
      const kind = find(fullName);
      if (kind !== undefined) return { fullName, kind };
    }
    throw new SchemaError(`no valid Protobuf schema: type ${name}, used in ${scope.fullName.slice(1)}, is not defined`);
  }

  #mapEntry(field: protobuf.MapField, parent: protobuf.Type): DescriptorProto {
    const [first = '', ...rest] = field.name.split('_');
    const camel = [first, ...rest].map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
    return create(DescriptorProtoSchema, {
      name: `${camel}Entry`,
      options: { mapEntry: true },
      field: [
        fieldOf('key', 1, Label.OPTIONAL, this.#type(field.keyType, parent)),
        fieldOf('value', 2, Label.OPTIONAL, this.#type(field.type, parent)),
      ],
    });
  }
}

type FieldInit = NonNullable<Parameters<typeof create<typeof FieldDescriptorProtoSchema>>[1]>;

function fieldOf(name: string, number: number, label: Label, rest: FieldInit): FieldDescriptorProto {
  return create(FieldDescriptorProtoSchema, { name, number, label, ...rest });
}

function jsonName({ name, options }: protobuf.Field): { jsonName: string } {
  const given = options?.['json_name'] as unknown;
  return { jsonName: typeof given === 'string' ? given : protoCamelCase(name) };
}

function convertEnum({ name, values, options }: protobuf.Enum): EnumDescriptorProto {
  return create(EnumDescriptorProtoSchema, {
    name,
    value: Object.entries(values).map(([valueName, number]) => ({ name: valueName, number })),
    ...(options?.['allow_alias'] === true ? { options: { allowAlias: true } } : {}),
  });
}
