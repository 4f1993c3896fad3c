import { type AdjustAsset, adjustmentOf, type Asset, plainRecipe, type Recipe, type RevisionId } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { Look } from '../model/looks.ts';
import type { World } from '../world/world.ts';
import type { Action } from './action.ts';
import { chosen, type Handlers } from './handler.ts';

/** So few that two people meet at one photo. */
const NEAREST = 2;

/** Rule E1: a person changes the look of a photo that their device shows. */
function adjusts(world: World, device: Device, operation: AdjustAsset): boolean {
  const taken = device.ask((engine) => engine.act(operation).ok);
  if (taken === false || device.isFull) return false;
  const { id, base, over, recipe } = operation.revision;
  const key = `${device.account.libraryId}/${operation.assetId}`;
  const look: Look = { id, base, over, recipe: recipe === null ? null : JSON.stringify(recipe) };
  const act = { device: device.name, look, dismissed: operation.dismiss, operation: JSON.stringify(operation), isKept: device.lives && taken === true };
  world.model.looks.set(key, [...(world.model.looks.get(key) ?? []), act]);
  return true;
}

function shownTo(device: Device): readonly Asset[] {
  return device.ask((engine) => engine.assets({ state: 'live' })) ?? [];
}

function offeringTo(device: Device, action: Action): Asset | undefined {
  return chosen(shownTo(device).filter(({ adjustments }) => (adjustments?.offered.length ?? 0) > 0), action.x);
}

/** Few recipes, so that two people now and then want the same. */
function recipeOf(action: Action): Recipe | null {
  const { y, salt } = action;
  if (y % 5 === 0) return null;
  if (y % 5 === 1) return { ...plainRecipe, filter: { name: 'mono', strength: 1 } };
  return { ...plainRecipe, exposure: (salt % 201) / 100 - 1, quarterTurns: salt % 4, crop: salt % 3 === 0 ? { left: 0.1, top: 0.25, width: 0.5, height: 0.5 } : null };
}

const short = (id: string): string => id.slice(0, 8);

export const adjustingHandlers: Handlers = {
  'adjust': (world, device, action) => {
    const asset = chosen(shownTo(device).slice(0, NEAREST), action.x);
    if (!asset) return null;
    const offered = asset.adjustments?.offered ?? [];
    // An editor shows what is offered; some people have it away with the same stroke.
    const dismissed = action.y % 7 === 0 ? offered.map(({ id }) => id) : [];
    const operation = adjustmentOf(asset, recipeOf(action), world.chance().hex(32) as RevisionId, dismissed);
    if (!operation || !adjusts(world, device, operation)) return null;
    return `adjusts ${short(asset.id)} to ${short(operation.revision.id)} on ${operation.revision.base?.slice(0, 8) ?? 'nothing'}`;
  },
  /** Rule E1, undo: an earlier look under its own id. */
  'undo look': (world, device, action) => {
    const asset = chosen(shownTo(device).slice(0, NEAREST), action.x);
    const current = asset?.adjustments?.current;
    if (!asset || !current) return null;
    const earlier = chosen((world.model.looks.get(`${device.account.libraryId}/${asset.id}`) ?? []).filter(({ device: name, look }) => name === device.name && look.id !== current.id), action.y);
    if (!earlier) return null;
    const { id, recipe } = earlier.look;
    const operation = adjustmentOf(asset, recipe === null ? null : (JSON.parse(recipe) as Recipe), id as RevisionId);
    // One id stands for one look of one file (E1): the editor goes back on the file that it began with.
    if (!operation || operation.revision.over !== earlier.look.over || !adjusts(world, device, operation)) return null;
    return `takes ${short(asset.id)} back to ${short(id)}`;
  },
  /** Rule E4. */
  'take look': (world, device, action) => {
    const asset = offeringTo(device, action);
    const offered = chosen(asset?.adjustments?.offered ?? [], action.y);
    if (!asset?.adjustments || !offered) return null;
    const { id, over, recipe } = offered;
    if (!adjusts(world, device, { op: 'asset.adjust', assetId: asset.id, revision: { id, base: asset.adjustments.current.id, over, recipe }, dismiss: [] })) return null;
    return `takes the look ${short(id)} that ${short(asset.id)} is offered`;
  },
  /** Rule E4. */
  'dismiss look': (world, device, action) => {
    const asset = offeringTo(device, action);
    const dismissed = chosen(asset?.adjustments?.offered ?? [], action.y);
    if (!asset?.adjustments || !dismissed) return null;
    const { id, base, over, recipe } = asset.adjustments.current;
    if (!adjusts(world, device, { op: 'asset.adjust', assetId: asset.id, revision: { id, base, over, recipe }, dismiss: [dismissed.id] })) return null;
    return `dismisses the look ${short(dismissed.id)} of ${short(asset.id)}`;
  },
};
