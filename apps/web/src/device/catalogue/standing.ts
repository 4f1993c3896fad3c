import type { Member } from '../contract/session.ts';
import { type Access, openFile, VERSION } from './columns-file.ts';

/** Whoever had it, a tab that was closed, lets go of it a moment later: see sqlite/open.ts. */
const TRIES = 50;
const PAUSE_MS = 100;
const FILE = 'standing';

/** What the database is known to say without being opened. */
export interface Standing {
  /** Of the file of columns that holds all that the replica shows. */
  readonly generation: number;
  /** Who is signed in. */
  readonly member: Member;
}

/**
 * A note beside the file of columns by which the next start shows the timeline before the database is open. It may
 * never say what the database does not. So it is written after the transaction that it tells of is durable, and
 * emptied, durably, before a transaction that changes a row or who is signed in is committed (`beforeChange`
 * of sqlite/open.ts). A tab that is killed between leaves it empty, and the next start asks the database.
 *
 * Whoever has it open has it alone: what was read from it holds until it is closed.
 */
export class StandingFile {
  readonly #file: Access;
  #said: string;

  constructor(file: Access) {
    this.#file = file;
    const bytes = new Uint8Array(file.getSize());
    file.read(bytes, { at: 0 });
    this.#said = new TextDecoder().decode(bytes);
  }

  read(): Standing | null {
    try {
      const { version, ...standing } = JSON.parse(this.#said) as Standing & { readonly version: unknown };
      return version === VERSION ? standing : null;
    } catch {
      // Empty, or torn by a crash while it was written.
      return null;
    }
  }

  write(standing: Standing): void {
    const text = JSON.stringify({ version: VERSION, ...standing });
    if (text === this.#said) return;
    this.#file.truncate(0);
    this.#file.write(new TextEncoder().encode(text), { at: 0 });
    this.#file.flush();
    this.#said = text;
  }

  /** Returns when it is durable. */
  empty(): void {
    if (this.#said === '') return;
    this.#file.truncate(0);
    this.#file.flush();
    this.#said = '';
  }

  close(): void {
    this.#file.close();
  }
}

/** https://fs.spec.whatwg.org/#dom-filesystemfilehandle-createsyncaccesshandle: somebody has it. */
const isHeld = (error: unknown): boolean => error instanceof DOMException && error.name === 'NoModificationAllowedError';

/** The note that another start has left; null: there is none. */
export async function findStanding(): Promise<StandingFile | 'held' | null> {
  return openFile(FILE, false).then(
    (file) => new StandingFile(file),
    (error: unknown) => (isHeld(error) ? 'held' : null),
  );
}

/** For the tab that opens the database; null: there is no room for it, and so there is none that could say anything. */
export async function openStanding(): Promise<StandingFile | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      return new StandingFile(await openFile(FILE, true));
    } catch (error) {
      if (!isHeld(error)) return null;
      if (tried === TRIES) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}
