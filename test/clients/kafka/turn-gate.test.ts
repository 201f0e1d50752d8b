import { describe, expect, it } from '@jest/globals';
import { TurnGate } from '../../../src/clients/kafka/turn-gate.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A gate that notes when it becomes free. */
function gateOf(log: string[]): TurnGate {
  return new TurnGate(() => log.push('free'));
}

describe('TurnGate', () => {
  it('is free until a pull or an action begins', async () => {
    const gate = gateOf([]);
    const states = [gate.isFree];
    gate.beginPull();
    states.push(gate.isFree);
    gate.endPull();
    states.push(gate.isFree);
    const action = gate.run(() => undefined);
    states.push(gate.isFree);
    await action;
    await gate.idle();
    states.push(gate.isFree);
    expect(states).toEqual([true, false, true, false, true]);
  });

  it('lets an action wait for the pull in flight', async () => {
    const log: string[] = [];
    const gate = gateOf(log);
    gate.beginPull();
    const action = gate.run(() => log.push('action'));
    await turn();
    log.push('pull ends');
    gate.endPull();
    await action;
    await gate.idle();
    expect(log).toEqual(['pull ends', 'action', 'free']);
  });

  it('runs actions one at a time, in the order they came, and is free once after the last', async () => {
    const log: string[] = [];
    const gate = gateOf(log);
    const slow = gate.run(async () => {
      log.push('slow begins');
      await turn();
      log.push('slow ends');
    });
    const quick = gate.run(() => log.push('quick'));
    await Promise.all([slow, quick]);
    await gate.idle();
    expect(log).toEqual(['slow begins', 'slow ends', 'quick', 'free']);
  });

  it('gives the result of an action, or its error, and goes on after it', async () => {
    const log: string[] = [];
    const gate = gateOf(log);
    const results = await Promise.allSettled([
      gate.run(() => 1),
      gate.run(() => {
        throw new Error('broken');
      }),
      gate.run(() => Promise.resolve(3)),
    ]);
    await gate.idle();
    expect(results).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: new Error('broken') },
      { status: 'fulfilled', value: 3 },
    ]);
    expect([gate.isFree, log]).toEqual([true, ['free']]);
  });

  it('is idle only when pull and actions have ended', async () => {
    const log: string[] = [];
    const gate = gateOf(log);
    gate.beginPull();
    const action = gate.run(() => log.push('action'));
    const idle = gate.idle().then(() => log.push('idle'));
    await turn();
    expect(log).toEqual([]);
    gate.endPull();
    await Promise.all([action, idle]);
    expect(log).toEqual(['action', 'free', 'idle']);
  });

  it('wakes everybody who waits for the same pull', async () => {
    const gate = gateOf([]);
    gate.beginPull();
    const waiting = Promise.all([gate.idle(), gate.idle()]);
    await turn();
    gate.endPull();
    await expect(waiting).resolves.toEqual([undefined, undefined]);
  });
});
