import { open } from 'node:fs/promises';

/**
 * Makes new names in folders durable, for several callers by one call to the system: whoever comes while a folder
 * is being synced waits for the next time, as that one may have begun before its name was there.
 */
export class FolderSync {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  sync(folder: string): Promise<void> {
    const running = this.#running.get(folder);
    if (running === undefined) return this.#begin(folder);
    const known = this.#next.get(folder);
    if (known !== undefined) return known;
    const next = running.then(
      () => this.#begin(folder),
      () => this.#begin(folder),
    );
    this.#next.set(folder, next);
    return next;
  }

  #begin(folder: string): Promise<void> {
    this.#next.delete(folder);
    const running = syncOnce(folder).finally(() => {
      if (this.#running.get(folder) === running) this.#running.delete(folder);
    });
    this.#running.set(folder, running);
    return running;
  }
}

/** Windows has no such call and keeps its own journal of names. */
async function syncOnce(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
