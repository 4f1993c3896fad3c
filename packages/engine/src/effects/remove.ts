import type { Sha256 } from '@everroll/protocol';
import { readMeta } from '../database/meta.ts';
import { entryOf, type Item, readItem } from '../items/item.ts';
import { failItem } from '../items/moves.ts';
import { observeGoneBefore, observeItemFailure, observeLacking, observeRemoved } from '../items/observe.ts';
import { changeItem, sameFile } from '../items/scan.ts';
import { baseAsset } from '../replica/entities.ts';
import { type Context, folderAt } from './context.ts';
import { standingsOf } from './log.ts';

/** Without an answer that counts, what is to be removed waits so long. */
const ASK_AGAIN_MS = 1_000;

/**
 * Takes files out of the library folder whose photos a person deleted. Their originals go on the word of
 * the server at that moment, that it holds them or that they are deleted for ever: it may have gone back to
 * a state without them, and this device not have heard of it.
 */
export async function remove(context: Context, items: readonly Item[]): Promise<void> {
  const { driver } = context.ports;
  const mayGo = await letGoBy(context, items.filter(isOriginal));
  for (const item of items) {
    // Meanwhile a person may have wanted it back, or the server have told that it went back.
    const isStill = readItem(driver, item.id)?.stage === 'remove' && readMeta(driver, 'rollback') === null;
    if (context.signal.aborted) return;
    if (isStill && (!isOriginal(item) || mayGo.has(item.id))) await removeOne(context, item);
  }
}

type Original = Item & { readonly sha256: Sha256 };

function isOriginal(item: Item): item is Original {
  return !item.preview && item.sha256 !== null;
}

/** Which of these originals the server lets go; one that it lacks it is asked for again, and sent. */
async function letGoBy(context: Context, originals: readonly Original[]): Promise<ReadonlySet<number>> {
  if (originals.length === 0) return new Set();
  const { driver, clock } = context.ports;
  const standings = (await standingsOf(context, originals.map(({ sha256 }) => sha256)))?.standings ?? null;
  const mayGo = originals.filter((item, at) => {
    const isPurged = standings?.[at] === 'missing' && item.assetId !== null && baseAsset(driver, item.assetId)?.asset.state === 'purged';
    return isPurged || standings?.[at] === 'stored' || standings?.[at] === 'deleted';
  });
  driver.transaction(() => {
    for (const item of originals) {
      if (standings === null) driver.prepare("UPDATE item SET next_at = ? WHERE id = ? AND stage = 'remove'").run(clock.now() + ASK_AGAIN_MS, item.id);
      else if (!mayGo.includes(item)) observeLacking(driver, item.id);
    }
  });
  return new Set(mayGo.map(({ id }) => id));
}

async function removeOne(context: Context, item: Item): Promise<void> {
  const { driver, clock, random } = context.ports;
  const result = await folderAt(context, item.sourceId).remove(entryOf(item));
  if (!result.ok) {
    observeItemFailure(driver, item.id, result.failure, clock.now(), context.timing.settleMs, random);
  } else if (result.value === 'changed') {
    const found = await folderAt(context, item.sourceId).stat(item.localId);
    const entry = found.ok ? found.value : undefined;
    if (entry && !sameFile(item, entry)) driver.transaction(() => changeItem(driver, item, entry, clock.now(), context.timing.settleMs));
    else driver.transaction(() => failItem(driver, item, 'remove', { code: 'changed_during_upload', evidence: {} }, clock.now(), random));
  } else if (result.value === 'gone') {
    observeGoneBefore(driver, item, clock.now());
  } else {
    observeRemoved(driver, item.id);
  }
}
