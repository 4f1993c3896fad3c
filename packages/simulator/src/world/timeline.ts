interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * Virtual time. Nothing in a run waits for a real clock: whoever waits stands in this queue, and time
 * jumps to the next of them when all that can happen now has happened.
 */
export class Timeline {
  /** Milliseconds since 1970 of the world itself; what devices and the server believe is theirs. */
  now: number;
  /** Events that were carried out. */
  events = 0;
  readonly #queue: Event[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  /** Runs once after `ms`. @returns the function that takes it back. */
  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: (this.#order += 1), run, cancelled: false };
    push(this.#queue, event);
    return () => {
      event.cancelled = true;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** When the next event is due; null: nobody waits. */
  next(): number | null {
    for (let first = this.#queue[0]; first !== undefined; first = this.#queue[0]) {
      if (!first.cancelled) return first.at;
      pop(this.#queue);
    }
    return null;
  }

  /** Carries out the next event and all that follows from it without waiting. @returns false where nobody waits. */
  async step(): Promise<boolean> {
    if (this.next() === null) return false;
    const event = pop(this.#queue);
    if (!event) return false;
    this.now = Math.max(this.now, event.at);
    this.events += 1;
    event.run();
    await drained();
    return true;
  }

  /** Lets time pass, with all that happens in it. */
  async pass(ms: number, afterEach?: () => void): Promise<void> {
    const end = this.now + ms;
    await drained();
    for (let next = this.next(); next !== null && next <= end; next = this.next()) {
      await this.step();
      afterEach?.();
    }
    this.now = Math.max(this.now, end);
  }
}

/**
 * Resolves when every promise that can go on has gone on. What is simulated uses promises alone, so
 * one turn of the real event loop is enough; it is the only real thing that a run waits for.
 */
export function drained(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function before(a: Event, b: Event): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (!parent || !before(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (!first || !last || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = at * 2 + 1;
    const left = heap[below];
    if (!left) break;
    const right = heap[below + 1];
    let child = left;
    if (right && before(right, left)) {
      below += 1;
      child = right;
    }
    if (!before(child, last)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
  return first;
}
