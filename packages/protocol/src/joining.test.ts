import { describe, expect, test } from 'vitest';
import type { Asset, Resource, ResourceRole } from './entities.ts';
import { apply, NOWHERE, type Rows } from './fold.ts';
import { type AssetId, assetIdBeside, deriveAssetId, type LibraryId, type Sha256 } from './ids.ts';
import { endLone, holderOf, isSameMoment, join } from './joining.ts';
import type { AddAsset } from './operations.ts';

const library = '0f'.repeat(16) as LibraryId;
const hash = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const resource = (digit: string, role: ResourceRole): Resource => ({ role, sha256: hash(digit), bytes: 1, name: `${digit}.x`, mediaType: 'image/x' });
const fields = { favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null };

function asset(resources: Resource[], more: Partial<Asset> = {}): Asset {
  const primary = resources[0]!.sha256;
  return { ...fields, id: deriveAssetId(library, primary), primary, state: 'live', trashedAt: null, mediaKind: 'photo', addedAt: 1, resources, details: null, ...more };
}

const photo = asset([resource('a', 'photo')]);
const raw = asset([resource('b', 'raw'), resource('c', 'sidecar')], { mediaKind: 'raw' });
const roles = (of: Asset): string[] => of.resources.map(({ role, sha256 }) => `${role} ${sha256[0]}`);

/** What the two assets are after a join. */
function joined(holder: Asset, lone: Asset, as: Parameters<typeof join>[2]): [Asset, Asset] {
  const entities = join(holder, lone, as)!;
  return entities.map((entity) => entity.row) as [Asset, Asset];
}

describe('A7 joining two assets', () => {
  test('the one that goes on has all resources, each in its role; the other is a tombstone that names it', () => {
    const [whole, tombstone] = joined(photo, raw, 'raw');
    expect(roles(whole)).toEqual(['photo a', 'raw b', 'sidecar c']);
    expect(whole.mediaKind).toBe('photo');
    expect(tombstone).toMatchObject({ id: raw.id, state: 'purged', trashedAt: null, resources: [], joinedTo: photo.id });
  });

  test('a lone video makes a Live Photo', () => {
    const [whole] = joined(photo, asset([resource('d', 'video')], { mediaKind: 'video' }), 'paired_video');
    expect(whole.mediaKind).toBe('live_photo');
  });

  test('both halves of an edited Live Photo are edits of the original', () => {
    const [whole] = joined(photo, asset([resource('d', 'photo'), resource('e', 'paired_video'), resource('f', 'sidecar')]), 'rendered_edit');
    expect(roles(whole)).toEqual(['photo a', 'rendered_edit d', 'rendered_edit e', 'sidecar f']);
    expect(whole.mediaKind).toBe('photo');
  });

  test('bytes that it has already are not listed twice', () => {
    const [whole] = joined(asset([resource('a', 'photo'), resource('e', 'paired_video')]), asset([resource('d', 'photo'), resource('e', 'paired_video')]), 'rendered_edit');
    expect(roles(whole)).toEqual(['photo a', 'paired_video e', 'rendered_edit d']);
  });

  test('favourite and caption pass over, and replace nothing', () => {
    expect(joined(photo, { ...raw, favourite: true, caption: 'b' }, 'raw')[0]).toMatchObject({ favourite: true, caption: 'b' });
    expect(joined({ ...photo, caption: 'a' }, { ...raw, caption: 'b' }, 'raw')[0]).toMatchObject({ favourite: false, caption: 'a' });
  });

  test('nothing hidden is joined to what is shown, nothing to what is deleted, and no asset to itself', () => {
    expect(join(photo, { ...raw, hidden: true }, 'raw')).toBeNull();
    expect(join({ ...photo, hidden: true }, { ...raw, hidden: true }, 'raw')).not.toBeNull();
    expect(join({ ...photo, state: 'trashed', trashedAt: 1 }, raw, 'raw')).toBeNull();
    expect(join(photo, { ...raw, state: 'trashed', trashedAt: 1 }, 'raw')).toBeNull();
    expect(endLone(photo, photo)).toBeNull();
  });

  test('an asset never gets more resources than an entry may have', () => {
    const many = Array.from('bcdef012345678').map((digit) => resource(digit, 'sidecar'));
    expect(join(asset([resource('a', 'photo'), ...many]), asset([resource('9', 'raw')]), 'raw')).not.toBeNull();
    expect(join(asset([resource('a', 'photo'), resource('9', 'raw'), ...many]), asset([{ ...resource('a', 'sidecar'), sha256: `${'9'.repeat(63)}a` as Sha256 }]), 'sidecar')).toBeNull();
  });
});

