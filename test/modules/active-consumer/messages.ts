import { decoderOf } from '../../../src/clients/codec/decode.ts';
import type { Format } from '../../../src/clients/codec/formats.ts';
import type { ConsumedMessage } from '../../../src/clients/kafka/native-consumer.ts';
import { OwnedPartitions, type Stay } from '../../../src/modules/active-consumer/owned-partitions.ts';
import type { HeaderFormat, RecordShape } from '../../../src/modules/active-consumer/record-json.ts';

/** A record as the client library hands it over. */
export function messageOf(parts: Partial<ConsumedMessage> = {}): ConsumedMessage {
  return {
    topic: 't',
    partition: 0,
    offset: 0,
    key: null,
    value: Buffer.from('1'),
    timestamp: 1_600_000_000_000,
    ...parts,
  };
}

export function shapeOf(keyFormat: Format, valueFormat: Format, headerFormat: HeaderFormat = 'map'): RecordShape {
  return {
    key: decoderOf(keyFormat)!,
    value: decoderOf(valueFormat)!,
    headerFormat,
  };
}

/** The stay of partition 0 of topic `t` that now begins. */
export function stayIn(owned: OwnedPartitions, partition = 0): Stay {
  owned.begin([{ topic: 't', partition }]);
  return owned.get('t', partition)!;
}
