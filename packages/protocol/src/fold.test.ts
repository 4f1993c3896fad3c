import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Album, type AlbumItem, type Asset, type Entity, keyOf, keyText } from './entities.ts';
import { apply, NOWHERE, type Rows, rowsNamedBy } from './fold.ts';
import { plainRecipe } from './adjustments.ts';
import type { AlbumId, AssetId, RevisionId, Sha256 } from './ids.ts';
import { Operation } from './operations.ts';

const assets = ['a', 'b', 'c'].map((digit) => digit.repeat(32) as AssetId);
const albums = ['1', '2'].map((digit) => digit.repeat(32) as AlbumId);
const fields = { favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null };

const munich = { latitude: 48.137, longitude: 11.575, altitude: null };

/** Rows in memory, as one who has made all changes himself sees them. */
class Library {
  readonly rows = new Map<string, Entity>();
  foreignSeq = 0;

  view(): Rows {
    const row = (key: string): unknown => this.rows.get(key)?.row;
    return {
      asset: (id) => row(`asset:${id}`) as Asset | undefined,
      album: (id) => row(`album:${id}`) as Album | undefined,
      item: (albumId, assetId) => row(`album_item:${albumId}/${assetId}`) as AlbumItem | undefined,
      foreignSeq: () => this.foreignSeq,
      wasPurged: () => false,
      isStored: () => true,
      offerBaseline: () => NOWHERE,
    };
  }

  apply(operation: Operation, now = 1000): ReturnType<typeof apply> {
    const outcome = apply(operation, this.view(), now);
    if (outcome.outcome === 'changed') for (const entity of outcome.entities) this.rows.set(keyText(keyOf(entity)), entity);
    return outcome;
  }

  asset(id: AssetId): Asset | undefined {
    return this.view().asset(id);
  }
}

const add = (assetId: AssetId): Operation => {
  const sha256 = assetId.repeat(2) as Sha256;
  return { op: 'asset.add', assetId, primary: sha256, resources: [{ role: 'photo', sha256, bytes: 1, name: 'a.jpg', mediaType: 'image/jpeg' }], fields, again: false };
};

const someAssets = fc.uniqueArray(fc.constantFrom(...assets), { minLength: 1 });
const aRevision = fc.constantFrom(...['d', 'e', 'f'].map((digit) => digit.repeat(32) as RevisionId));
const anAlbum = fc.constantFrom(...albums);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.constantFrom(...assets).map(add),
  fc.record({ op: fc.constant('asset.set' as const), assetIds: someAssets, fields: fc.record({ favourite: fc.boolean(), caption: fc.option(fc.string({ maxLength: 5 })) }) }),
  fc.record({ op: fc.constant('asset.set' as const), assetIds: someAssets, fields: fc.record({ capture: fc.record({ at: fc.nat(2), offsetMinutes: fc.constantFrom(null, 60) }), place: fc.constantFrom(null, munich) }) }),
  fc.record({
    op: fc.constant('asset.adjust' as const),
    assetId: fc.constantFrom(...assets),
    revision: fc.record({ id: aRevision, base: fc.option(aRevision), over: fc.constantFrom(...assets).map((id) => id.repeat(2) as Sha256), recipe: fc.option(fc.constantFrom(-0.5, 0.5).map((exposure) => ({ ...plainRecipe, exposure }))) }),
    dismiss: fc.uniqueArray(aRevision, { maxLength: 2 }),
  }),
  fc.record({ op: fc.constantFrom('asset.trash' as const, 'asset.recover' as const), assetIds: someAssets }),
  fc.record({ op: fc.constant('asset.purge' as const), assetId: fc.constantFrom(...assets), saw: fc.nat(10) }),
  fc.record({ op: fc.constantFrom('album.create' as const, 'album.rename' as const), albumId: anAlbum, name: fc.constantFrom('Lake', 'Snow') }),
  fc.record({ op: fc.constant('album.delete' as const), albumId: anAlbum }),
  fc.record({ op: fc.constant('album.add' as const), albumId: anAlbum, items: someAssets.map((ids) => ids.map((assetId) => ({ assetId, position: 'a0' }))) }),
  fc.record({ op: fc.constant('album.remove' as const), albumId: anAlbum, assetIds: someAssets, saw: fc.nat(10) }),
  fc.record({ op: fc.constant('album.order' as const), albumId: anAlbum, assetId: fc.constantFrom(...assets), position: fc.constantFrom('a1', 'a2') }),
);

