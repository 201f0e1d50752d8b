import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../../src/foundation/config/nearest.ts';

describe('nearest', () => {
  const candidates = ['server.httpPort', 'server.httpsPort', 'server.ip'];

  it.each([
    ['server.httPort', 'server.httpPort'],
    ['SERVER.HTTPPORT', 'server.httpPort'],
    ['server.httpssPort', 'server.httpsPort'],
    ['sever.ip', 'server.ip'],
  ])('finds for %s the candidate that differs least', (text, found) => {
    expect(nearest(text, candidates)).toBe(found);
  });

  it('finds nothing where more than a third of the text differs', () => {
    expect([nearest('kafka-topics.retention', candidates), nearest('x', [])]).toEqual([undefined, undefined]);
  });
});
