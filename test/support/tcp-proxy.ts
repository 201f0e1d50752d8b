import net, { type AddressInfo, type Socket } from 'node:net';

/** One connection through the proxy: the client's side and the target's. */
interface Link {
  readonly client: Socket;
  readonly target: Socket;
}

/** A TCP link that a test can cut, hold, delay and throttle. */
export class TcpProxy {
  readonly #server: net.Server;
  readonly #links = new Set<Link>();
  #targetPort = 0;
  #isCut = false;
  #isHeld = false;
  #delayMs = 0;
  #bytesPerSecond = Infinity;

  private constructor() {
    this.#server = net.createServer((client) => this.#accept(client));
  }

  /** Listens on a free port of the loopback address. */
  static async open(): Promise<TcpProxy> {
    const proxy = new TcpProxy();
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections open now. */
  get connections(): number {
    return this.#links.size;
  }

  forwardTo(port: number): void {
    this.#targetPort = port;
  }

  /** Breaks every connection and refuses new ones, until `restore`. */
  cut(): void {
    this.#isCut = true;
    for (const { client, target } of this.#links) {
      client.resetAndDestroy();
      target.resetAndDestroy();
    }
  }

  /** Connections stay open and nothing passes, as behind a frozen host, until `restore`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Every piece of data arrives `ms` later, in both directions. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Each connection and direction carries this many bytes a second. */
  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  restore(): void {
    this.#isCut = false;
    this.#isHeld = false;
    this.#delayMs = 0;
    this.#bytesPerSecond = Infinity;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    if (this.#isCut) {
      client.resetAndDestroy();
      return;
    }
    const link = { client, target: net.connect(this.#targetPort, '127.0.0.1') };
    this.#links.add(link);
    for (const socket of [link.client, link.target]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#end(link));
      socket.on('close', () => this.#end(link));
    }
    void this.#pump(link.client, link.target);
    void this.#pump(link.target, link.client);
  }

  #end(link: Link): void {
    this.#links.delete(link);
    link.client.destroy();
    link.target.destroy();
  }

  async #pump(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from) {
        const bytes = chunk as Buffer;
        const waitMs = this.#delayMs + (bytes.length / this.#bytesPerSecond) * 1_000;
        if (waitMs > 0) await sleep(waitMs);
        while (this.#isHeld && !to.destroyed) await sleep(10);
        if (!to.write(bytes)) await new Promise((resolve) => to.once('drain', resolve).once('close', resolve));
      }
    } catch {
      // The connection broke; `close` has ended the link.
    }
    to.end();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
