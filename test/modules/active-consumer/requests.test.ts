import { describe, expect, it } from '@jest/globals';
import type { SidecarError } from '../../../src/foundation/errors/sidecar-error.ts';
import {
  parseCommit,
  parseCommittedQuery,
  parsePartitions,
  parseSeek,
  queryNumber,
} from '../../../src/modules/active-consumer/requests.ts';

const place = { topic: 't', partition: 0 };
const other = { topic: 't', partition: 1 };

function refusalOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    const { code, description } = error as SidecarError;
    return `${code} ${description}`;
  }
  return 'none';
}

describe('the bodies of the active consumer', () => {
  it('name partitions', () => {
    expect(parsePartitions({ partitions: [place, other] })).toEqual([place, other]);
  });

  it('name the record processed last; the one after it is stored', () => {
    const offsets = [
      { ...place, offset: 0 },
      { ...other, offset: 2 ** 53 - 2, metadata: 'm' },
      { topic: 'u', partition: 0, offset: 4, metadata: null },
      { topic: 'u', partition: 1, offset: 4, metadata: '' },
    ];
    expect(parseCommit({ offsets })).toEqual([
      { ...place, offset: 1 },
      { ...other, offset: 2 ** 53 - 1, metadata: 'm' },
      { topic: 'u', partition: 0, offset: 5 },
      { topic: 'u', partition: 1, offset: 5 },
    ]);
  });

  it('seek by offset and by time together', () => {
    const offsets = [{ ...place, offset: 5 }];
    const timestamps = [{ ...other, timestamp: 9 }];
    expect([parseSeek({ offsets, timestamps }), parseSeek({ timestamps })]).toEqual([
      { kind: 'positions', offsets, timestamps },
      { kind: 'positions', offsets: [], timestamps },
    ]);
  });

  it('ask for committed offsets by partitions, or by offsets as older clients do', () => {
    expect([parseCommittedQuery({ partitions: [place] }), parseCommittedQuery({ offsets: [other] })]).toEqual([
      [place],
      [other],
    ]);
  });

  it.each([
    [
      'a partition twice',
      () => parsePartitions({ partitions: [place, place] }),
      'body names partition 0 of topic t twice',
    ],
    [
      'a commit twice',
      () =>
        parseCommit({
          offsets: [
            { ...place, offset: 1 },
            { ...place, offset: 2 },
          ],
        }),
      'body names partition 0 of topic t twice',
    ],
    [
      'offset and time of one partition',
      () => parseSeek({ offsets: [{ ...place, offset: 1 }], timestamps: [{ ...place, timestamp: 1 }] }),
      'body names partition 0 of topic t twice',
    ],
    ['a seek to nowhere', () => parseSeek({ offsets: [] }), 'body must have an entry in offsets or timestamps'],
    [
      'an offset without a next one',
      () => parseCommit({ offsets: [{ ...place, offset: 2 ** 53 - 1 }] }),
      'body #/offsets/0/offset must be less than 9007199254740991',
    ],
    [
      'metadata with a NUL',
      () => parseCommit({ offsets: [{ ...place, offset: 1, metadata: 'a\0b' }] }),
      'body #/offsets/0/metadata must not hold U+0000',
    ],
  ])('are refused for %s', (_, parse, description) => {
    expect(refusalOf(parse)).toBe(`ERR11004 ${description}`);
  });
});

describe('queryNumber', () => {
  it('takes the first spelling that is there', () => {
    const query = new URLSearchParams('max_bytes=1&maxBytes=2');
    expect([
      queryNumber(query, 'max_bytes', 'maxBytes'),
      queryNumber(query, 'x', 'maxBytes'),
      queryNumber(query, 'timeout'),
    ]).toEqual([1, 2, undefined]);
  });
});
