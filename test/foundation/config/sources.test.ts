import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSources } from '../../../src/foundation/config/sources.ts';
import { configDirectory } from './config-directory.ts';

describe('readSources', () => {
  it('takes the directory of --config-dir in both spellings, before that of LIGHT_4J_CONFIG_DIR', () => {
    const one = configDirectory({ 'values.yml': 'server.ip: one' });
    const other = configDirectory({ 'values.yml': 'server.ip: other' });
    const env = { LIGHT_4J_CONFIG_DIR: other };
    const found = [
      readSources(['--config-dir', one], env),
      readSources(['--verbose', `--config-dir=${one}`], env),
      readSources([], env),
    ].map((sources) => sources.find('server.ip'));
    expect(found).toEqual([
      { value: 'one', source: 'values.yml' },
      { value: 'one', source: 'values.yml' },
      { value: 'other', source: 'values.yml' },
    ]);
  });

  it('runs without a directory on templates alone', () => {
    const sources = readSources([], {});
    expect([sources.find('server.ip'), sources.values.size]).toEqual([undefined, 0]);
    expect(sources.readSection('kafka')).toEqual({
      content: { 'bootstrap.servers': '${kafka.bootstrap.servers:}' },
      source: 'kafka.yml',
    });
  });

  it("takes the environment's word before that of values.yml", () => {
    const directory = configDirectory({ 'values.yml': 'kafka-consumer.group.id: file' });
    const sources = readSources(['--config-dir', directory], { KAFKA_CONSUMER_GROUP_ID: 'variable' });
    expect(sources.find('kafka-consumer.group.id')).toEqual({
      value: 'variable',
      source: 'environment KAFKA_CONSUMER_GROUP_ID',
    });
  });

  it('reads dotted and nested keys of values.yml alike', () => {
    const directory = configDirectory({
      'values.yml':
        'server.ip: a\nserver:\n  httpPort: 1\n  allowedHosts: [x]\nkafka-producer:\n  properties:\n    acks: 1\n',
    });
    expect([...readSources([`--config-dir=${directory}`], {}).values]).toEqual([
      ['server.ip', 'a'],
      ['server.httpPort', 1],
      ['server.allowedHosts', ['x']],
      ['kafka-producer.properties.acks', 1],
    ]);
  });

  it("reads the directory's own section file in place of the template", () => {
    const directory = configDirectory({ 'kafka.yml': 'bootstrap.servers: own:1' });
    expect(readSources(['--config-dir', directory], {}).readSection('kafka')).toEqual({
      content: { 'bootstrap.servers': 'own:1' },
      source: 'kafka.yml',
    });
  });

  it('takes an empty file for one without keys', () => {
    const directory = configDirectory({ 'values.yml': '# nothing\n', 'kafka.yml': '' });
    const sources = readSources(['--config-dir', directory], {});
    expect([sources.values.size, sources.readSection('kafka').content]).toEqual([0, {}]);
  });

  it('refuses a directory that is not there, and files that are no map of keys', () => {
    const missing = join(configDirectory({}), 'missing');
    const list = configDirectory({ 'values.yml': '- a\n' });
    const broken = configDirectory({ 'values.yml': 'a: [1\n' });
    expect(() => readSources(['--config-dir', missing], {})).toThrow(`config directory ${missing} does not exist`);
    expect(() => readSources(['--config-dir', list], {})).toThrow(
      `${join(list, 'values.yml')} must hold a map of keys`,
    );
    expect(() => readSources(['--config-dir', broken], {})).toThrow(`${join(broken, 'values.yml')} cannot be read: `);
  });

  it('refuses --config-dir without a directory behind it', () => {
    expect(() => readSources(['--config-dir'], {})).toThrow(/--config-dir/);
  });
});
