import { readMeta } from '../database/meta.ts';
import { permission } from '../policy/policy.ts';
import type { Driver } from '../ports/driver.ts';
import type { Conditions } from '../ports/world.ts';
import { Draft } from './draft.ts';
import type { Effect } from './effect.ts';
import { planFiles } from './files.ts';
import { planFolder } from './folder.ts';
import { planLog } from './log.ts';
import { planUploads } from './uploads.ts';

export interface Plan {
  /** False: nothing may run, and what runs is to stop. */
  readonly allowed: boolean;
  readonly effects: readonly Effect[];
  /** When there is something to do that is not due yet; null: nothing is left. */
  readonly nextAt: number | null;
}

export interface PlanInput {
  readonly driver: Driver;
  readonly now: number;
  readonly conditions: Conditions;
  /** Keys of the effects that run. */
  readonly running: ReadonlySet<string>;
  /** Someone said that the server has something new, or it was not asked since the start. */
  readonly pullWanted: boolean;
}

/** Derives from what is stored what to do next. It writes nothing; see `advance` for what needs no effect. */
export function plan({ driver, now, conditions, running, pullWanted }: PlanInput): Plan {
  const allowed = permission({ settings: readMeta(driver, 'settings'), identity: readMeta(driver, 'identity'), signedIn: readMeta(driver, 'signedIn'), conditions, now });
  if (allowed.may === 'not') return { allowed: false, effects: [], nextAt: allowed.until };
  const draft = new Draft(driver, now, running);
  planLog(draft, pullWanted);
  planFiles(draft);
  planUploads(draft);
  planFolder(draft);
  return { allowed: true, effects: draft.effects, nextAt: draft.nextAt };
}
