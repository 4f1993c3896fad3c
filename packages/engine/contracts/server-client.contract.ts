import { AlbumId, type AssetFields, type DeviceReport, type Epoch, type LibraryId, MutationId, type Operation, type Session, Sha256, deriveAssetId } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bytes, ServerClient } from '../src/ports/server-client.ts';
import { TransferError } from '../src/ports/source.ts';
import { bytesOf } from './source.contract.ts';

export interface ServerClientWorld {
  /** Signed in to an account of its own with an empty library of 5 GB. */
  readonly client: ServerClient;
  /** Another account on the same server. */
  readonly stranger: ServerClient;
  /** The same account's client, whose session the server does not accept. */
  readonly expired: ServerClient;
  /** Bytes of that length and their hash; another seed is other bytes. */
  bytes(seed: string, length: number): { readonly content: Uint8Array; readonly sha256: string };
  end(): Promise<void>;
}

const never = new AbortController().signal;
const none = { found: 0, verified: 0, waiting: 0, uploading: 0, failed: 0, excluded: 0 };
const report: DeviceReport = { state: 'idle', items: none, bytes: none, atRisk: { items: 0, bytes: 0, oldest: null }, downloads: { items: 0, bytes: 0 }, pendingChanges: 0, behind: 0, reasons: [], conditions: {}, versions: { protocol: 1, program: '0.1.0' }, progressAt: null, storage: { freeBytes: null } };
const fields: AssetFields = { favourite: false, hidden: false, archived: false, caption: null, capture: { at: 0, offsetMinutes: null }, place: null };

