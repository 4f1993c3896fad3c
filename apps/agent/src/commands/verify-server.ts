import { type ReasonCode, type ScrubStanding } from '@everroll/protocol';
import { formatBytes } from '../output/format.ts';
import { describeFailure } from '../output/reasons.ts';
import { tone } from '../output/terminal.ts';
import { askForScrub, askScrubStanding } from '@everroll/engine/http';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded } from './outcome.ts';

export interface VerifyServerOptions {
  readonly originalsAreGone?: boolean;
}

const LOOKED_AT_EVERY_MS = 500;

/** Lets the server read every original of all its libraries again, and waits until it has. */
export function verifyServerCommand(context: Context, { originalsAreGone = false }: VerifyServerOptions): Promise<Outcome> {
  return withLibrary(context, async ({ connection, ports }) => {
    const { signal } = context;
    let standing = await askForScrub(connection, { originalsAreGone }, signal);
    const askedAt = standing.ok ? standing.value.askedAt : null;
    while (standing.ok && !isOver(standing.value, askedAt)) {
      await ports.clock.sleep(LOOKED_AT_EVERY_MS, signal);
      standing = await askScrubStanding(connection, signal);
    }
    return standing.ok ? told(standing.value) : failedWith(standing.failure);
  });
}

/** The comparison comes first, and the store may turn out not to be there. */
function isOver({ inventoryAt, absentSince, left }: ScrubStanding, askedAt: number | null): boolean {
  return inventoryAt !== null && askedAt !== null && inventoryAt >= askedAt && (absentSince !== null || left.count === 0);
}

function told(standing: ScrubStanding): Outcome {
  const { held, missing, damaged, absentSince } = standing;
  const wrong = (code: ReasonCode, detail: string): Outcome => ({ exitCode: 3, json: { code, ...standing }, lines: describeFailure({ code, evidence: { detail } }) });
  if (absentSince !== null) return wrong('originals_missing', originals(held));
  const lost = [...(missing.count > 0 ? [`${originals(missing)} missing`] : []), ...(damaged.count > 0 ? [`${originals(damaged)} damaged and set aside`] : [])];
  if (lost.length > 0) return wrong('bit_rot', [...lost, `${originals(held)} as saved`].join('; '));
  return succeeded({ code: null, ...standing }, [`${tone('●', 'good')} ${originals(held)} on the server read again: every byte is as it was saved.`]);
}

function originals({ count, bytes }: ScrubStanding['held']): string {
  return `${count === 1 ? 'one original' : `${count} originals`} (${formatBytes(bytes)})`;
}
