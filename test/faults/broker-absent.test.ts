import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { call } from '../support/http.ts';
import { HttpInstance } from '../support/http-instance.ts';
import { randomName } from '../support/names.ts';
import { untilReadiness } from '../support/readiness.ts';
import { RealKafka } from '../support/real-kafka.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const topic = randomName('absent');
/** Ten requests, 20 ms where nothing else runs. */
const promptMs = 1_000;

let kafka: RealKafka;
let sidecar: SidecarProcess;

beforeAll(async () => {
  kafka = await RealKafka.start();
  await kafka.createTopic(topic);
  await kafka.stop();
}, 90_000);

afterAll(async () => {
  await sidecar?.kill();
  await kafka?.close();
}, 60_000);

describe('a sidecar that starts before its broker', () => {
  test('listens within 5 s, is live and not ready', async () => {
    const begunAt = performance.now();
    sidecar = await SidecarProcess.start({ KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrap });
    expect(performance.now() - begunAt).toBeLessThan(5_000);
    expect((await call('GET', `${sidecar.url}/health/liveness`)).status).toBe(200);
    const readiness = await call('GET', `${sidecar.url}/health/readiness`);
    expect(readiness).toMatchObject({
      status: 503,
      body: { status: 'ERROR', checks: { kafka: { status: 'ERROR', reachable: false, reason: expect.any(String) } } },
    });
  }, 30_000);

  test('answers produce with 503 and Retry-After at once', async () => {
    const begunAt = performance.now();
    for (let i = 0; i < 10; i++) {
      const answer = await call('POST', `${sidecar.url}/producers/${topic}`, { records: [{ value: 'too early' }] });
      expect(answer).toMatchObject({ status: 503, body: { code: 'ERR12227', severity: 'ERROR' } });
      expect(answer.headers['retry-after']).toBe('1');
    }
    expect(performance.now() - begunAt).toBeLessThan(promptMs);
  });

  test('answers the creation of a consumer instance with 503 within its time', async () => {
    const begunAt = performance.now();
    const answer = await call('POST', `${sidecar.url}/consumers/${randomName('g')}`, {});
    expect(answer).toMatchObject({ status: 503, body: { code: 'ERR12227' } });
    expect(performance.now() - begunAt).toBeLessThan(7_000);
  });

  test('still refuses a bad body with 400', async () => {
    const answer = await call('POST', `${sidecar.url}/producers/${topic}`, '{"records":');
    expect(answer).toMatchObject({ status: 400, body: { code: 'ERR10015' } });
  });

  test('is ready within 2 s once the broker is there, and then writes and reads', async () => {
    await kafka.start();
    expect(await untilReadiness(sidecar.url, 200)).toBeLessThan(2_000);
    const answer = await call('POST', `${sidecar.url}/producers/${topic}`, { records: [{ value: 'in time' }] });
    expect(answer).toMatchObject({ status: 200, body: { offsets: [{ partition: 0, offset: 0 }] } });
    const reader = await HttpInstance.subscribed(sidecar.url, randomName('g'), [topic]);
    await eventually(async () => expect((await reader.read({ timeout: 1_000 }))[0]?.value).toBe('in time'));
  }, 60_000);
});
