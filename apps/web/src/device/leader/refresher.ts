import type { Home } from './home.ts';

/** Not more often than this, so that a first sync of a large library shows itself without being slowed down by it. */
const REFRESH_MS = 150;
/** The file of columns is written when nothing changed for this long, */
const QUIET_MS = 4_000;
/** and at the latest after so much longer. */
const LATEST_MS = 60_000;

export interface Refreshed {
  /** Ids of assets that changed; empty: something else did. */
  readonly ids: ReadonlySet<string>;
  readonly albums: boolean;
  readonly catalogue: boolean;
}

/** Brings what pages see up to what the database holds, soon after each step of the engine. */
export class Refresher {
  readonly #home: Home;
  readonly #onRefreshed: (refreshed: Refreshed) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fileTimer: ReturnType<typeof setTimeout> | undefined;
  #unwrittenSince: number | null = null;
  #ended = false;
  #shown: number;

  constructor(home: Home, onRefreshed: (refreshed: Refreshed) => void) {
    this.#home = home;
    this.#onRefreshed = onRefreshed;
    this.#shown = home.catalogue.version;
    home.ahead.follow((entries) => {
      const isFirst = home.catalogue.size === 0;
      home.catalogue.showAhead(entries);
      if (isFirst) this.now();
      else this.touch();
    });
  }

  /** Something may have changed. */
  touch(): void {
    this.#timer ??= setTimeout(() => this.now(), REFRESH_MS);
  }

  /** A person waits for what they did. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#ended) return;
    const { catalogue, pace, engine } = this.#home;
    const taken = catalogue.take();
    if (!taken.more && catalogue.isAhead && engine.isWhole()) catalogue.forgetAhead();
    if (pace.isStoring && engine.isWhole()) pace.isWhole();
    const isChanged = catalogue.version !== this.#shown;
    this.#shown = catalogue.version;
    this.#onRefreshed({ ids: taken.ids, albums: taken.albums, catalogue: isChanged });
    if (taken.more || catalogue.isVersionDue) this.touch();
    if (isChanged) this.#writeSoon();
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#fileTimer);
  }

  #writeSoon(): void {
    const now = Date.now();
    this.#unwrittenSince ??= now;
    clearTimeout(this.#fileTimer);
    this.#fileTimer = setTimeout(() => void this.#write(), Math.max(0, Math.min(QUIET_MS, this.#unwrittenSince + LATEST_MS - now)));
  }

  async #write(): Promise<void> {
    this.#unwrittenSince = null;
    await this.#home.file.write(this.#home.catalogue);
  }
}
