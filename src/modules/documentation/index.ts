import type { Module } from '../module.ts';
import { renderPage, type DocumentedApi } from './page.ts';

export interface DocumentationOptions {
  /** The business document's YAML text, as shipped. */
  readonly source: string;
  /** The documents the page shows, references resolved. */
  readonly apis: readonly DocumentedApi[];
}

/** Serves the OpenAPI document and a page made from it. */
export function createDocumentation(options: DocumentationOptions): Module {
  let page: string | undefined;
  return {
    name: 'documentation',
    operations: {
      getSpecification: () => ({ status: 200, body: options.source, contentType: 'application/yaml; charset=utf-8' }),
      getSpecificationPage: () => {
        page ??= renderPage(options.apis);
        return { status: 200, body: page, contentType: 'text/html; charset=utf-8', headers: pageHeaders };
      },
    },
    health: () => ({ ready: true, detail: {} }),
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}

/** The page has no script and no outside resource; its one style sheet stands in it. */
const pageHeaders = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
