import type { Result } from '@everroll/engine';
import { askPackedSnapshot, type Connection, type PackedPage, unpackSnapshot } from '@everroll/engine/http';
import type { LibraryId, SnapshotPage } from '@everroll/protocol';

/** Pages that came and that the engine has not taken yet take so much memory at most: some 250,000 assets. */
const HELD_BYTES = 48_000_000;

interface Page {
  readonly asked: string | null;
  readonly answer: Promise<Result<PackedPage>>;
}

/**
 * Reads the snapshot as fast as it comes, ahead of the engine, which stores each page durably before
 * it takes the next. What came is shown at once; the engine gets the same pages from here, in its time.
 */
export class SnapshotAhead {
  /** Called with the entries of each page, as they came: nothing of them is checked. */
  onEntries: (entries: readonly unknown[]) => void = () => undefined;
  readonly #connection: Connection;
  #pages: Page[] = [];
  #heldBytes = 0;
  /** Another number ends a reading that is under way. */
  #reading = 0;
  #taken: (() => void) | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** As `ServerClient.snapshot`. */
  async snapshot(library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<SnapshotPage>> {
    if (this.#pages[0]?.asked !== next) this.#begin(library, next, signal);
    const page = this.#pages.shift();
    if (page === undefined) throw new Error('a reading that was begun has a page');
    const answer = await page.answer;
    if (!answer.ok) return answer;
    this.#heldBytes -= answer.value.bytes;
    this.#taken?.();
    return unpackSnapshot(answer.value);
  }

  #begin(library: LibraryId, next: string | null, signal: AbortSignal): void {
    this.#reading += 1;
    this.#pages = [];
    this.#heldBytes = 0;
    this.#taken?.();
    void this.#read(library, next, signal, this.#reading);
  }

  async #read(library: LibraryId, first: string | null, signal: AbortSignal, reading: number): Promise<void> {
    for (let asked = first; ; ) {
      const answer = askPackedSnapshot(this.#connection, library, asked, signal);
      this.#pages.push({ asked, answer });
      // One that throws (it was stopped) throws where the engine waits for it.
      const came = await answer.catch(() => undefined);
      if (reading !== this.#reading || came === undefined || !came.ok) return;
      this.#heldBytes += came.value.bytes;
      this.#show(came.value);
      asked = came.value.page.next;
      if (asked === null) return;
      while (this.#heldBytes > HELD_BYTES) {
        await new Promise<void>((resolve) => {
          this.#taken = resolve;
        });
        if (reading !== this.#reading) return;
      }
    }
  }

  #show(page: PackedPage): void {
    const unpacked = unpackSnapshot(page);
    if (unpacked.ok) this.onEntries(unpacked.value.entries);
  }
}
