import { request } from 'undici';
import { eventually } from './eventually.ts';
import { HttpInstance } from './http-instance.ts';
import { randomName } from './names.ts';

/** Records as the answer of a read writes them; those that could not be decoded have `error` in place of a value. */
const record =
  /"value":(.*?),"headers":[{[][^\]}]*[}\]],"partition":0,"offset":(\d+)|"offset":(\d+),[^{]*"headers":[{[][^\]}]*[}\]],"error":(\{.*?\})/g;

/**
 * The values of a topic's first `count` records as they stand in the answers of a sidecar, digit for digit and in the order
 * of their offsets, read by an instance with these options. Keys must be null.
 */
export async function readValueTexts(
  sidecar: string,
  topic: string,
  count: number,
  options: object = {},
): Promise<string[]> {
  const instance = await HttpInstance.subscribed(sidecar, randomName('values'), [topic], options);
  const texts: string[] = [];
  await eventually(async () => {
    const answer = await request(instance.readUrl({ timeout: 1_000 }));
    const body = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`not read: ${answer.statusCode} ${body}`);
    for (const [, value, offset, errorOffset, error] of body.matchAll(record)) {
      texts[Number(offset ?? errorOffset)] = value ?? error!;
    }
    if (texts.length < count) throw new Error(`${texts.length} of ${count} records were read`);
  });
  await instance.delete();
  return texts;
}
