import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { isRunnerLocked, runnerProcess, takeRunnerLock } from './runner-lock.ts';

test('one holder at a time, who is named; free again when it is given back', async () => {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'runner.lock');
  expect(isRunnerLocked(path)).toBe(false);
  const lock = takeRunnerLock(path);
  expect(lock).not.toBeNull();
  expect([isRunnerLocked(path), takeRunnerLock(path), runnerProcess(path)]).toEqual([true, null, process.pid]);
  lock?.release();
  expect(isRunnerLocked(path)).toBe(false);
  takeRunnerLock(path)?.release();
  await folder.end();
});