/** What every implementation of the port `ServerClient` does, with the server that is behind it. */
export function serverClientContract(name: string, begin: () => Promise<ServerClientWorld>): void {
  describe(`${name} keeps the contract of ServerClient`, () => {
    let world: ServerClientWorld;
    let session: Session;
    let library: LibraryId;
    let epoch: Epoch;
    beforeEach(async () => {
      world = await begin();
      const answer = await world.client.session(never);
      if (!answer.ok) throw new Error(answer.failure.code);
      session = answer.value;
      const [first] = session.libraries;
      if (first === undefined) throw new Error('the account has no library');
      ({ id: library, epoch } = first);
    });
    afterEach(() => world.end());

    const some = (seed: string, length = 5000): { content: Uint8Array; sha256: Sha256 } => {
      const { content, sha256 } = world.bytes(seed, length);
      return { content, sha256: Sha256.parse(sha256) };
    };
    const announce = ({ content, sha256 }: { content: Uint8Array; sha256: Sha256 }): { library: LibraryId; sha256: Sha256; bytes: number; name: string } => ({ library, sha256, bytes: content.length, name: 'Käfer 🐞.jpg' });
    const mutate = (number: number, operation: Operation): ReturnType<ServerClient['mutate']> =>
      world.client.mutate(
        library,
        { epoch, acknowledged: 0, mutations: [{ number, id: MutationId.parse(String(number).padStart(32, '0')), operation }] },
        never,
      );
    const addition = (sha256: Sha256, bytes: number): Operation => ({
      op: 'asset.add',
      assetId: deriveAssetId(library, sha256),
      primary: sha256,
      resources: [{ role: 'photo', sha256, bytes, name: 'IMG_1.JPG', mediaType: 'image/jpeg' }],
      fields,
      again: false,
    });

    test('a file sent at once is stored, known, and comes back byte for byte (U1, A5)', async () => {
      const one = some('one');
      expect(await world.client.known(library, [one.sha256], never)).toMatchObject({ ok: true, value: { standings: ['missing'] } });
      expect(await world.client.createUpload(announce(one), chunks(one.content), never)).toMatchObject({ ok: true, value: { offset: one.content.length } });
      expect(await world.client.known(library, [one.sha256], never)).toMatchObject({ ok: true, value: { standings: ['stored'] } });
      const all = await world.client.download(library, one.sha256, 0, never);
      expect(all.ok && (await bytesOf(all.value))).toEqual(new Uint8Array(one.content));
      const tail = await world.client.download(library, one.sha256, 4000, never);
      expect(tail.ok && (await bytesOf(tail.value))).toEqual(new Uint8Array(one.content.slice(4000)));
    });

    test('what is asked for with every byte read again is answered in the same way (A5)', async () => {
      const one = some('one');
      await world.client.createUpload(announce(one), chunks(one.content), never);
      expect(await world.client.verified(library, [one.sha256, some('two').sha256], never)).toMatchObject({ ok: true, value: { epoch, standings: ['stored', 'missing'], verified: true } });
    });

    test('a preview of what is not there is not found', async () => {
      expect(await world.client.preview(library, deriveAssetId(library, some('one').sha256), never)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    });

    test('a file sent in parts goes on from the stored offset, also by a device that forgot it (U3, U4)', async () => {
      const one = some('one');
      const begun = await world.client.createUpload(announce(one), null, never);
      if (!begun.ok) throw new Error(begun.failure.code);
      expect(begun.value.offset).toBe(0);
      const half = await world.client.appendUpload(begun.value.upload, 0, 2000, chunks(one.content.slice(0, 2000)), never);
      expect(half).toMatchObject({ ok: true, value: { offset: 2000 } });
      const found = await world.client.createUpload(announce(one), null, never);
      expect(found).toEqual({ ok: true, value: { upload: begun.value.upload, offset: 2000 } });
      const whole = await world.client.appendUpload(begun.value.upload, 2000, 3000, chunks(one.content.slice(2000)), never);
      expect(whole).toMatchObject({ ok: true, value: { offset: 5000 } });
    });

    test('another offset than the stored one is refused with the stored one (U4)', async () => {
      const one = some('one');
      const begun = await world.client.createUpload(announce(one), null, never);
      if (!begun.ok) throw new Error(begun.failure.code);
      expect(await world.client.appendUpload(begun.value.upload, 1000, 4000, chunks(one.content.slice(1000)), never)).toMatchObject({
        ok: false,
        failure: { code: 'offset_mismatch', evidence: { offset: 0 } },
      });
    });

    test('bytes of another hash are refused and nothing is stored (U5)', async () => {
      const one = some('one');
      expect(await world.client.createUpload(announce(one), chunks(some('two').content), never)).toMatchObject({ ok: false, failure: { code: 'checksum_mismatch' } });
      expect(await world.client.known(library, [one.sha256], never)).toMatchObject({ ok: true, value: { standings: ['missing'] } });
    });

    test('what does not fit into the plan is refused with the bytes that are short (U2)', async () => {
      const resource = { library, sha256: some('one').sha256, bytes: 6_000_000_000, name: 'film.mov' };
      expect(await world.client.createUpload(resource, null, never)).toMatchObject({ ok: false, failure: { code: 'item_larger_than_plan', evidence: { shortBytes: 1_000_000_000 } } });
    });

    test('a file that fails while it is read gives the file’s own code', async () => {
      const one = some('one', 500_000);
      const torn = (async function* (): Bytes {
        yield one.content.slice(0, 1000);
        throw new TransferError('changed_during_upload', 'it was written');
      })();
      expect(await world.client.createUpload(announce(one), torn, never)).toMatchObject({ ok: false, failure: { code: 'changed_during_upload' } });
    });

    test('a change is applied once, stands in the log, and its repeat gives the same result (M1, M3)', async () => {
      const one = some('one');
      await world.client.createUpload(announce(one), chunks(one.content), never);
      const first = await mutate(1, addition(one.sha256, one.content.length));
      expect(first).toMatchObject({ ok: true, value: { lastNumber: 1, results: [{ number: 1, outcome: 'applied', seq: 1 }] } });
      expect(await mutate(1, addition(one.sha256, one.content.length))).toEqual(first);
      expect(await world.client.changes(library, { epoch, seq: 0, incarnations: [], told: [], generation: 0 }, never)).toMatchObject({ ok: true, value: { from: 0, to: 1, head: 1, entries: [{ kind: 'asset', seq: 1 }] } });
      expect(await world.client.snapshot(library, null, never)).toMatchObject({ ok: true, value: { seq: 1, next: null, entries: [{ kind: 'asset' }] } });
    });

    test('a snapshot of several pages is read to its end, each row once (C1)', async () => {
      const albums = 2200;
      for (let from = 1; from <= albums; from += 200) {
        const mutations = Array.from({ length: 200 }, (_, at) => {
          const id = String(from + at).padStart(32, '0');
          return { number: from + at, id: MutationId.parse(id), operation: { op: 'album.create' as const, albumId: AlbumId.parse(id), name: `Album ${from + at}` } };
        });
        expect(await world.client.mutate(library, { epoch, acknowledged: from - 1, mutations }, never)).toMatchObject({ ok: true, value: { lastNumber: from + 199 } });
      }
      const seen = new Set<string>();
      let [pages, next] = [0, null as string | null];
      do {
        const page = await world.client.snapshot(library, next, never);
        if (!page.ok) throw new Error(page.failure.code);
        for (const entry of page.value.entries) seen.add(JSON.stringify(entry));
        ({ next } = page.value);
        pages += 1;
      } while (next !== null && pages < albums);
      expect(seen.size).toBe(albums);
    });

    test('an asset whose bytes are not stored is refused in its result, not as a fault (A3)', async () => {
      expect(await mutate(1, addition(some('one').sha256, 5000))).toMatchObject({ ok: true, value: { results: [{ outcome: 'rejected', code: 'resource_missing' }] } });
    });

    test('a number beyond the next is refused with the one that is expected (M1)', async () => {
      expect(await mutate(7, addition(some('one').sha256, 5000))).toMatchObject({ ok: false, failure: { code: 'mutation_gap', evidence: { expected: 1 } } });
    });

    test('what a device says of itself is taken, and tells which settings hold for it (D1, D2)', async () => {
      const { id } = session.device;
      expect(await world.client.report(id, { clock: 0, report }, never)).toEqual({ ok: true, value: { settingsVersion: 0, settingsChange: null } });
      const change = { clock: 0, base: 0, change: 'a'.repeat(32), settings: { sync: false } };
      expect(await world.client.changeSettings(id, change, never)).toMatchObject({ ok: true, value: { version: 1, settings: { sync: false } } });
      expect(await world.client.settings(id, never)).toMatchObject({ ok: true, value: { version: 1, settings: { sync: false } } });
      expect(await world.client.report(id, { clock: 0, report }, never)).toEqual({ ok: true, value: { settingsVersion: 1, settingsChange: change.change } });
    });

    test('a change of settings that another went before is refused, its repeat is not (D3)', async () => {
      const { id } = session.device;
      const change = { clock: 0, base: 0, change: 'a'.repeat(32), settings: { sync: false } };
      const first = await world.client.changeSettings(id, change, never);
      expect(await world.client.changeSettings(id, change, never)).toMatchObject({ ok: true, value: first.ok ? { version: first.value.version, settings: first.value.settings } : {} });
      expect(await world.client.changeSettings(id, { ...change, change: 'b'.repeat(32) }, never)).toMatchObject({ ok: false, failure: { code: 'settings_changed' } });
      expect(await world.client.changeSettings(id, { ...change, base: 1, after: 'c'.repeat(32), change: 'b'.repeat(32) }, never)).toMatchObject({ ok: false, failure: { code: 'settings_changed' } });
      expect(await world.stranger.settings(id, never)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    });

    test('a session that does not hold and a library of another give their codes (X1, X2)', async () => {
      expect(await world.expired.session(never)).toMatchObject({ ok: false, failure: { code: 'session_revoked' } });
      expect(await world.stranger.snapshot(library, null, never)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
      expect(await world.stranger.known(library, [some('one').sha256], never)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
      expect(await world.stranger.download(library, some('one').sha256, 0, never)).toMatchObject({ ok: false, failure: { code: 'not_found' } });
    });
  });
}

async function* chunks(content: Uint8Array): Bytes {
  for (let at = 0; at < content.length; at += 1000) yield content.slice(at, at + 1000);
}
