import type { Result } from '@everroll/engine';
import { askPackedSnapshot, type Connection, type PackedPage, unpackSnapshot } from '@everroll/engine/http';
import type { LibraryId, SnapshotPage } from '@everroll/protocol';

/** Pages that came and that the engine has not taken yet take so much memory at most: some 250,000 assets. */
const HELD_BYTES = 48_000_000;
/**
 * The engine gets nothing before all pages came or this time is over: what it stores takes the same thread,
 * and would show every photo later than it has to be.
 */
const FIRST_SHOWN_MS = 15_000;

/** The photos of the first page are drawn before the rest comes, which the server and this thread have as much to do with. */
const DRAWN_WITHIN_MS = 1_000;

interface Page {
  readonly asked: string | null;
  readonly answer: Promise<Result<PackedPage>>;
}

/**
 * Reads the snapshot as fast as it comes, ahead of the engine, which stores each page durably before
 * it takes the next. What came is shown at once; the engine gets the same pages from here, in its time.
 */
export class SnapshotAhead {
  #onEntries: ((entries: readonly unknown[]) => void) | null = null;
  /** What came before anybody was there to show it. */
  #early: (readonly unknown[])[] = [];
  readonly #connection: Connection;
  readonly #drawn: Promise<void>;
  #library: LibraryId | null = null;
  #pages: Page[] = [];
  #heldBytes = 0;
  /** Another number ends a reading that is under way. */
  #reading = 0;
  #stopped = new AbortController();
  #taken: (() => void) | undefined;
  /** Resolves when the reading is over, has enough in memory, or takes too long. */
  #shown: Promise<void> = Promise.resolve();
  #endShowing: () => void = () => undefined;

  /** @param drawn resolves when a page has drawn the first pictures. */
  constructor(connection: Connection, drawn: Promise<void>) {
    this.#connection = connection;
    this.#drawn = drawn;
  }

  /** @param show called with the entries of each page, as they came: nothing of them is checked. */
  follow(show: (entries: readonly unknown[]) => void): void {
    this.#onEntries = show;
    for (const entries of this.#early.splice(0)) show(entries);
  }

  /** Begins before the engine asks: it is about to. */
  begin(library: LibraryId, signal: AbortSignal): void {
    if (!this.#isAt(library, null)) this.#begin(library, null, signal);
  }

  /** As `ServerClient.snapshot`. */
  async snapshot(library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<SnapshotPage>> {
    if (!this.#isAt(library, next)) this.#begin(library, next, signal);
    const stop = (): void => this.#end();
    signal.addEventListener('abort', stop, { once: true });
    await this.#shown;
    signal.throwIfAborted();
    const page = this.#pages.shift();
    if (page === undefined) throw new Error('a reading that was begun has a page');
    const answer = await page.answer;
    // What comes ahead of the engine is no more wanted where what it asked for is not.
    if (!signal.aborted) signal.removeEventListener('abort', stop);
    if (!answer.ok) return answer;
    this.#heldBytes -= answer.value.bytes;
    this.#taken?.();
    return unpackSnapshot(answer.value);
  }

  /** What came of a session that did not come about is shown no more. */
  stop(): void {
    this.#end();
    this.#library = null;
  }

  #isAt(library: LibraryId, next: string | null): boolean {
    return this.#library === library && this.#pages[0]?.asked === next;
  }

  #begin(library: LibraryId, next: string | null, signal: AbortSignal): void {
    this.#end();
    this.#library = library;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FIRST_SHOWN_MS);
    this.#shown = promise;
    this.#endShowing = () => {
      clearTimeout(timer);
      resolve();
    };
    void this.#read(library, next, AbortSignal.any([signal, this.#stopped.signal]), this.#reading);
  }

  /** Stops what is under way, and forgets what came. */
  #end(): void {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    this.#reading += 1;
    this.#pages = [];
    this.#early = [];
    this.#heldBytes = 0;
    this.#taken?.();
    this.#endShowing();
  }

  async #read(library: LibraryId, first: string | null, signal: AbortSignal, reading: number): Promise<void> {
    await this.#readAll(library, first, signal, reading);
    if (reading === this.#reading) this.#endShowing();
  }

  async #readAll(library: LibraryId, first: string | null, signal: AbortSignal, reading: number): Promise<void> {
    for (let asked = first; ; ) {
      const answer = askPackedSnapshot(this.#connection, library, asked, signal);
      this.#pages.push({ asked, answer });
      // One that throws (it was stopped) throws where the engine waits for it.
      const came = await answer.catch(() => undefined);
      if (reading !== this.#reading || came === undefined || !came.ok) return;
      this.#heldBytes += came.value.bytes;
      this.#show(came.value);
      const isFirst = asked === null;
      asked = came.value.page.next;
      if (asked === null) return;
      if (isFirst) await Promise.race([this.#drawn, pause(DRAWN_WITHIN_MS)]);
      if (reading !== this.#reading) return;
      while (this.#heldBytes > HELD_BYTES) {
        this.#endShowing();
        await new Promise<void>((resolve) => {
          this.#taken = resolve;
        });
        if (reading !== this.#reading) return;
      }
    }
  }

  #show(page: PackedPage): void {
    const unpacked = unpackSnapshot(page);
    if (!unpacked.ok) return;
    if (this.#onEntries === null) this.#early.push(unpacked.value.entries);
    else this.#onEntries(unpacked.value.entries);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
