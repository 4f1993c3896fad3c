import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folders.ts';
import { watchFolder } from './watcher.ts';

/** Calls that have not been waited for yet are kept. */
function calls(): { tell: () => void; next: () => Promise<void> } {
  let waiting: (() => void) | undefined;
  let kept = 0;
  return {
    tell: () => {
      if (waiting === undefined) kept += 1;
      else waiting();
      waiting = undefined;
    },
    next: () =>
      new Promise((resolve) => {
        if (kept > 0) {
          kept -= 1;
          resolve();
        } else waiting = resolve;
      }),
  };
}

test('a new file is told', async () => {
  const folder = await temporaryFolder();
  const changes = calls();
  // The watch begins at a moment of its own: files are written until one is told.
  const watching = watchFolder(folder.path, changes.tell, { quietMs: 10, rescanMs: 60_000 });
  const writing = setInterval(() => writeFileSync(join(folder.path, `IMG_${performance.now()}.JPG`), 'x'), 20);
  await changes.next();
  clearInterval(writing);
  await expect(watching.stop()).resolves.toBeUndefined();
  await folder.end();
});

test('a folder that cannot be watched is looked at periodically, and watched once it is there', async () => {
  const folder = await temporaryFolder();
  const missing = join(folder.path, 'usb');
  const changes = calls();
  const watching = watchFolder(missing, changes.tell, { quietMs: 10, rescanMs: 30 });
  await changes.next();
  await changes.next();
  mkdirSync(missing);
  writeFileSync(join(missing, 'IMG_1.JPG'), 'x');
  await changes.next();
  await expect(watching.stop()).resolves.toBeUndefined();
  await folder.end();
});