describe('A7 adding', () => {
  const add = (primary: Resource, ...parts: Resource[]): AddAsset => ({
    op: 'asset.add',
    assetId: deriveAssetId(library, primary.sha256),
    primary: primary.sha256,
    resources: [primary, ...parts],
    fields,
    again: false,
  });
  const rowsOf = (...assets: Asset[]): Rows => ({
    asset: (id) => assets.find((one) => one.id === id),
    album: () => undefined,
    item: () => undefined,
    foreignSeq: () => 0,
    wasPurged: () => false,
    isStored: () => true,
    offerBaseline: () => NOWHERE,
  });

  test('the id of an asset beside another is that of the same library', () => {
    expect(assetIdBeside(photo.id, photo.primary, raw.primary)).toBe(raw.id);
  });

  test('a resource ends the asset that has only that, and no asset that has more', () => {
    const lone = asset([resource('b', 'raw')]);
    const outcome = apply(add(photo.resources[0]!, resource('b', 'raw')), rowsOf(photo, lone), 1);
    expect(outcome).toMatchObject({ outcome: 'changed', entities: [{ row: { id: photo.id } }, { row: { id: lone.id, state: 'purged', joinedTo: photo.id } }] });
    const kept = apply(add(photo.resources[0]!, resource('b', 'raw')), rowsOf(photo, raw), 1);
    expect(kept).toMatchObject({ outcome: 'changed', entities: [{ row: { id: photo.id } }] });
  });

  test('what was joined, by itself, changes nothing, and is refused while its holder lies in Recently Deleted', () => {
    const [whole, tombstone] = joined(photo, raw, 'raw');
    expect(apply(add(raw.resources[0]!), rowsOf(whole, tombstone), 1)).toEqual({ outcome: 'unchanged' });
    const trashed: Asset = { ...whole, state: 'trashed', trashedAt: 1 };
    expect(apply(add(raw.resources[0]!), rowsOf(trashed, tombstone), 1)).toEqual({ outcome: 'rejected', code: 'deleted_from_library' });
    expect(apply({ ...add(raw.resources[0]!), again: true }, rowsOf(trashed, tombstone), 1)).toMatchObject({ outcome: 'changed', entities: [{ row: { id: photo.id, state: 'live' } }] });
  });

  test('what was joined to an asset that is gone is an asset of its own again', () => {
    const [, tombstone] = joined(photo, raw, 'raw');
    const outcome = apply(add(raw.resources[0]!), rowsOf(tombstone), 1);
    expect(outcome).toMatchObject({ outcome: 'changed', entities: [{ row: { id: raw.id, state: 'live', addedAt: raw.addedAt } }] });
    expect(outcome.outcome === 'changed' && 'joinedTo' in outcome.entities[0]!.row).toBe(false);
  });
});

describe('the asset that holds what was joined', () => {
  const tombstone = (of: Asset, to: AssetId): Asset => ({ ...of, state: 'purged', resources: [], joinedTo: to });
  const find = (...assets: Asset[]) => (id: AssetId) => assets.find((one) => one.id === id);
  test('is found through another that was joined in its turn', () => {
    const whole = asset([resource('d', 'photo')]);
    expect(holderOf(tombstone(raw, photo.id), find(tombstone(photo, whole.id), whole))).toBe(whole);
  });
  test('is none where it is unknown, was purged, or the rows of two epochs name each other', () => {
    expect(holderOf(tombstone(raw, photo.id), find())).toBeUndefined();
    expect(holderOf(tombstone(raw, photo.id), find({ ...photo, state: 'purged' }))).toBeUndefined();
    expect(holderOf(tombstone(raw, photo.id), find(tombstone(photo, raw.id), tombstone(raw, photo.id)))).toBeUndefined();
  });
});

describe('one moment', () => {
  const at = (hours: number, offsetMinutes: number | null) => ({ at: hours * 3_600_000, offsetMinutes });
  test.each([
    ['two instants', at(12, -300), at(12, 60), true],
    ['an instant and the wall clock of its place', at(12, -300), at(7, null), true],
    ['an instant and the wall clock of another', at(12, -300), at(12, null), false],
    ['two wall clocks', at(12, null), at(12, null), true],
  ])('%s', (_, a, b, same) => {
    expect(isSameMoment(a, b, 1000)).toBe(same);
    expect(isSameMoment({ ...a, at: a.at + 1001 }, b, 1000)).toBe(false);
  });
});
