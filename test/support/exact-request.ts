import { connect } from 'node:net';
import type { HttpAnswer } from './http.ts';

/**
 * Posts a body with header lines that reach the wire as they are given: repeated, in their order and case. Characters of
 * their values up to U+00FF are bytes.
 */
export async function postExactly(
  url: string,
  lines: readonly (readonly [name: string, value: string])[],
  body: Buffer,
): Promise<HttpAnswer> {
  const { hostname, port, host, pathname, search } = new URL(url);
  const all = [['Host', host], ['Connection', 'close'], ['Content-Length', String(body.length)], ...lines];
  const head = `POST ${pathname}${search} HTTP/1.1\r\n${all.map((line) => `${line.join(': ')}\r\n`).join('')}\r\n`;
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  const [answerHead = '', text = ''] = Buffer.concat(chunks).toString().split('\r\n\r\n');
  const [statusLine = '', ...headerLines] = answerHead.split('\r\n');
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headerLines.map((line) => line.toLowerCase().split(': ') as [string, string])),
    body: JSON.parse(text) as unknown,
  };
}
