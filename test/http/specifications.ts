import { fileURLToPath } from 'node:url';
import { chainOf } from '../../src/http/app.ts';
import { loadSpecification, type SpecifiedOperation } from '../../src/http/openapi.ts';

export const documentNames = ['kafka-sidecar.yaml', 'admin.yaml'] as const;

export const documentFile = (name: string) => fileURLToPath(new URL(`../../openapi/${name}`, import.meta.url));

/** Both documents as the sidecar loads them. */
export const specifications = await Promise.all(
  documentNames.map((name) => loadSpecification(documentFile(name), chainOf)),
);

export const specifiedOperations = specifications.flatMap(({ operations }) => operations);

export function specifiedOperation(operationId: string): SpecifiedOperation {
  return specifiedOperations.find((operation) => operation.operationId === operationId)!;
}
