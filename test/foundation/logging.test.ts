import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a process of its own writes to standard output. */
function outputOf(level: string, format: string): string {
  const script = `
    import { createLogging } from './src/foundation/logging.ts';
    const logging = createLogging({ level: '${level}', format: '${format}' });
    const logger = logging.logger('kafka.producer');
    logger.debug({ a: 1 }, 'unseen');
    logger.info({ a: 1, err: new Error('broken') }, 'seen');
    logging.flush();
  `;
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return stdout;
}

describe('createLogging', () => {
  it('writes a JSON line with level, time, module and fields where standard output is no terminal', () => {
    const lines = outputOf('info', 'auto').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        module: 'kafka.producer',
        a: 1,
        err: { type: 'Error', message: 'broken', stack: expect.stringContaining('Error: broken') },
        msg: 'seen',
      },
    ]);
  });

  it('writes nothing when silent', () => {
    expect(outputOf('silent', 'json')).toBe('');
  });
});
