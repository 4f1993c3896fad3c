import { describe, expect, test } from 'vitest';
import { adjust } from './adjusting.ts';
import { Crop, OFFERED_MAX, plainRecipe, type Recipe } from './adjustments.ts';
import { Asset, type Resource } from './entities.ts';
import { apply, CHANGED_SINCE, type Outcome, type Rows } from './fold.ts';
import { deriveAssetId, type LibraryId, type RevisionId, type Sha256 } from './ids.ts';
import { endLone } from './joining.ts';
import { lookOf, shownKey } from './looks.ts';
import { purged } from './media-kind.ts';
import { type AdjustAsset, Operation } from './operations.ts';

const hash = (digit: string): Sha256 => digit.repeat(64) as Sha256;
const revisionId = (digit: string): RevisionId => digit.repeat(32) as RevisionId;
const resource = (digit: string, more: Partial<Resource> = {}): Resource => ({ role: 'photo', sha256: hash(digit), bytes: 1, name: `${digit}.x`, mediaType: 'image/heic', ...more });
const brighter = (exposure: number): Recipe => ({ ...plainRecipe, exposure });

function photo(more: Partial<Asset> = {}, resources: Resource[] = [resource('a')]): Asset {
  const primary = resources[0]!.sha256;
  return {
    favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null,
    id: deriveAssetId('0f'.repeat(16) as LibraryId, primary), primary, state: 'live', trashedAt: null, mediaKind: 'photo', addedAt: 1, resources, details: null, ...more,
  };
}

/** An edit by its one-digit name, from another's; `recipe` is told apart by its exposure. */
const edit = (asset: Asset, id: string, base: string | null, recipe: Recipe | null, dismiss: string[] = []): AdjustAsset => ({
  op: 'asset.adjust',
  assetId: asset.id,
  revision: { id: revisionId(id), base: base === null ? null : revisionId(base), over: hash('a'), recipe },
  dismiss: dismiss.map(revisionId),
});

/** The asset after edits in the order of the log. */
const after = (asset: Asset, ...edits: AdjustAsset[]): Asset =>
  edits.reduce((row, each, at) => {
    const next = adjust(row, each, 1000 + at);
    if (typeof next === 'string') throw new Error(next);
    return next;
  }, asset);
const names = ({ adjustments }: Asset): string => `${adjustments?.current.id[0]} ${adjustments?.offered.map(({ id }) => id[0]).join('')}`;

describe('E1 a revision', () => {
  test('is shown, with the server’s time; the files stay as they are', () => {
    const before = photo();
    const row = after(before, edit(before, '1', null, brighter(0.5)));
    expect(row).toMatchObject({ resources: before.resources, adjustments: { current: { id: revisionId('1'), base: null, at: 1000 }, offered: [] } });
    expect(Asset.parse(row)).toEqual(row);
  });

  test('names a picture of the asset', () => {
    const asset = photo({}, [resource('a'), resource('b', { role: 'paired_video', mediaType: 'video/quicktime' }), resource('c', { role: 'sidecar', mediaType: 'application/xml' })]);
    const over = (digit: string) => adjust(asset, { ...edit(asset, '1', null, null), revision: { ...edit(asset, '1', null, null).revision, over: hash(digit) } }, 1);
    expect([over('b'), over('c'), over('d')]).toEqual(['invalid_request', 'invalid_request', 'resource_missing']);
  });

  const is = (recipe: unknown) => Operation.safeParse({ ...edit(photo(), '1', null, null), revision: { ...edit(photo(), '1', null, null).revision, recipe } }).success;
  test.each([{ exposure: 1.1 }, { exposure: Number.NaN }, { straighten: 46 }, { quarterTurns: 4 }, { quarterTurns: 0.5 }, { filter: { name: 'sepia', strength: 1 } }, { filter: { name: 'noir', strength: 2 } }, { crop: { left: 0.5, top: 0, width: 0.6, height: 1 } }, { crop: { left: 0, top: 0, width: 0, height: 1 } }, { tint: undefined }])('has bounds: not %j', (wrong) => {
    expect(is(plainRecipe)).toBe(true);
    expect(is({ ...plainRecipe, ...wrong })).toBe(false);
    expect(Crop.safeParse({ left: 0.1, top: 0.2, width: 0.9, height: 0.8 }).success).toBe(true);
  });

  test('of what is gone is not_found; one of a photo in Recently Deleted stays on it (M6)', () => {
    const asset = photo();
    const on = (row: Asset | undefined): Outcome => apply(edit(asset, '1', null, brighter(0.5)), { asset: () => row } as unknown as Rows, 1);
    expect([on(undefined), on(purged(asset))]).toEqual([{ outcome: 'rejected', code: 'not_found' }, { outcome: 'rejected', code: 'not_found' }]);
    expect(on({ ...asset, state: 'trashed' })).toMatchObject({ outcome: 'changed', entities: [{ row: { state: 'trashed', adjustments: {} } }] });
  });
});

