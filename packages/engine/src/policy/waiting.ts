import { readMeta, readSettings } from '../database/meta.ts';
import type { Stage } from '../items/stage.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Driver } from '../ports/driver.ts';
import { lacking } from '../replica/originals.ts';
import { isWanted } from '../replica/wanted.ts';
import { itemClass, mostBytes, originalClass } from './classes.ts';
import { type Circumstances, type Limit, permission, type Permission, type Waiting, type WorkClass, workLimits } from './policy.ts';

/** The answers of policy, as what is told to people reads them. */
export interface Verdict {
  readonly permission: Permission;
  readonly limits: Readonly<Record<WorkClass, Limit>>;
}

export function verdict(driver: Driver, conditions: Conditions, now: number): Verdict {
  const circumstances: Circumstances = { settings: readSettings(driver), conditions, mobileUse: readMeta(driver, 'mobileUse'), now };
  return {
    permission: permission({ ...circumstances, identity: readMeta(driver, 'identity'), signedIn: readMeta(driver, 'signedIn') }),
    limits: limitsNow(driver, circumstances),
  };
}

/**
 * What a person asked for by name reaches the library only with a question to the server and a change
 * of the log: while it waits to go, those may pass too.
 */
export function limitsNow(driver: Driver, circumstances: Circumstances): Record<WorkClass, Limit> {
  const limits = workLimits(circumstances);
  if (limits.metadata.upTo > 0) return limits;
  const asked = driver
    .prepare("SELECT 1 AS found FROM item WHERE asked > 0 AND code IS NULL AND (stage IN ('ask', 'commit', 'committing') OR (stage = 'send' AND (asked = 2 OR bytes <= ?))) LIMIT 1")
    .get(limits.asked.upTo);
  return asked === undefined ? limits : { ...limits, metadata: limits.asked };
}

/** An SQL expression over `item`: the class whose limit a file that is to be sent exceeds, else null. Takes the time now twice. */
export const beyondClass = ({ limits }: Verdict): string => `CASE WHEN stage = 'send' AND item.bytes > ${mostBytes(itemClass, limits)} THEN ${itemClass} END`;

/** Why policy holds an item that has no reason of its own. */
export function heldBack({ limits }: Verdict, stage: Stage, beyond: WorkClass | null): Waiting | null {
  switch (stage) {
    case 'send':
      return beyond === null ? null : limits[beyond].beyond;
    case 'ask':
    case 'commit':
    case 'committing':
      return limits.metadata.upTo === 0 ? limits.metadata.beyond : null;
    default:
      return null;
  }
}

export interface HeldDownloads {
  readonly waiting: Waiting;
  readonly items: number;
  readonly bytes: number;
}

/** Originals that this device wants and policy holds. */
export function heldDownloads(driver: Driver, { limits }: Verdict): HeldDownloads[] {
  return driver
    .prepare(
      `SELECT class, count(*) AS items, sum(bytes) AS bytes FROM (
         SELECT DISTINCT sha256, bytes, ${originalClass} AS class FROM ${lacking} AND NOT ${isWanted} AND bytes > ${mostBytes(originalClass, limits)}
       ) GROUP BY class`,
    )
    .all()
    .flatMap((row) => {
      const waiting = limits[row['class'] as WorkClass].beyond;
      return waiting === null ? [] : [{ waiting, items: Number(row['items']), bytes: Number(row['bytes']) }];
    });
}
