import { Agent, request as httpRequest } from 'node:http';
import { randomUUID } from 'node:crypto';

/** Above the longest wait a read may ask for, milliseconds. */
const socketTimeoutMs = 320_000;

/** A client of the sidecar's pull consumer, as cheap as Node allows: it shares two cores with the server. */
export class ConsumerApi {
  #agent = new Agent({ keepAlive: true, maxSockets: Infinity });

  /** @returns {Promise<string>} the instance's base URI, subscribed, in a group of its own */
  async subscribed(url, topic, valueFormat = 'JSON') {
    const group = `bench-${randomUUID()}`;
    const options = { keyFormat: 'STRING', valueFormat, 'auto.offset.reset': 'earliest' };
    const created = await this.#expect(200, 'POST', `${url}/consumers/${group}`, options);
    // base_uri is a path, relative to the sidecar.
    const baseUri = new URL(JSON.parse(created.toString()).base_uri, url).href;
    await this.#expect(204, 'POST', `${baseUri}/subscriptions`, { topics: [topic] });
    return baseUri;
  }

  /** @returns {Promise<Buffer>} the JSON array as it came, unparsed */
  read(baseUri, query) {
    return this.#expect(200, 'GET', `${baseUri}/records?${new URLSearchParams(query)}`);
  }

  delete(baseUri) {
    return this.#expect(204, 'DELETE', baseUri);
  }

  close() {
    this.#agent.destroy();
  }

  async #expect(status, method, url, body) {
    const answer = await this.#send(method, url, body);
    if (answer.status === status) return answer.body;
    throw new Error(`${method} ${url}: ${answer.status} ${answer.body.toString().slice(0, 500)}`);
  }

  #send(method, url, body) {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const request = httpRequest(
        url,
        { method, headers, agent: this.#agent, timeout: socketTimeoutMs },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
          response.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
