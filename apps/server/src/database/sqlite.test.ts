import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseContract } from './contract.ts';
import { NewerDatabase } from './errors.ts';
import { openDatabase } from './open.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-database-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

let made = 0;
const freshFile = () => join(folder, `${(made += 1)}.db`);

databaseContract('SQLite in memory', async () => await openDatabase('sqlite::memory:'));
databaseContract('SQLite in a file', async () => await openDatabase(`sqlite:${freshFile()}`));

describe('a database file', () => {
  test('is opened again with what it holds', async () => {
    const file = freshFile();
    const first = await openDatabase(`sqlite:${file}`);
    await first.destroy();
    const second = await openDatabase(`sqlite:${file}`);
    expect(await second.selectFrom('account').selectAll().execute()).toEqual([]);
    await second.destroy();
  });

  test('of a newer program is refused and left alone', async () => {
    const file = freshFile();
    const db = await openDatabase(`sqlite:${file}`);
    await db.destroy();
    const raw = new DatabaseSync(file);
    const steps = () => raw.prepare('select name from schema_migration').all();
    raw.exec("insert into schema_migration values ('9999-later')");
    const before = steps();
    await expect(openDatabase(`sqlite:${file}`)).rejects.toThrow(NewerDatabase);
    expect(steps()).toEqual(before);
    raw.close();
  });

  test('a commit is on the disk before it is answered', async () => {
    const file = freshFile();
    const db = await openDatabase(`sqlite:${file}`);
    const { rows } = await db.executeQuery<{ synchronous: number }>({ sql: 'pragma synchronous', parameters: [] } as never);
    // 2 is FULL: https://sqlite.org/pragma.html#pragma_synchronous
    expect(rows).toEqual([{ synchronous: 2 }]);
    await db.destroy();
  });

  test('is usable again after a transaction that the disk ended', async () => {
    const db = await openDatabase(`sqlite:${freshFile()}`);
    const full = db.transaction().execute(async (trx) => {
      // What SQLite does by itself when the disk is full: the transaction is gone before the rollback.
      await trx.executeQuery({ sql: 'rollback', parameters: [] } as never);
      throw new Error('full');
    });
    await expect(full).rejects.toThrow('full');
    await expect(db.transaction().execute(async (trx) => await trx.selectFrom('account').selectAll().execute())).resolves.toEqual([]);
    await db.destroy();
  });

  test('another engine is refused with a sentence', async () => {
    await expect(openDatabase('postgres://user:secret@host/db')).rejects.toThrow(/SQLite/);
    await expect(openDatabase('postgres://user:secret@host/db')).rejects.not.toThrow(/secret/);
  });
});
