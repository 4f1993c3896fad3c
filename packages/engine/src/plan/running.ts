import { itemClass, originalClass } from '../policy/classes.ts';
import type { WorkClass } from '../policy/policy.ts';
import type { Draft, Running } from './draft.ts';

/**
 * Of the effects that run, those that policy no longer lets go on (I7): the charger was pulled, the
 * connection became a metered one. What was begun within the day's allowance is brought to its end,
 * as stopping it would spend what it took for nothing.
 */
export function toStop(draft: Draft, running: Running): string[] {
  const forbidden = (work: WorkClass): boolean => draft.limits[work].upTo === 0 && draft.limits[work].beyond?.code !== 'mobile_allowance_used';
  const classesOf = (sql: string, ...parameters: (string | number)[]): WorkClass[] =>
    draft.driver
      .prepare(sql)
      .all(...parameters)
      .map((row) => row['class'] as WorkClass);
  return [...running.keys()].filter((key) => {
    const sha256 = key.slice(key.indexOf(':') + 1);
    switch (key.slice(0, key.indexOf(':'))) {
      case 'pull':
      case 'push':
      case 'known':
      case 'remove':
      case 'settings':
      case 'report':
        return forbidden('metadata');
      case 'upload':
        return classesOf(`SELECT ${itemClass} AS class FROM item WHERE sha256 = ? AND stage = 'send'`, draft.now, sha256).every(forbidden);
      case 'preview':
      case 'evict':
        return forbidden('backlog');
      case 'download':
        return classesOf(`SELECT ${originalClass} AS class FROM original WHERE sha256 = ?`, sha256).every(forbidden);
      default:
        return false;
    }
  });
}
