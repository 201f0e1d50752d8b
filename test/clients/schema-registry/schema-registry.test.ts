import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { enumOf, outcomeOf, startBench } from '../../support/registry-bench.ts';

describe('a schema looked up', () => {
  it('is asked for once, however many ask at the same time', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 's', schema: enumOf('A') });
    const lookUps = [
      () => registry.byId(1),
      () => registry.latest('s'),
      () => registry.byVersion('s', 1),
      () => registry.byIdUnder('s', 1),
      () => registry.byText('s', 'AVRO', JSON.stringify(enumOf('A'))),
    ];
    const all = await Promise.all(Array.from({ length: 200 }, async (_, index) => lookUps[index % 5]!()));
    expect(new Set(all.map(({ id, type }) => `${type} ${id}`))).toEqual(new Set(['AVRO 1']));
    expect(stub.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'GET /schemas/ids/1',
      'GET /subjects/s/versions/1',
      'GET /subjects/s/versions/latest',
      'POST /subjects/s',
      'POST /subjects/s/versions',
    ]);
  });

  it('is there at once from then on, without a promise and without a request', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 's', schema: enumOf('A') });
    const first = await registry.latest('s');
    await registry.byIdUnder('s', 1);
    await registry.byVersion('s', 1);
    stub.forget();
    expect([registry.byId(1), registry.latest('s'), registry.byVersion('s', 1), registry.byIdUnder('s', 1)]).toEqual(
      Array.from({ length: 4 }, () => first),
    );
    expect(registry.byVersion('s', 1)).toBe(first);
    expect(stub.requests).toEqual([]);
  });

  it('by an id is another than by a version or a subject of the same look', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: '1', schema: enumOf('A') });
    stub.register({ subject: 's', schema: enumOf('B') });
    stub.register({ subject: 's', schema: enumOf('C') });
    stub.register({ subject: '2\ns', schema: enumOf('D') });
    const ids = async () => [
      (await registry.byId(1)).id,
      (await registry.byVersion('s', 1)).id,
      (await registry.byVersion('s', 2)).id,
      (await registry.byVersion('1', 1)).id,
      (await registry.latest('1')).id,
      (await registry.latest('2\ns')).id,
      (await registry.byVersion('2\ns', 1)).id,
      (await registry.byIdUnder('s', 2)).id,
    ];
    expect([await ids(), await ids()]).toEqual([
      [1, 2, 3, 1, 1, 4, 4, 2],
      [1, 2, 3, 1, 1, 4, 4, 2],
    ]);
  });

  it('by an id must be one of its subject', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 'a', schema: enumOf('A') });
    stub.register({ subject: 'b', schema: enumOf('B') });
    expect([
      await outcomeOf(() => registry.byIdUnder('a', 1)),
      await outcomeOf(() => registry.byIdUnder('b', 1)),
      await outcomeOf(() => registry.byIdUnder('none', 1)),
      await outcomeOf(() => registry.byIdUnder('a', 77)),
      await outcomeOf(() => registry.byIdUnder('a', 1)),
    ]).toEqual([
      { id: 1, type: 'AVRO' },
      'ERR12208 schema id 1 is not registered under subject b',
      'ERR12208 schema id 1 is not registered under subject none',
      'ERR12208 schema id 77 is not known to the schema registry (40403)',
      { id: 1, type: 'AVRO' },
    ]);
  });

  it('is refused where the registry has it not', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 's', schema: enumOf('A') });
    expect([
      await outcomeOf(() => registry.byId(9)),
      await outcomeOf(() => registry.byVersion('s', 2)),
      await outcomeOf(() => registry.byVersion('none', 1)),
      await outcomeOf(() => registry.latest('none')),
    ]).toEqual([
      'ERR12208 schema id 9 is not known to the schema registry (40403)',
      'ERR12208 subject s has no version 2 in the schema registry (40402)',
      'ERR12208 subject none has no version 1 in the schema registry (40401)',
      'ERR12208 subject none has no schema in the schema registry (40401)',
    ]);
  });

  it('is refused where it is none of its type, with the id and what is wrong', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 'a', schema: '{"type":"nothing"}' });
    stub.register({ subject: 'j', schema: '{"type":"nothing"}', schemaType: 'JSON' });
    stub.register({ subject: 'p', schema: 'syntax = "proto3"; message', schemaType: 'PROTOBUF' });
    expect([
      await outcomeOf(() => registry.byId(1)),
      await outcomeOf(() => registry.latest('j')),
      await outcomeOf(() => registry.byVersion('p', 1)),
    ]).toEqual([
      expect.stringMatching(/^ERR12208 schema 1 is no valid Avro schema: /),
      expect.stringMatching(/^ERR12208 schema 2 is no valid JSON Schema: /),
      expect.stringMatching(/^ERR12208 schema 3 is no valid Protobuf schema: /),
    ]);
  });

  it('is never asked for by an id below 1, which bytes of another kind may look like', async () => {
    const { stub, registry } = await startBench();
    expect([await outcomeOf(() => registry.byId(0)), await outcomeOf(() => registry.byId(-2_147_483_648))]).toEqual([
      'ERR12208 0 is no schema id',
      'ERR12208 -2147483648 is no schema id',
    ]);
    expect(stub.requests).toEqual([]);
  });
});

