/**
 * What people made photos look like, and what has to become of it: rules E1 to E4 of docs/protocol.md, written
 * down once more from the rules alone. The server's own decision (`packages/protocol/src/adjusting.ts`) is what is tested.
 */
export interface Look {
  readonly id: string;
  /** The look that the person saw; null: there was none. */
  readonly base: string | null;
  /** The hash of the file that it is a look of. */
  readonly over: string;
  /** The recipe as JSON; null: the photo as it was taken. */
  readonly recipe: string | null;
}

/** One act of a person on the looks of a photo. */
export interface LookAct {
  readonly device: string;
  readonly look: Look;
  readonly dismissed: readonly string[];
  /** The operation as JSON. */
  readonly operation: string;
  /** False: the device was killed in the act, and may or may not have kept it. */
  readonly isKept: boolean;
}

/** Rule E3. */
const OFFERED_MOST = 4;

export class Shown {
  /** undefined: nobody adjusted it. */
  current: Look | undefined;
  /** The newest first. */
  offered: readonly Look[] = [];

  /** In the order of the log. */
  apply({ look, dismissed }: Pick<LookAct, 'look' | 'dismissed'>): void {
    const shownBefore = this.current;
    const isOffered = this.offered.some(({ id }) => id === look.id);
    const sawTheCurrent = look.base === (shownBefore?.id ?? null);
    const isTaken = isOffered && sawTheCurrent;
    const isThere = isOffered || look.id === shownBefore?.id;
    const left = this.offered.filter(({ id }) => !dismissed.includes(id));
    if (isThere && !isTaken) {
      this.offered = left;
      return;
    }
    this.current = look;
    // Who did not see what was shown takes nothing away: it is offered from now on.
    const besides = shownBefore !== undefined && !sawTheCurrent && !dismissed.includes(shownBefore.id) ? [shownBefore, ...left] : left;
    this.offered = besides.filter((other) => other.id !== look.id && other.recipe !== null && (other.recipe !== look.recipe || other.over !== look.over)).slice(0, OFFERED_MOST);
  }
}

export function textOfShown({ current, offered }: Shown): string {
  return current === undefined ? 'as it was taken' : [current, ...offered].map(textOfLook).join(', beside it ');
}

function textOfLook({ id, base, over, recipe }: Look): string {
  return `${id.slice(0, 8)} on ${base?.slice(0, 8) ?? 'nothing'} of ${over.slice(0, 8)} as ${recipe ?? 'it was taken'}`;
}
