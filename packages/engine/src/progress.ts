/** What moves right now; kept in memory, as it is of no use after a restart. */
export interface Transfer {
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly bytes: number;
  done: number;
}

export interface Progress {
  readonly items: { readonly done: number; readonly total: number };
  readonly bytes: { readonly done: number; readonly total: number };
  readonly bytesPerSecond: number;
  /** null: not known yet. */
  readonly secondsLeft: number | null;
  readonly active: readonly Readonly<Transfer>[];
}

/** Speed is taken over this long, so that it neither jumps with each chunk nor remembers a stall. */
const WINDOW_MS = 10_000;
/** Chunks of one such time are kept as one: what is remembered is bounded, whether anybody asks for the speed or not. */
const STEP_MS = 250;

/** Counts bytes as they pass. */
export class Meter {
  readonly active = new Map<string, Transfer>();
  #moved: { at: number; bytes: number }[] = [];
  #sinceTaken = 0;
  #all = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Passes `bytes` on and counts them for the transfer of this key. */
  async *count(key: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      const transfer = this.active.get(key);
      if (transfer) transfer.done += chunk.length;
      this.#remember(chunk.length);
      this.#sinceTaken += chunk.length;
      this.#all += chunk.length;
      yield chunk;
    }
  }

  #remember(bytes: number): void {
    const now = this.#now();
    const last = this.#moved.at(-1);
    if (last && now >= last.at && now - last.at < STEP_MS) {
      last.bytes += bytes;
      return;
    }
    this.#moved = this.#moved.filter(({ at }) => at > now - WINDOW_MS && at <= now);
    this.#moved.push({ at: now, bytes });
  }

  /** Bytes that passed since this was last asked. */
  takeMoved(): number {
    const moved = this.#sinceTaken;
    this.#sinceTaken = 0;
    return moved;
  }

  /** Bytes that passed since this process began. */
  get all(): number {
    return this.#all;
  }

  bytesPerSecond(): number {
    const since = this.#now() - WINDOW_MS;
    this.#moved = this.#moved.filter((moved) => moved.at > since && moved.at <= this.#now());
    const first = this.#moved[0];
    if (!first) return 0;
    const seconds = Math.max(1, (this.#now() - first.at) / 1000);
    return this.#moved.reduce((sum, moved) => sum + moved.bytes, 0) / seconds;
  }
}
