import { describe, expect, it } from '@jest/globals';
import { renderPage } from '../../../src/modules/documentation/page.ts';

describe('renderPage', () => {
  it('shows what a document says as text, never as markup', () => {
    const evil = '<script>alert("1")</script>&';
    const page = renderPage([
      {
        info: { title: evil, version: evil, description: evil },
        paths: {
          [`/${evil}`]: {
            post: {
              operationId: evil,
              summary: evil,
              description: evil,
              parameters: [{ name: evil, in: evil, description: evil }],
              requestBody: { content: { 'application/json': { example: { [evil]: evil } } } },
              responses: { [evil]: { description: evil } },
            },
          },
        },
      },
    ]);
    expect(page.match(/<script|alert\("/g)).toBeNull();
    expect(page.match(/&lt;script&gt;alert\(/g)).toHaveLength(14);
  });

  it('shows method, path, parameters, example and answers of an operation', () => {
    const page = renderPage([
      {
        info: { title: 'Title', version: '1' },
        paths: {
          '/things/{thing}': {
            get: {
              operationId: 'getThing',
              summary: 'Gets a thing',
              parameters: [{ name: 'thing', in: 'path', required: true, description: 'Which.' }],
              requestBody: { content: { 'application/json': { example: { a: 1 } } } },
              responses: { '200': { description: 'It.' }, default: { description: 'Why not.' } },
            },
          },
        },
      },
    ]);
    const article = page.slice(page.indexOf('<article'), page.indexOf('</article>')).replaceAll(/<[^>]+>/g, '|');
    expect(article.split('|').filter((text) => text.trim() !== '')).toEqual([
      'GET',
      ' /things/{thing}',
      'Gets a thing',
      'thing',
      'path, required',
      'Which.',
      'Example body',
      '{&quot;a&quot;:1}',
      '200',
      'It.',
      'error',
      'Why not.',
    ]);
  });
});
