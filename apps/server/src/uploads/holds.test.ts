import { describe, expect, it } from 'vitest';
import { Holds } from './holds.ts';

/** Work that goes on until it is ended, as a request does that hangs. */
const hanging = (name: string, log: string[]) => async (ended: AbortSignal) => {
  log.push(`${name} begins`);
  if (!ended.aborted) await new Promise((resolve) => ended.addEventListener('abort', resolve));
  log.push(`${name} ends`);
};

describe('U6 the latest request holds an upload', () => {
  it('each ends the one before it, in the order in which they came, one at a time', async () => {
    const holds = new Holds<string>();
    const log: string[] = [];
    const all = [holds.run('a', hanging('1', log)), holds.run('a', hanging('2', log)), holds.run('a', hanging('3', log))];
    const last = holds.run('a', async () => log.push('last'));
    await Promise.all([...all, last]);
    expect(log).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends', 'last']);
    expect(holds.isHeld('a')).toBe(false);
  });

  it('other uploads go on', async () => {
    const holds = new Holds<string>();
    const log: string[] = [];
    const hangs = holds.run('a', hanging('a', log));
    await holds.run('b', async () => expect(holds.isHeld('a')).toBe(true));
    await Promise.all([hangs, holds.run('a', async () => undefined)]);
  });

  it('work that fails lets go', async () => {
    const holds = new Holds<string>();
    await expect(holds.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await holds.run('a', async () => 'next')).toBe('next');
  });
});
