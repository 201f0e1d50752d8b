import { randomBytes } from 'node:crypto';

/** A topic, group or instance name that no other test has. */
export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
