import type { AccountId, AlbumId, AssetId, DeviceId, Epoch, LibraryId } from '@everroll/protocol';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UniqueViolation } from './errors.ts';
import type { Database } from './schema.ts';

/** What the server relies on, whatever engine is below. `open` gives an empty database with the schema. */
export function databaseContract(engine: string, open: () => Promise<Kysely<Database>>): void {
  describe(`database contract: ${engine}`, () => {
    let db: Kysely<Database>;
    const accountId = 'a'.repeat(32) as AccountId;
    const libraryId = 'b'.repeat(32) as LibraryId;
    const account = {
      id: accountId,
      email: 'a@example.com',
      name: 'A',
      role: 'owner' as const,
      password_hash: '',
      plan_bytes: 12_000_000_000_000,
      used_bytes: 0,
      reserved_bytes: 0,
      disabled_at: null,
      created_at: Date.UTC(2026, 0, 1),
    };

    beforeEach(async () => {
      db = await open();
      await db.insertInto('account').values(account).execute();
      await db.insertInto('library').values({ id: libraryId, account_id: accountId, name: 'Photos', epoch: 'e'.repeat(32) as Epoch, head: 0, created_at: 0 }).execute();
    });
    afterEach(async () => await db.destroy());

    test('numbers beyond 32 bits come back as numbers', async () => {
      const row = await db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
      expect(row).toEqual(account);
    });

    test('sums and extremes come back as numbers', async () => {
      const row = await db.selectFrom('account').select((eb) => [eb.fn.max('plan_bytes').as('most'), eb.fn.min('plan_bytes').as('least')]).executeTakeFirstOrThrow();
      expect(row).toEqual({ most: 12_000_000_000_000, least: 12_000_000_000_000 });
    });

    test('a transaction that throws leaves nothing', async () => {
      const failing = db.transaction().execute(async (trx) => {
        await trx.updateTable('library').set({ head: 7 }).execute();
        throw new Error('killed');
      });
      await expect(failing).rejects.toThrow('killed');
      expect((await db.selectFrom('library').select('head').executeTakeFirstOrThrow()).head).toBe(0);
    });

    test('nobody sees the middle of a transaction', async () => {
      const release = Promise.withResolvers<undefined>();
      const written = Promise.withResolvers<undefined>();
      const writing = db.transaction().execute(async (trx) => {
        await trx.updateTable('library').set({ head: 1 }).execute();
        written.resolve(undefined);
        await release.promise;
        await trx.updateTable('library').set({ head: 2 }).execute();
      });
      await written.promise;
      const reading = db.selectFrom('library').select('head').executeTakeFirstOrThrow();
      release.resolve(undefined);
      const [, { head }] = await Promise.all([writing, reading]);
      expect([0, 2]).toContain(head);
    });

    test('of counters taken at once none is taken twice', async () => {
      const taken = await Promise.all(
        Array.from({ length: 20 }, async () => {
          return await db.transaction().execute(async (trx) => {
            const { head } = await trx.updateTable('library').set((eb) => ({ head: eb('head', '+', 1) })).returning('head').executeTakeFirstOrThrow();
            await Promise.resolve();
            return head;
          });
        }),
      );
      expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    });

    test('text is ordered by its bytes: upper case before lower case', async () => {
      const positions = ['a', 'B', 'A', 'b', 'Zz', 'z0', 'Z0', '0'];
      const item = { library_id: libraryId, album_id: 'd'.repeat(32) as AlbumId, seq: 1, actor: 'server' as const, foreign_seq: 0, offer_seq: null, present: 1 };
      await db
        .insertInto('album_item')
        .values(positions.map((position, place) => ({ ...item, asset_id: place.toString(16).padStart(32, '0') as AssetId, position })))
        .execute();
      const rows = await db.selectFrom('album_item').select('position').orderBy('position').execute();
      expect(rows.map((row) => row.position)).toEqual(['0', 'A', 'B', 'Z0', 'Zz', 'a', 'b', 'z0']);
    });

    test('e-mail addresses that differ in case are different text', async () => {
      expect(await db.selectFrom('account').select('id').where('email', '=', 'A@EXAMPLE.COM').executeTakeFirst()).toBeUndefined();
    });

    test('a second row with a unique key is a UniqueViolation, whichever key', async () => {
      await expect(db.insertInto('account').values(account).execute()).rejects.toThrow(UniqueViolation);
      await expect(db.insertInto('account').values({ ...account, id: 'f'.repeat(32) as AccountId }).execute()).rejects.toThrow(UniqueViolation);
    });

    test('an upsert writes the new row over the old one', async () => {
      const key = { device_id: 'c'.repeat(32) as DeviceId, library_id: libraryId };
      await db.insertInto('device').values({ id: key.device_id, account_id: accountId, name: 'x', kind: 'agent', created_at: 0, last_seen_at: 0 }).execute();
      for (const lastNumber of [1, 2]) {
        await db
          .insertInto('mutation_queue')
          .values({ ...key, last_number: lastNumber, acknowledged: 0 })
          .onConflict((conflict) => conflict.columns(['device_id', 'library_id']).doUpdateSet((eb) => ({ last_number: eb.ref('excluded.last_number') })))
          .execute();
      }
      expect(await db.selectFrom('mutation_queue').selectAll().execute()).toEqual([{ ...key, last_number: 2, acknowledged: 0 }]);
    });

    test('a counter cannot fall below zero (I3)', async () => {
      await expect(db.updateTable('account').set({ used_bytes: -1 }).execute()).rejects.toThrow(/constraint/i);
    });

    test('what belongs to an account goes with it', async () => {
      await db.deleteFrom('account').execute();
      expect(await db.selectFrom('library').selectAll().execute()).toEqual([]);
    });

    test('text of any script comes back as it went', async () => {
      const name = 'Ünïcödé 家族 👩‍👩‍👧 \u0301 \' " -- ; %';
      await db.updateTable('account').set({ name }).execute();
      expect((await db.selectFrom('account').select('name').executeTakeFirstOrThrow()).name).toBe(name);
    });

    test('a statement of many rows is one statement', async () => {
      const rows = Array.from({ length: 500 }, (_, place) => ({
        library_id: libraryId,
        sha256: place.toString(16).padStart(64, '0') as never,
        bytes: 2 ** 40 + place,
        verified_at: 0,
      }));
      await db.insertInto('resource').values(rows).execute();
      const { bytes } = await db.selectFrom('resource').select('bytes').where('sha256', '=', rows.at(-1)?.sha256 ?? ('' as never)).executeTakeFirstOrThrow();
      expect(bytes).toBe(2 ** 40 + 499);
    });
  });
}
