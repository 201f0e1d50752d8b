import type { ReadRecord } from './active-consumer.ts';
import { call, type HttpAnswer } from './http.ts';

type Query = Readonly<Record<string, number>>;

/** One consumer instance, driven over HTTP as a backend does. */
export class HttpInstance {
  readonly url: string;

  private constructor(url: string) {
    this.url = url;
  }

  static async create(sidecar: string, group: string, options: unknown = {}): Promise<HttpInstance> {
    const { status, body } = await call('POST', `${sidecar}/consumers/${group}`, options);
    if (status !== 200) throw new Error(`no instance: ${status} ${JSON.stringify(body)}`);
    return new HttpInstance(sidecar + (body as { base_uri: string }).base_uri);
  }

  static async subscribed(
    sidecar: string,
    group: string,
    topics: readonly string[],
    options?: unknown,
  ): Promise<HttpInstance> {
    const instance = await HttpInstance.create(sidecar, group, options);
    await instance.subscribe({ topics });
    return instance;
  }

  async subscribe(subscription: unknown): Promise<void> {
    const { status, body } = await call('POST', `${this.url}/subscriptions`, subscription);
    if (status !== 204) throw new Error(`not subscribed: ${status} ${JSON.stringify(body)}`);
  }

  /** The path of a read. */
  readUrl(query: Query = {}): string {
    const pairs = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
    return `${this.url}/records?${new URLSearchParams(pairs).toString()}`;
  }

  tryRead(query?: Query): Promise<HttpAnswer> {
    return call('GET', this.readUrl(query));
  }

  /** Throws for any answer but 200. */
  async read(query?: Query): Promise<ReadRecord[]> {
    const { status, body } = await this.tryRead(query);
    if (status !== 200) throw new Error(`not read: ${status} ${JSON.stringify(body)}`);
    return body as ReadRecord[];
  }

  /** Reads until `count` records came or `timeoutMs` is over. */
  async readAll(count: number, { timeoutMs = 15_000, ...query }: Query = {}): Promise<ReadRecord[]> {
    const records: ReadRecord[] = [];
    const deadline = Date.now() + timeoutMs;
    while (records.length < count && Date.now() < deadline)
      records.push(...(await this.read({ timeout: 500, ...query })));
    return records;
  }

  /** Without offsets, commits what was delivered. */
  commit(offsets?: readonly object[]): Promise<HttpAnswer> {
    return call('POST', `${this.url}/offsets`, offsets === undefined ? undefined : { offsets });
  }

  /** Partitions owned now, as `topic-partition`, sorted. */
  async assignment(): Promise<string[]> {
    const { body } = await call('GET', `${this.url}/assignments`);
    const { partitions } = body as { partitions: readonly { topic: string; partition: number }[] };
    return partitions.map(({ topic, partition }) => `${topic}-${partition}`);
  }

  delete(): Promise<HttpAnswer> {
    return call('DELETE', this.url);
  }
}
