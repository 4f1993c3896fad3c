import { syncOnce } from '../device/sync-once.ts';
import { isRunnerLocked } from '../home/runner-lock.ts';
import { formatBytes, formatItems } from '../output/format.ts';
import { size } from '../settings/form.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export interface FreeOptions {
  readonly dryRun?: boolean;
}

/** "Optimise now": originals that the server holds give way to previews, the least recently used first. */
export function freeCommand(context: Context, amount: string | undefined, options: FreeOptions): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const { engine, home } = device;
    const before = engine.storage();
    if (before === null) return wrongUse('This device has no library folder, and so no originals that could give way: everroll folder PATH');
    if (engine.settings().originals === 'keep') return wrongUse('This device keeps all originals. To let them give way to previews: everroll set originals=optimise');
    const wanted = amount === undefined ? null : size.read(amount);
    if (wanted === undefined) return wrongUse(`${amount ?? ''} is not ${size.possible}.`);
    const { evictable } = before;
    const could = `${formatItems(evictable.items)} of ${formatBytes(evictable.bytes)} can give way to previews`;
    if (options.dryRun === true) return succeeded({ dryRun: true, ...before }, [`${could}. Nothing was done.`]);
    if (evictable.items === 0) return succeeded({ freed: { items: 0, bytes: 0 }, ...before }, ['Nothing can give way: no original here is confirmed by the server, or each was asked for a moment ago.']);
    engine.free(wanted);
    if (isRunnerLocked(home.runner)) return succeeded({ asked: wanted, ...before }, [`${could}; the process that keeps this device in sync does it now.`]);
    await syncOnce(device, context.signal);
    const after = engine.storage() ?? before;
    const freed = { items: after.evicted.items - before.evicted.items, bytes: after.evicted.bytes - before.evicted.bytes };
    return succeeded({ freed, ...after }, [`${formatItems(freed.items)} of ${formatBytes(freed.bytes)} gave way to previews. An original comes back with: everroll open PHOTO`]);
  });
}
