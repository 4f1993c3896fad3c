import type { Shown } from '../catalogue/early.ts';
import type { Scope } from '../contract/collections.ts';
import type { SessionState } from '../contract/session.ts';
import type { FromTab, ToTab } from '../rpc/tab-messages.ts';

/** What a page asks first, answered before the database is open. */
export class EarlyAnswers {
  readonly #early: Shown;
  readonly #say: (message: FromTab) => void;
  /** What each watch was told, as `#markOf` tells it from another. */
  readonly #told = new Map<number, unknown>();
  /** Resolves when a page was told the timeline. */
  readonly shown: Promise<void>;
  #onShown: () => void = () => undefined;

  constructor(early: Shown, say: (message: FromTab) => void) {
    this.#early = early;
    this.#say = say;
    this.shown = new Promise((resolve) => {
      this.#onShown = resolve;
    });
  }

  /** Each watch goes on with whoever leads. The first rows of the timeline are told with it. */
  take(message: ToTab): void {
    if (message.say !== 'watch') return;
    if (message.name === 'session') this.#tell(message.id, { phase: 'signed_in', member: this.#early.member, halted: null } satisfies SessionState);
    else if (message.name === 'collection' && (message.args[0] as Scope).of === 'library') {
      this.#tell(message.id, this.#early.index());
      this.#onShown();
    }
  }

  /** Whether a watch says what it was told here already: the page need not hear it twice. */
  isTold(message: FromTab): boolean {
    if (message.say !== 'value' || !this.#told.has(message.id)) return false;
    // Where nothing was stored yet, whoever leads finds out anew: until then what was told here holds.
    if (isStarting(message.value)) return true;
    const told = this.#told.get(message.id);
    this.#told.delete(message.id);
    return told === markOf(message.value);
  }

  #tell(id: number, value: unknown): void {
    this.#told.set(id, markOf(value));
    this.#say({ say: 'value', id, value });
  }
}

const isStarting = (value: unknown): boolean => typeof value === 'object' && value !== null && 'phase' in value && value.phase === 'starting';

/** Of an index its version, of where the session stands all of it. */
function markOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'version' in value ? value.version : JSON.stringify(value);
}
