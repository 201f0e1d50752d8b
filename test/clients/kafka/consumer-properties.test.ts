import { describe, expect, it } from '@jest/globals';
import { consumerProperties, type ConsumerPropertiesInput } from '../../../src/clients/kafka/consumer-properties.ts';

const propertiesOf = (input: Partial<ConsumerPropertiesInput> = {}) =>
  consumerProperties({
    bootstrapServers: 'a:1',
    groupId: 'g',
    properties: {},
    embedded: false,
    minPollIntervalMs: 1_000,
    ...input,
  });

describe('consumerProperties', () => {
  it('makes a cooperative member of the classic protocol that learns of rebalances soon', () => {
    expect(propertiesOf()).toMatchObject({
      'bootstrap.servers': 'a:1',
      'group.id': 'g',
      'partition.assignment.strategy': 'cooperative-sticky',
      'heartbeat.interval.ms': 1_000,
      'topic.metadata.refresh.interval.ms': 5_000,
      'auto.offset.reset': 'earliest',
      'max.poll.interval.ms': 300_000,
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'enable.partition.eof': false,
    });
    expect(propertiesOf()).not.toHaveProperty('group.protocol');
  });

  it('lets the operator’s properties win over the defaults', () => {
    const properties = {
      'heartbeat.interval.ms': 500,
      'partition.assignment.strategy': 'range',
      'fetch.wait.max.ms': 9,
    };
    expect(propertiesOf({ properties })).toMatchObject(properties);
  });

  it('does not let them win over what the sidecar’s promises rest on', () => {
    const properties = { 'enable.auto.commit': true, 'enable.auto.offset.store': true, 'group.id': 'x' };
    expect(propertiesOf({ properties })).toMatchObject({
      'enable.auto.commit': false,
      'enable.auto.offset.store': false,
      'group.id': 'g',
    });
  });

  it('leaves out what the consumer protocol excludes', () => {
    const properties = propertiesOf({ properties: { 'group.protocol': 'consumer' } });
    expect(properties).toMatchObject({ 'group.protocol': 'consumer' });
    expect(Object.keys(properties)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(session\.timeout|heartbeat\.interval|partition\.assignment)/)]),
    );
  });

  it('speaks the consumer protocol with the embedded broker, whatever the operator set', () => {
    const set = { 'group.protocol': 'classic', 'session.timeout.ms': 9_000, 'heartbeat.interval.ms': 1 };
    const properties = propertiesOf({ embedded: true, properties: set });
    expect(properties).toMatchObject({ 'group.protocol': 'consumer', 'fetch.wait.max.ms': 10 });
    expect(['session.timeout.ms', 'heartbeat.interval.ms'].filter((name) => name in properties)).toEqual([]);
  });

  it('keeps an idle instance in its group for as long as it may live', () => {
    const poll = (minPollIntervalMs: number, own?: number) =>
      propertiesOf({
        minPollIntervalMs,
        properties: own === undefined ? {} : { 'max.poll.interval.ms': own },
      })['max.poll.interval.ms'];
    expect([poll(1), poll(900_000), poll(1, 10_000), poll(900_000, 10_000)]).toEqual([
      300_000, 900_000, 10_000, 900_000,
    ]);
  });

  it('starts where the instance says, else where the operator says, else at the first record', () => {
    const reset = (autoOffsetReset: ConsumerPropertiesInput['autoOffsetReset'], own?: string) =>
      propertiesOf({ autoOffsetReset, properties: own === undefined ? {} : { 'auto.offset.reset': own } })[
        'auto.offset.reset'
      ];
    expect([reset('latest', 'earliest'), reset(undefined, 'latest'), reset(undefined), reset('none')]).toEqual([
      'latest',
      'latest',
      'earliest',
      'error',
    ]);
  });
});
