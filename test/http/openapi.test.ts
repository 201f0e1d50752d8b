import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { OpenAPIBackend } from 'openapi-backend';
import { parse } from 'yaml';
import type { OpenApiOperation } from '../../src/http/openapi.ts';
import {
  documentFile,
  documentNames,
  specifications,
  specifiedOperation,
  specifiedOperations,
} from './specifications.ts';

const documented: [string, OpenApiOperation][] = specifications.flatMap(({ definition }) =>
  Object.values(definition.paths).flatMap((item) =>
    ['get', 'put', 'post', 'delete'].flatMap((method) => {
      const operation = item[method];
      return operation === undefined
        ? []
        : [[operation.operationId ?? '', operation] satisfies [string, OpenApiOperation]];
    }),
  ),
);
const examples = documented.flatMap(([operationId, { requestBody }]) => {
  const content = requestBody?.content['application/json'];
  return content !== undefined && 'example' in content ? [[operationId, content.example] as const] : [];
});

describe('the OpenAPI documents', () => {
  it.each(documentNames)('are valid OpenAPI 3: %s', async (name) => {
    const backend = new OpenAPIBackend({
      definition: parse(readFileSync(documentFile(name), 'utf8')),
      strict: true,
      quick: false,
      ajvOpts: { strict: false },
      customizeAjv: (ajv) => ajv.addFormat('well-formed', true),
    });
    await expect(backend.init()).resolves.toBe(backend);
  });

  it('give every operation a name of its own', () => {
    const names = documented.map(([operationId]) => operationId);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(specifiedOperations.map(({ operationId }) => operationId)).toEqual(names);
  });

  it('document for every operation what it does and how it fails', () => {
    const silent = documented.filter(([, { summary = '', responses }]) => {
      return (
        summary.length < 10 || !('default' in responses) || !Object.keys(responses).some((code) => /^20\d$/.test(code))
      );
    });
    expect(silent.map(([operationId]) => operationId)).toEqual([]);
  });

  it('show at least the body of produce, create, subscribe, seek and commit', () => {
    expect(examples.map(([operationId]) => operationId)).toEqual(
      expect.arrayContaining(['produceRecords', 'createConsumerInstance', 'subscribe', 'seek', 'commitOffsets']),
    );
  });

  it.each(examples)('have an example for %s that its own schema takes', (operationId, example) => {
    const input = { path: {}, query: {}, requestBody: structuredClone(example) };
    expect(specifiedOperation(operationId).validateBody(input)).toBeUndefined();
  });
});

describe('loadSpecification', () => {
  it('tells of each operation what the stages go by', () => {
    const { validateParameters, validateBody, ...subscribe } = specifiedOperation('subscribe');
    expect([typeof validateParameters, typeof validateBody, subscribe]).toEqual([
      'function',
      'function',
      {
        operationId: 'subscribe',
        method: 'POST',
        path: '/consumers/{group}/instances/{instance}/subscriptions',
        chain: 'default',
        takes: ['application/json'],
        bodyRequired: true,
        produces: ['application/json'],
      },
    ]);
    expect(specifiedOperation('getServiceHealth')).toMatchObject({
      chain: 'probe',
      takes: [],
      bodyRequired: false,
      produces: ['text/plain'],
    });
  });

  it('keeps the text of the document as it is served', () => {
    expect(specifications.map(({ source }) => source)).toEqual(
      documentNames.map((name) => readFileSync(documentFile(name), 'utf8')),
    );
  });

  it('can compile all validators ahead', async () => {
    for (const specification of specifications) await expect(specification.compileAll()).resolves.toBeUndefined();
  });
});