describe('the latest schema of a subject', () => {
  it('is asked for again when its time is over, and not before', async () => {
    const { stub, registry } = await startBench({ latestTtlMs: 400 });
    stub.register({ subject: 's', schema: enumOf('A') });
    const before = (await registry.latest('s')).id;
    stub.register({ subject: 's', schema: enumOf('B') });
    expect([before, (await registry.latest('s')).id, stub.count(/latest/)]).toEqual([1, 1, 1]);
    await eventually(async () => expect((await registry.latest('s')).id).toBe(2), { timeoutMs: 2_000, intervalMs: 20 });
    expect(stub.count(/latest/)).toBe(2);
  });

  it('is asked for each time where nothing is to be remembered', async () => {
    const { stub, registry } = await startBench({ latestTtlMs: 0 });
    stub.register({ subject: 's', schema: enumOf('A') });
    await registry.latest('s');
    stub.register({ subject: 's', schema: enumOf('B') });
    expect([(await registry.latest('s')).id, stub.count(/latest/)]).toEqual([2, 2]);
  });

  it('stays in use during an outage, and the registry is not asked each time', async () => {
    const { stub, registry } = await startBench({ latestTtlMs: 1 });
    stub.register({ subject: 's', schema: enumOf('A') });
    await registry.latest('s');
    stub.behave(500);
    stub.forget();
    await eventually(() => expect(registry.latest('s')).toBeInstanceOf(Promise), { timeoutMs: 1_000, intervalMs: 2 });
    const during = await Promise.all(Array.from({ length: 50 }, async () => registry.latest('s')));
    expect([new Set(during.map(({ id }) => id)), stub.count()]).toEqual([new Set([1]), 1]);
    expect(await outcomeOf(() => registry.latest('other'))).toMatch(/^ERR12229 /);
  });

  it('is refused once the registry says that the subject is gone', async () => {
    const { stub, registry } = await startBench({ latestTtlMs: 1 });
    stub.register({ subject: 's', schema: enumOf('A') });
    await registry.latest('s');
    stub.deleteSubject('s');
    await eventually(
      async () =>
        expect(await outcomeOf(() => registry.latest('s'))).toBe(
          'ERR12208 subject s has no schema in the schema registry (40401)',
        ),
      { timeoutMs: 1_000, intervalMs: 2 },
    );
  });
});

describe('a refusal', () => {
  it('is remembered for a second, then the registry is asked again', async () => {
    const { stub, registry } = await startBench();
    const ask = () => outcomeOf(() => registry.latest('s'));
    const refused = await ask();
    const begun = Date.now();
    stub.register({ subject: 's', schema: enumOf('A') });
    expect([refused, await ask(), stub.count()]).toEqual([refused, refused, 1]);
    await eventually(async () => expect(await ask()).toEqual({ id: 1, type: 'AVRO' }), { timeoutMs: 3_000 });
    expect([stub.count(), Date.now() - begun > 800]).toEqual([2, true]);
  });

  it('is everyone’s who asked at the same time', async () => {
    const { stub, registry } = await startBench();
    const all = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(() => registry.byId(5))));
    expect([new Set(all), stub.count()]).toEqual([
      new Set(['ERR12208 schema id 5 is not known to the schema registry (40403)']),
      1,
    ]);
  });
});

describe('an outage', () => {
  it('is never remembered', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 's', schema: enumOf('A') });
    stub.behave(503, { times: 1 });
    const fifty = await Promise.all(Array.from({ length: 50 }, () => outcomeOf(() => registry.latest('s'))));
    expect(fifty.every((outcome) => String(outcome).startsWith('ERR12229 '))).toBe(true);
    expect([await outcomeOf(() => registry.latest('s')), stub.count()]).toEqual([{ id: 1, type: 'AVRO' }, 2]);
  });

  it('does not take away what is known', async () => {
    const { stub, registry } = await startBench();
    stub.register({ subject: 's', schema: enumOf('A') });
    await registry.byIdUnder('s', 1);
    await registry.byVersion('s', 1);
    await stub.stop();
    expect([registry.byId(1), registry.byIdUnder('s', 1), registry.byVersion('s', 1)]).toMatchObject([
      { id: 1 },
      { id: 1 },
      { id: 1 },
    ]);
    await stub.start();
  });
});

describe('what is remembered', () => {
  it('is bounded: what was used longest ago is asked for again', async () => {
    const { stub, registry } = await startBench({ cacheSize: 20 });
    const count = 100;
    for (let i = 0; i < count; i++) stub.register({ subject: `s${i}`, schema: enumOf(`A${i}`) });
    for (let i = 0; i < count; i++) {
      await registry.latest(`s${i}`);
      await registry.byVersion(`s${i}`, 1);
      await registry.byIdUnder(`s${i}`, i + 1);
      await registry.byText(`s${i}`, 'AVRO', JSON.stringify(enumOf(`A${i}`)));
      await registry.latest('s0');
    }
    stub.forget();
    const asked = async (lookUp: () => unknown) => {
      const before = stub.count();
      await lookUp();
      return stub.count() - before;
    };
    expect([
      await asked(() => registry.latest('s0')),
      await asked(() => registry.latest('s99')),
      await asked(() => registry.byVersion('s99', 1)),
      await asked(() => registry.byIdUnder('s99', 100)),
      await asked(() => registry.byText('s99', 'AVRO', JSON.stringify(enumOf('A99')))),
    ]).toEqual([0, 0, 0, 0, 0]);
    expect([
      await asked(() => registry.byVersion('s1', 1)),
      await asked(() => registry.latest('s1')),
      (await asked(() => registry.byIdUnder('s2', 3))) > 0,
      await asked(() => registry.byText('s2', 'AVRO', JSON.stringify(enumOf('A2')))),
      await asked(() => registry.byId(50)),
    ]).toEqual([1, 1, true, 1, 1]);
  });
});
