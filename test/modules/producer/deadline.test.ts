import { describe, expect, it } from '@jest/globals';
import { withinDeadline } from '../../../src/modules/producer/deadline.ts';
import { eventually } from '../../support/eventually.ts';

const late = () => new Error('too late');

describe('withinDeadline', () => {
  it('gives what comes in time, failures too', async () => {
    expect(await withinDeadline(Promise.resolve(1), Date.now() + 60_000, late)).toBe(1);
    await expect(withinDeadline(Promise.reject(new Error('own')), Date.now() + 60_000, late)).rejects.toThrow('own');
  });

  it('tells of what does not, also where the time was over before', async () => {
    const never = new Promise<never>(() => undefined);
    await expect(withinDeadline(never, Date.now() + 10, late)).rejects.toThrow('too late');
    await expect(withinDeadline(never, Date.now() - 1_000, late)).rejects.toThrow('too late');
  });

  it('leaves nothing behind of what fails after its time', async () => {
    let fail = () => {};
    const failing = new Promise<never>((_, reject) => {
      fail = () => reject(new Error('much later'));
    });
    await expect(withinDeadline(failing, Date.now() + 5, late)).rejects.toThrow('too late');
    fail();
    await eventually(() => expect(failing).rejects.toThrow('much later'));
  });
});
