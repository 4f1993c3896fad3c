import { expect, test } from 'vitest';
import type { Copying } from '../rpc/tab-messages.ts';
import type { StagedFile } from '../staging/staged.ts';
import { Stager } from './stager.ts';

/** Where there is no store of files, as here, what was chosen is handed over as it is. */
test('what could not be handed over is handed over with what is chosen next, and stops none of it', async () => {
  const taken: string[] = [];
  const told: (readonly Copying[])[] = [];
  let refusals = 1;
  const handOver = async (files: readonly StagedFile[]): Promise<void> => {
    refusals -= 1;
    if (refusals >= 0) throw new Error('the leader is gone');
    taken.push(...files.map(({ name }) => name));
  };
  const stager = new Stager((files) => told.push([...files]), handOver);
  const choose = (name: string): void => void stager.pick([{ file: new File(['content'], name, { type: 'image/jpeg' }), path: name }]);
  const now = () => told.at(-1)?.map(({ name, doneBytes, failed }) => [name, doneBytes, failed]);

  choose('first.jpg');
  await expect.poll(() => refusals).toBe(0);
  await expect.poll(now).toEqual([['first.jpg', 7, null]]);
  choose('second.jpg');
  await expect.poll(() => taken).toEqual(['first.jpg', 'second.jpg']);
  await expect.poll(now).toEqual([]);
});
