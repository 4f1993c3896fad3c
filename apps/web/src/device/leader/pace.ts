import type { Driver } from '@everroll/engine';

/** Between so many rows pages are answered: some tens of milliseconds. */
const FEW_ROWS = 1_000;
/** Without a question for so long nobody looks, or what they look at stands still. */
const ALONE_MS = 3_000;
/**
 * Keys are random bits. In a library of more assets than this the indexes are larger than what SQLite keeps of them, and
 * each thousand rows would write a large part of them anew: they are stored in fewer, larger transactions.
 */
const LARGE = 200_000;
/**
 * Of SQLite's pages in memory, in kB with a minus (https://sqlite.org/pragma.html#pragma_cache_size): while a large library
 * is stored, all that one transaction changes of its indexes; and of a library that was read.
 */
const STORING_CACHE = -256_000;
const WHOLE_CACHE = -16_000;

/** How a first sync shares its thread, and its memory, with what people look at. */
export class Pace {
  readonly #driver: Driver;
  #askedAt = 0;
  /** A large library is being stored. */
  isStoring = false;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Somebody waits for an answer, and will again. */
  asked(): void {
    this.#askedAt = Date.now();
  }

  /** @param assets that are shown by now. */
  rowsAtOnce(assets: number): number {
    if (assets < LARGE) return FEW_ROWS;
    if (!this.isStoring) {
      this.isStoring = true;
      this.#driver.exec(`PRAGMA cache_size = ${STORING_CACHE}`);
    }
    return Date.now() - this.#askedAt < ALONE_MS ? FEW_ROWS : Number.POSITIVE_INFINITY;
  }

  /** All of the library is here. */
  isWhole(): void {
    this.isStoring = false;
    this.#driver.exec(`PRAGMA cache_size = ${WHOLE_CACHE}; PRAGMA shrink_memory`);
  }
}
