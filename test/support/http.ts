import { request } from 'undici';

/** An answer with its body parsed where it is JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** Sends one request; a body that is no text or bytes goes as JSON. */
export async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'PATCH',
  url: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const answer = await request(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : isRaw ? body : JSON.stringify(body),
    headersTimeout: 60_000,
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, headers: answer.headers, body: parsed(text) };
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The error body the sidecar answers for a code; the description is compared apart. */
export function errorBody(statusCode: number, code: string, message: string, description: unknown): unknown {
  return { statusCode, code, message, description, severity: 'ERROR' };
}
