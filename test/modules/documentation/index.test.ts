import { describe, expect, it } from '@jest/globals';
import { createDocumentation } from '../../../src/modules/documentation/index.ts';
import { specifications, specifiedOperations } from '../../http/specifications.ts';
import { FakeRequest } from '../../support/request.ts';

const documentation = createDocumentation({
  source: specifications[0]!.source,
  apis: specifications.map(({ definition }) => definition),
});

describe('getSpecification', () => {
  it('answers the business document as it is shipped', async () => {
    expect(await documentation.operations.getSpecification!(new FakeRequest('getSpecification'))).toEqual({
      status: 200,
      body: specifications[0]!.source,
      contentType: 'application/yaml; charset=utf-8',
    });
  });
});

describe('getSpecificationPage', () => {
  it('answers a page that shows every operation of both documents and loads nothing', async () => {
    const answer = await documentation.operations.getSpecificationPage!(new FakeRequest('getSpecificationPage'));
    const page = String(answer.body);
    const missing = specifiedOperations.filter(({ operationId }) => !page.includes(`<article id="${operationId}">`));
    expect(missing).toEqual([]);
    expect(page).not.toMatch(/<script|<link|<img|src=|\son\w+=/);
    expect([answer.status, answer.contentType, answer.headers]).toEqual([
      200,
      'text/html; charset=utf-8',
      {
        'Content-Security-Policy':
          "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
      },
    ]);
  });
});