describe('apply', () => {
  test('what an operation wants is so after it: a second time it changes nothing', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), operation, (before, last) => {
        const library = new Library();
        for (const one of before) library.apply(one);
        if (library.apply(last).outcome === 'rejected') return;
        const rows = JSON.stringify([...library.rows]);
        expect(library.apply(last).outcome).not.toBe('rejected');
        expect(JSON.stringify([...library.rows])).toBe(rows);
      }),
    );
  });

  test('it changes only rows that the operation names, and every one is valid', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), operation, (before, last) => {
        const library = new Library();
        for (const one of before) library.apply(one);
        const outcome = library.apply(last);
        const named = new Set(rowsNamedBy(last).map(keyText));
        if (outcome.outcome === 'changed') for (const entity of outcome.entities) expect(named).toContain(keyText(keyOf(entity)));
        expect(Operation.safeParse(last).success).toBe(true);
      }),
    );
  });

  test('M6: edits of a deleted asset stay on it', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    library.apply({ op: 'asset.trash', assetIds: [assets[0]!] });
    library.apply({ op: 'asset.set', assetIds: [assets[0]!], fields: { caption: 'kept' } });
    library.apply({ op: 'asset.recover', assetIds: [assets[0]!] });
    expect(library.asset(assets[0]!)).toMatchObject({ state: 'live', caption: 'kept', trashedAt: null });
  });

  test('M6: of many assets those that are gone are passed over', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    expect(library.apply({ op: 'asset.trash', assetIds: assets }).outcome).toBe('changed');
    expect(library.apply({ op: 'asset.trash', assetIds: assets.slice(1) })).toEqual({ outcome: 'rejected', code: 'not_found' });
  });

  test('M7: a purge needs Recently Deleted and no newer edit by another', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    const purge: Operation = { op: 'asset.purge', assetId: assets[0]!, saw: 5 };
    expect(library.apply(purge)).toEqual({ outcome: 'rejected', code: 'not_in_recently_deleted' });
    library.apply({ op: 'asset.trash', assetIds: [assets[0]!] });
    library.foreignSeq = 6;
    expect(library.apply(purge)).toEqual({ outcome: 'rejected', code: 'newer_edit' });
    library.foreignSeq = 5;
    library.apply(purge);
    expect(library.asset(assets[0]!)).toMatchObject({ state: 'purged', resources: [], caption: null });
  });

  test('M8: an add that the remover had not seen stays', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    library.apply({ op: 'album.create', albumId: albums[0]!, name: 'Lake' });
    library.apply({ op: 'album.add', albumId: albums[0]!, items: [{ assetId: assets[0]!, position: 'a0' }] });
    library.foreignSeq = 9;
    library.apply({ op: 'album.remove', albumId: albums[0]!, assetIds: [assets[0]!], saw: 8 });
    expect(library.view().item(albums[0]!, assets[0]!)?.present).toBe(true);
    library.apply({ op: 'album.remove', albumId: albums[0]!, assetIds: [assets[0]!], saw: 9 });
    expect(library.view().item(albums[0]!, assets[0]!)?.present).toBe(false);
  });

  test('M11: a corrected date or place keeps what the asset came with, until it is as it was', () => {
    const library = new Library();
    const own = { capture: fields.capture, place: fields.place };
    const set = (some: Partial<Asset>) => library.apply({ op: 'asset.set', assetIds: [assets[0]!], fields: some });
    library.apply(add(assets[0]!));
    expect(library.asset(assets[0]!)).not.toHaveProperty('asTaken');
    set({ capture: { at: 5000, offsetMinutes: 60 } });
    set({ capture: { at: 6000, offsetMinutes: 60 } });
    set({ place: munich, caption: 'in Munich' });
    expect(library.asset(assets[0]!)).toMatchObject({ capture: { at: 6000 }, place: munich, asTaken: own });
    set({ capture: own.capture });
    expect(library.asset(assets[0]!)).toMatchObject({ place: munich, asTaken: own });
    set({ place: null });
    expect(library.asset(assets[0]!)).not.toHaveProperty('asTaken');
    expect(library.asset(assets[0]!)?.caption).toBe('in Munich');
  });

  test('M11: an offer by a device that does not know what the asset came with leaves it to the server', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    const row = { ...library.asset(assets[0]!)!, place: munich };
    library.apply({ op: 'offer', seq: 7, entity: { kind: 'asset', row } });
    expect(library.asset(assets[0]!)).toMatchObject({ place: munich, asTaken: { capture: fields.capture, place: null } });
  });

  test('C4: an offer needs no bytes that the photo names here already, lost or not, and all others', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    const row = { ...library.asset(assets[0]!)!, caption: 'lost with the epoch' };
    const offer = (offered: Asset) => apply({ op: 'offer', seq: 7, entity: { kind: 'asset', row: offered } }, { ...library.view(), isStored: () => false }, 1000);
    expect(offer(row)).toMatchObject({ outcome: 'changed', entities: [{ row: { caption: 'lost with the epoch' } }] });
    const more = { ...row, resources: [...row.resources, { ...row.resources[0]!, role: 'raw' as const, sha256: 'e'.repeat(64) as Sha256 }] };
    expect(offer(more)).toEqual({ outcome: 'rejected', code: 'resource_missing' });
    library.apply({ op: 'asset.trash', assetIds: [assets[0]!] });
    library.apply({ op: 'asset.purge', assetId: assets[0]!, saw: 0 });
    expect(offer(row)).toEqual({ outcome: 'rejected', code: 'resource_missing' });
  });

  test('M11: of a purged asset nothing of it is left', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    library.apply({ op: 'asset.set', assetIds: [assets[0]!], fields: { place: munich } });
    library.apply({ op: 'asset.trash', assetIds: [assets[0]!] });
    library.apply({ op: 'asset.purge', assetId: assets[0]!, saw: 0 });
    expect(library.asset(assets[0]!)).not.toHaveProperty('asTaken');
  });

  test('A4: what was purged comes back only when a person asks', () => {
    const library = new Library();
    library.apply(add(assets[0]!));
    library.apply({ op: 'asset.trash', assetIds: [assets[0]!] });
    expect(library.apply(add(assets[0]!))).toEqual({ outcome: 'rejected', code: 'deleted_from_library' });
    library.apply({ op: 'asset.purge', assetId: assets[0]!, saw: 0 });
    expect(library.apply(add(assets[0]!))).toEqual({ outcome: 'rejected', code: 'deleted_from_library' });
    library.apply({ ...(add(assets[0]!) as Extract<Operation, { op: 'asset.add' }>), again: true });
    expect(library.asset(assets[0]!)?.state).toBe('live');
  });
});
