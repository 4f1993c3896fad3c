import { type LibraryId, type ResourceStanding, type Sha256, VERIFY_MAX } from '@everroll/protocol';
import { readMeta } from '../database/meta.ts';
import { entryOf, type Item, itemsWhere } from '../items/item.ts';
import { done, failed, type Result } from '../ports/failure.ts';
import type { Ports } from '../ports/world.ts';
import { refreshAllNeeds } from '../replica/originals.ts';

export type Removed =
  /** Nothing was done: these are not saved yet. */
  | { readonly what: 'at risk'; readonly items: readonly Item[] }
  | {
      readonly what: 'removed';
      readonly items: number;
      readonly bytes: number;
      /** Changed since, or no longer confirmed: they lie in the folder as plain files. */
      readonly kept: readonly Item[];
    };

/**
 * "Remove from this device": the library folder is given up and what lies in it goes, as far as the
 * server confirms at that moment that it holds it, verified (I6). What is no photo of the library stays.
 * The library on the server, and its list on this device, are as they were. No run may be under way.
 *
 * The folder is given up first: from then on no file that is gone from it is taken for a deletion,
 * wherever this is cut off.
 */
export async function removeFromDevice(ports: Ports, signal: AbortSignal): Promise<Result<Removed>> {
  const { driver, server } = ports;
  const library = readMeta(driver, 'identity')?.library.id;
  const row = driver.prepare("SELECT id, location FROM source WHERE kind = 'folder'").get();
  if (library === undefined) return failed('signed_out');
  if (!row) return failed('invalid_request', { detail: 'This device has no library folder.' });
  const sourceId = Number(row['id']);
  const items = itemsWhere(driver, "source_id = ? AND stage <> 'vanished'", sourceId);
  // A picture whose original the server may have lost is the last that is left of it.
  const unsaved = items.filter(({ stage, code }) => stage !== 'verified' && (stage !== 'evicted' || code !== null) && stage !== 'remove' && stage !== 'excluded');
  const originals = items.filter(isOriginal);
  const lost = await notHeld(originals, (hashes) => confirmed(ports, library, hashes, signal));
  if (!lost.ok) return lost;
  if (unsaved.length + lost.value.length > 0) return done({ what: 'at risk', items: [...unsaved, ...lost.value] });

  const folder = ports.openFolder({ kind: 'folder', location: String(row['location']) });
  driver.transaction(() => {
    driver.prepare('DELETE FROM item WHERE source_id = ?').run(sourceId);
    driver.prepare('DELETE FROM source WHERE id = ?').run(sourceId);
    refreshAllNeeds(driver);
  });
  const kept: Item[] = [];
  let bytes = 0;
  let removed = 0;
  const take = async (item: Item): Promise<void> => {
    const result = await folder.remove(entryOf(item));
    if (result.ok && result.value === 'removed') {
      removed += 1;
      bytes += item.bytes;
    } else if (!result.ok || result.value === 'changed') kept.push(item);
  };
  // What stands for an original needs nobody's word.
  for (const item of items.filter(({ stage, preview }) => preview && (stage === 'remove' || stage === 'evicted'))) await take(item);
  for (const batch of batches([...originals, ...items.filter(isDeleted)])) {
    const held = signal.aborted ? undefined : await server.verified(library, batch.map(({ sha256 }) => sha256), signal);
    const standing = (at: number): ResourceStanding | undefined => (held?.ok === true && held.value.verified === true && held.value.epoch === readMeta(driver, 'cursor').epoch ? held.value.standings[at] : undefined);
    for (const [at, item] of batch.entries()) {
      if (standing(at) === 'stored' || (standing(at) === 'deleted' && isDeleted(item))) await take(item);
      else kept.push(item);
    }
  }
  return done({ what: 'removed', items: removed, bytes, kept });
}

type Original = Item & { readonly sha256: Sha256 };

function isOriginal(item: Item): item is Original {
  return item.stage === 'verified' && item.sha256 !== null;
}

/** Its photo was deleted, and it was to go anyway. */
function isDeleted(item: Item): item is Original {
  return item.stage === 'remove' && !item.preview && item.sha256 !== null;
}

function* batches(items: readonly Original[]): Generator<readonly Original[]> {
  for (let at = 0; at < items.length; at += VERIFY_MAX) yield items.slice(at, at + VERIFY_MAX);
}

/** Which of these hashes the server holds, in this device's epoch, without reading them again. */
async function confirmed({ driver, server }: Ports, library: LibraryId, hashes: readonly Sha256[], signal: AbortSignal): Promise<Result<readonly boolean[]>> {
  const answer = await server.known(library, hashes, signal);
  if (!answer.ok) return answer;
  const isNow = answer.value.epoch === readMeta(driver, 'cursor').epoch;
  return done(hashes.map((_, at) => isNow && answer.value.standings[at] === 'stored'));
}

async function notHeld(originals: readonly Original[], ask: (hashes: readonly Sha256[]) => Promise<Result<readonly boolean[]>>): Promise<Result<Original[]>> {
  const lost: Original[] = [];
  for (const batch of batches(originals)) {
    const held = await ask(batch.map(({ sha256 }) => sha256));
    if (!held.ok) return held;
    lost.push(...batch.filter((_, at) => held.value[at] !== true));
  }
  return done(lost);
}
