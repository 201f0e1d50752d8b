import { describe, expect, it } from '@jest/globals';
import { OwnedPartitions } from '../../../src/modules/active-consumer/owned-partitions.ts';
import { ReadFault } from '../../../src/modules/active-consumer/read-fault.ts';

const noOffset = { message: 'no offset', code: -168 };
const forbidden = { message: 'topic authorization failed', code: 29 };
const place = { topic: 't', partition: 0 };

/** The fault of an instance whose partition has no offset to begin at. */
function stopped() {
  const owned = new OwnedPartitions();
  owned.begin([place], () => true);
  const fault = new ReadFault(owned);
  fault.onAssigned();
  return { owned, fault, seen: () => fault.error && `${fault.error.code} ${fault.error.description}` };
}

const advice = 'and auto.offset.reset is none; set a position with POST …/positions';

describe('ReadFault', () => {
  it('tells that the broker does not let the sidecar read, until records come', () => {
    const fault = new ReadFault(new OwnedPartitions());
    expect([fault.error, fault.refusal]).toEqual([undefined, undefined]);
    fault.onTrouble(forbidden);
    expect([fault.error?.code, fault.refusal?.status]).toEqual(['ERR12235', 403]);
    fault.onRecords();
    expect(fault.error).toBeUndefined();
  });

  it('tells that a partition has no committed offset, until it is sought', () => {
    const { owned, fault, seen } = stopped();
    fault.onTrouble(noOffset);
    expect(seen()).toBe(`ERR12205 a partition has no committed offset ${advice}`);
    owned.begin([place]);
    fault.onSought();
    expect(seen()).toBeUndefined();
  });

  it('tells a further report from the expected one: an offset that fell out of the log', () => {
    const { owned, fault, seen } = stopped();
    fault.onTrouble(noOffset);
    fault.onTrouble(noOffset);
    owned.begin([place]);
    expect(seen()).toBe(`ERR12205 a committed offset is not in the log any more ${advice}`);
    fault.onSought();
    expect(seen()).toBeUndefined();
  });

  it('is nothing for troubles that pass, and for another subscription', () => {
    const fault = new ReadFault(new OwnedPartitions());
    fault.onTrouble({ message: 'transport', code: -195 });
    const passing = fault.error;
    fault.onTrouble(forbidden);
    fault.onTrouble(noOffset);
    fault.clear();
    expect([passing, fault.error]).toEqual([undefined, undefined]);
  });
});
