import { readMeta, readSettings } from '../database/meta.ts';
import { allowanceLeft, type Circumstances, permission } from '../policy/policy.ts';
import { limitsNow } from '../policy/waiting.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Driver } from '../ports/driver.ts';
import { type DeviceNews, planReport, planSettings } from './devices.ts';
import type { Room } from '../ports/source.ts';
import { Draft, type Running } from './draft.ts';
import { type Effect, isCall, kindOf } from './effect.ts';
import { planFiles } from './files.ts';
import { planFolder } from './folder.ts';
import { planLog } from './log.ts';
import { toStop } from './running.ts';
import { planUploads } from './uploads.ts';

export interface Plan {
  /** False: nothing but reports and settings may run, and what else runs is to stop. */
  readonly allowed: boolean;
  /** Keys of effects that run and may no longer. */
  readonly stop: readonly string[];
  readonly effects: readonly Effect[];
  /** When there is something to do that is not due yet; null: nothing is left. */
  readonly nextAt: number | null;
  /** Something is due and waits for the end of a call that runs. */
  readonly awaitsCall: boolean;
}

export interface PlanInput {
  readonly driver: Driver;
  readonly now: number;
  readonly conditions: Conditions;
  /** Keys of the effects that run. */
  readonly running: Running;
  /** Room on the library folder's disk; null: there is none, or it does not tell. */
  readonly diskRoom: Room | null;
  /** Someone said that the server has something new, or it was not asked since the start. */
  readonly pullWanted: boolean;
  readonly deviceNews: DeviceNews;
}

/** Derives from what is stored what to do next. It writes nothing; see `advance` for what needs no effect. */
export function plan({ driver, now, conditions, running, pullWanted, deviceNews, diskRoom }: PlanInput): Plan {
  const circumstances: Circumstances = { settings: readSettings(driver), conditions, mobileUse: readMeta(driver, 'mobileUse'), now };
  const allowed = permission({ ...circumstances, identity: readMeta(driver, 'identity'), signedIn: readMeta(driver, 'signedIn') });
  const draft = new Draft({ driver, now, running, limits: limitsNow(driver, circumstances), counted: allowanceLeft(circumstances) !== null, settings: circumstances.settings, diskRoom });
  if (allowed.may === 'not') {
    draft.later(allowed.until);
    // Nobody can be spoken to, but what there is to save is found, read and counted all the same.
    if (allowed.code === 'offline') {
      planFiles(draft);
      return { allowed: true, stop: [...running.keys()].filter((key) => isCall[kindOf(key)]), effects: draft.effects, nextAt: draft.nextAt, awaitsCall: false };
    }
    // Signed out there is nobody to speak to, and nobody for whom to look.
    if (allowed.code !== 'sync_off' && allowed.code !== 'paused_by_user') return { allowed: false, stop: [...running.keys()], effects: [], nextAt: draft.nextAt, awaitsCall: false };
    planSettings(draft, deviceNews);
    planReport(draft, deviceNews);
    return { allowed: false, stop: toStop(draft, running), effects: draft.effects, nextAt: draft.nextAt, awaitsCall: draft.awaitsCall };
  }
  planSettings(draft, deviceNews);
  planLog(draft, pullWanted);
  planFiles(draft);
  planUploads(draft);
  planFolder(draft);
  planReport(draft, deviceNews);
  return { allowed: true, stop: toStop(draft, running), effects: draft.effects, nextAt: draft.nextAt, awaitsCall: draft.awaitsCall };
}
