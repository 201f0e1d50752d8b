import { connect, type Socket } from 'node:net';

/** Sends a read and destroys its socket after `afterMs`, unread. Resolves when the socket is closed. */
export async function readAndVanish(url: string, afterMs: number): Promise<void> {
  const socket = await send(url);
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  await vanish(socket);
}

/**
 * Sends a read, lets its answer begin and destroys the socket without taking it. An answer larger than what the kernel
 * buffers (some MiB) can then not have been sent whole.
 */
export async function readAndVanishInMidAnswer(url: string): Promise<void> {
  const socket = await send(url);
  // Emitted when the first bytes are there; as long as nobody takes them, the socket reads only a little ahead.
  await new Promise<void>((resolve) => socket.once('readable', resolve));
  await vanish(socket);
}

async function send(url: string): Promise<Socket> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return socket;
}

async function vanish(socket: Socket): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.destroy();
  await closed;
}
