import { describe, expect, it } from '@jest/globals';
import { statusTable, type StatusRow } from '../../../src/foundation/errors/status-table.ts';

const rows: [string, StatusRow][] = Object.entries(statusTable);

describe('statusTable', () => {
  it('answers the codes of the contract with their statuses', () => {
    const contract = {
      ERR12200: 404,
      ERR12206: 400,
      ERR12208: 400,
      ERR12216: 400,
      ERR12219: 404,
      ERR12220: 409,
      ERR12221: 409,
      ERR12222: 409,
      ERR12223: 429,
      ERR12226: 503,
      ERR12227: 503,
      ERR12228: 504,
      ERR12230: 501,
      ERR12231: 413,
      ERR12232: 415,
    } as const;
    const statuses = Object.keys(contract).map((code) => [code, statusTable[code as keyof typeof contract].status]);
    expect(Object.fromEntries(statuses)).toEqual(contract);
  });

  it('has a symbol of its own for every code', () => {
    const symbols = rows.map(([, { message }]) => message);
    expect(symbols.filter((symbol) => !/^[A-Z0-9_]+$/.test(symbol))).toEqual([]);
    expect(new Set(symbols).size).toBe(rows.length);
  });

  it('tells clients when to try again wherever 503 or 429 is answered, and nowhere else', () => {
    const withoutTime = rows.filter(([, { status, retryAfterSeconds }]) => {
      return (status === 503 || status === 429) !== (retryAfterSeconds !== undefined);
    });
    expect(withoutTime).toEqual([]);
  });
});
