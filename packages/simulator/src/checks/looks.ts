import type { Adjustments } from '@everroll/protocol';
import { type Look, type LookAct, Shown, textOfShown } from '../model/looks.ts';
import type { World } from '../world/world.ts';

/** I12: no look that a person gave a photo is lost without a word; what became of each is what rules E2 to E4 say. */
export function checkLooks(world: World): void {
  for (const [key, acts] of world.model.looks) {
    const [library = '', asset = ''] = key.split('/');
    if (world.model.purgedAssets.has(key) || wasJoined(world, library, asset)) continue;
    const [row] = world.machine.database.rows("SELECT adjustments FROM asset WHERE library_id = ? AND id = ? AND state <> 'purged'", library, asset);
    // What became of the photo itself other checks ask.
    if (row === undefined) continue;
    const held = shownBy(row['adjustments']);
    if (world.model.rollbacks > 0) checkLone(world, asset, acts, held);
    else checkOrder(world, asset, acts, held);
  }
}

/** Looks go on with the photo that another became a part of (A7): two histories in one, which nobody here has followed. */
function wasJoined(world: World, library: string, asset: string): boolean {
  return world.machine.database.rows('SELECT 1 FROM asset WHERE library_id = ?1 AND ((id = ?2 AND joined_to IS NOT NULL) OR joined_to = ?2)', library, asset).length > 0;
}

const lookOf = ({ id, base, over, recipe }: Adjustments['current']): Look => ({ id, base, over, recipe: recipe === null ? null : JSON.stringify(recipe) });

function shownBy(column: unknown): Shown {
  const shown = new Shown();
  if (typeof column !== 'string') return shown;
  const { current, offered } = JSON.parse(column) as Adjustments;
  shown.current = lookOf(current);
  shown.offered = offered.map(lookOf);
  return shown;
}

/** Every act was decided, and what is shown is what they make in the order of the log. */
function checkOrder(world: World, asset: string, acts: readonly LookAct[], held: Shown): void {
  const { decided, applied } = world.operations.decisionsOf(acts.map(({ operation }) => operation));
  const undecided = acts.find(({ operation, isKept, device }) => isKept && !decided.has(operation) && !world.model.forgetful.has(device));
  if (undecided) return world.fail('I12', `the look ${undecided.look.id.slice(0, 8)} of ${undecided.device} for ${asset.slice(0, 8)} never came to the server`);
  const expected = new Shown();
  const byOperation = new Map(acts.map((act) => [act.operation, act]));
  for (const operation of applied) {
    const act = byOperation.get(operation);
    if (act) expected.apply(act);
  }
  if (textOfShown(expected) !== textOfShown(held)) world.fail('I12', `${asset.slice(0, 8)} shows ${textOfShown(held)}; people made it ${textOfShown(expected)}`);
}

/** The server went back: where one person alone gave it one look, that look holds all the same (C4). */
function checkLone(world: World, asset: string, acts: readonly LookAct[], held: Shown): void {
  const [only] = acts;
  if (acts.length !== 1 || !only?.isKept || world.model.forgetful.has(only.device) || world.results.decided.get(only.operation) === 'rejected') return;
  if (held.current?.id !== only.look.id) world.fail('I12', `the look ${only.look.id.slice(0, 8)} of ${only.device} is lost: ${asset.slice(0, 8)} shows ${textOfShown(held)}`);
}