describe('E2 E3 two edits', () => {
  const asset = photo();

  test('one after the other: the later takes the earlier one’s place', () => {
    expect(names(after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', brighter(0.2))))).toBe('2 ');
  });

  test('of one base are both kept: the later in the log is current, the other is offered', () => {
    expect(names(after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', brighter(0.2)), edit(asset, '3', '1', brighter(0.3))))).toBe('3 2');
    expect(names(after(asset, edit(asset, '2', null, brighter(0.2)), edit(asset, '3', null, brighter(0.3))))).toBe('3 2');
  });

  test('an edit beside a revert: the revert is no offer, and gives way to none silently', () => {
    expect(names(after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', null), edit(asset, '3', '1', brighter(0.3))))).toBe('3 ');
    expect(names(after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '3', '1', brighter(0.3)), edit(asset, '2', '1', null)))).toBe('2 3');
  });

  test('that look the same are no conflict', () => {
    expect(names(after(asset, edit(asset, '2', null, brighter(0.2)), edit(asset, '3', null, brighter(0.2))))).toBe('3 ');
  });

  test('of many, a bounded number is kept, the newest', () => {
    const many = Array.from({ length: OFFERED_MAX + 2 }, (_, at) => edit(asset, `${at + 1}`, null, brighter(at / 10)));
    expect(names(after(asset, ...many))).toBe('6 5432');
  });

  test('the same edit a second time changes nothing, whatever came between', () => {
    const [one, two] = [edit(asset, '1', null, brighter(0.1)), edit(asset, '2', null, brighter(0.2))];
    const row = after(asset, one, two);
    expect(adjust(row, two, 5)).toBe(row);
    expect(adjust(row, one, 5)).toBe(row);
  });
});

describe('E4 what is offered', () => {
  const asset = photo();
  const both = after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', null, brighter(0.2)));

  test('is taken by its id, from what is current, which then goes', () => {
    expect(names(after(both, edit(asset, '1', '2', brighter(0.1))))).toBe('1 ');
  });

  test('is dismissed by naming the current one again', () => {
    expect(names(after(both, edit(asset, '2', null, brighter(0.2), ['1'])))).toBe('2 ');
  });

  test('stays while the current one is edited further', () => {
    expect(names(after(both, edit(asset, '3', '2', brighter(0.3))))).toBe('3 1');
  });

  test('an edit that came meanwhile is not dismissed with it', () => {
    expect(names(after(both, edit(asset, '3', '2', brighter(0.3)), edit(asset, '2', null, brighter(0.2), ['1'])))).toBe('2 3');
    expect(names(after(both, edit(asset, '3', '2', brighter(0.3)), edit(asset, '1', '2', brighter(0.1))))).toBe('3 1');
  });

  test('an earlier look comes back under its own id: undo', () => {
    const edits = [edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', brighter(0.2)), edit(asset, '1', '2', brighter(0.1))];
    expect(names(after(asset, ...edits))).toBe('1 ');
  });
});

describe('E5 E6 adjustments', () => {
  const asset = photo();
  const row = after(asset, edit(asset, '1', null, brighter(0.1)));

  test('go with a photo that is purged, and on with one that is joined', () => {
    expect(purged(row)).not.toHaveProperty('adjustments');
    const holder = photo({}, [resource('b'), resource('a', { role: 'raw' })]);
    expect(endLone(holder, row)?.holder.adjustments).toEqual(row.adjustments);
    const edited = { ...holder, adjustments: after(asset, edit(asset, '9', null, brighter(0.9))).adjustments! };
    expect(endLone(edited, row)?.holder.adjustments?.current.id).toBe(revisionId('9'));
  });

  test('stay where a device that knows none offers the row (C4)', () => {
    const older: Asset = { ...row, caption: 'newer' };
    delete older.adjustments;
    const outcome = apply({ op: 'offer', seq: 7, entity: { kind: 'asset', row: older } }, { asset: () => row, offerBaseline: () => ({ generation: 0, seq: 3 }), isStored: () => true } as unknown as Rows, 1);
    expect(outcome).toMatchObject({ entities: [{ row: { caption: 'newer', adjustments: row.adjustments } }] });
  });

  test('come back to a row that was never adjusted: it cannot have followed the one that was, whatever their places say (C4)', () => {
    const offerTo = (held: Asset): Outcome =>
      apply({ op: 'offer', seq: 3, generation: 0, entity: { kind: 'asset', row } }, { asset: () => held, offerBaseline: () => ({ generation: 0, seq: 7 }), isStored: () => true } as unknown as Rows, 1);
    expect(offerTo({ ...asset, favourite: true })).toMatchObject({ entities: [{ row: { favourite: true, adjustments: row.adjustments } }] });
    expect(offerTo(after(row, edit(asset, '2', '1', brighter(0.2))))).toMatchObject({ outcome: 'unchanged' });
  });

  test('that were lost with an epoch come back to a row that was changed since (C4)', () => {
    const lost = after(asset, edit(asset, '1', null, brighter(0.1)));
    const offerTo = (held: Asset, offered: Asset = lost): Outcome =>
      apply({ op: 'offer', seq: 7, entity: { kind: 'asset', row: offered } }, { asset: () => held, offerBaseline: () => CHANGED_SINCE, isStored: () => true } as unknown as Rows, 1);
    const shown = (outcome: Outcome): unknown => (outcome.outcome === 'changed' ? [outcome.entities[0]!.row, names(outcome.entities[0]!.row as Asset)] : outcome.outcome);
    const trashed: Asset = { ...asset, state: 'trashed', trashedAt: 1, caption: 'kept' };
    expect(shown(offerTo(trashed))).toEqual([{ ...trashed, adjustments: lost.adjustments }, '1 ']);
    // What went on from the other is shown; where neither did, both are kept; what is known changes nothing.
    expect(shown(offerTo(after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', brighter(0.2)))))).toBe('unchanged');
    expect(shown(offerTo(lost, after(asset, edit(asset, '1', null, brighter(0.1)), edit(asset, '2', '1', brighter(0.2)))))).toMatchObject([{}, '2 ']);
    expect(shown(offerTo(after(asset, edit(asset, '2', null, brighter(0.2)))))).toMatchObject([{}, '2 1']);
    expect(shown(offerTo(after(asset, edit(asset, '2', null, brighter(0.2)), edit(asset, '1', null, brighter(0.1)))))).toBe('unchanged');
    expect(shown(offerTo(purged(asset)))).toBe('unchanged');
  });

  test('name what is shown', () => {
    expect(shownKey(asset)).toBe(hash('a'));
    expect(shownKey(row)).toBe('1'.repeat(32) + 'a'.repeat(32));
    expect(lookOf(after(row, edit(asset, '2', '1', null)))).toBeNull();
    expect(shownKey(after(row, edit(asset, '2', '1', null)))).toBe(hash('a'));
  });
});
