import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Driver } from '@everroll/engine';
import { describe, expect, test } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { noteChanges } from './changes.ts';

const COUNT = 5;

/** The table of the replica that the catalogue reads, in SQLite itself. */
function replica(): { readonly driver: Driver; readonly store: (row: ReturnType<typeof asset>) => void } {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE entity (key TEXT PRIMARY KEY, kind TEXT NOT NULL, seq INTEGER NOT NULL, row TEXT, state TEXT)');
  const driver: Driver = {
    exec: (sql: string) => db.exec(sql),
    prepare(sql: string) {
      const statement = db.prepare(sql);
      return {
        all: (...values: SQLInputValue[]) => statement.all(...values),
        get: (...values: SQLInputValue[]) => statement.get(...values),
        run: (...values: SQLInputValue[]) => ({ changes: Number(statement.run(...values).changes) }),
      };
    },
    transaction: <T>(body: () => T): T => body(),
    close: () => db.close(),
  };
  noteChanges(driver);
  return { driver, store: (row) => void db.prepare("INSERT OR REPLACE INTO entity VALUES (?, 'asset', 1, ?, 'live')").run(`asset:${row.id}`, JSON.stringify(row)) };
}

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');

function asset(number: number, more: Record<string, unknown> = {}) {
  const sha256 = hex(number, 64);
  return { id: hex(number, 32), state: 'live', trashedAt: null, mediaKind: 'photo', primary: sha256, resources: [{ role: 'photo', sha256, bytes: 1, name: 'a.jpg', mediaType: 'image/jpeg' }], capture: { at: number * 1000, offsetMinutes: 0 }, favourite: false, hidden: false, archived: false, caption: null, details: null, adjustments: [], ...more };
}

const entries = (rows: readonly ReturnType<typeof asset>[]) => rows.map((row) => ({ kind: 'asset', row }));

describe('rows that are shown before they are stored', () => {
  test('what is stored as it was shown is one version in all, told when no more comes', () => {
    const { driver, store } = replica();
    const catalogue = new Catalogue(driver, null);
    const rows = Array.from({ length: COUNT }, (_, number) => asset(number + 1));
    catalogue.showAhead(entries(rows));
    const shown = { version: catalogue.version, order: [...catalogue.live] };
    expect(shown.order.length).toBe(COUNT);
    for (const row of rows) {
      store(row);
      expect(catalogue.take().ids.size).toBe(0);
      expect(catalogue.version).toBe(shown.version);
    }
    expect(catalogue.isAhead).toBe(false);
    expect(catalogue.isVersionDue).toBe(true);
    catalogue.take();
    expect(catalogue.version).toBe(shown.version + 1);
    expect(catalogue.isVersionDue).toBe(false);
    expect([...catalogue.live]).toEqual(shown.order);
    catalogue.take();
    expect(catalogue.version).toBe(shown.version + 1);
  });

  test('what is stored otherwise than it was shown is told at once, as is any change after', () => {
    const { driver, store } = replica();
    const catalogue = new Catalogue(driver, null);
    const [first, second] = [asset(1), asset(2)];
    catalogue.showAhead(entries([first, second]));
    const { version } = catalogue;
    store({ ...first, favourite: true });
    expect([...catalogue.take().ids]).toEqual([first.id]);
    expect(catalogue.version).toBe(version + 1);
    store(second);
    catalogue.take();
    expect(catalogue.version).toBe(version + 1);
    // A caption stands in no column, and a search finds it.
    store({ ...second, caption: 'a new one' });
    expect([...catalogue.take().ids]).toEqual([second.id]);
    expect(catalogue.version).toBe(version + 2);
    store({ ...second, caption: 'another' });
    catalogue.take();
    expect(catalogue.version).toBe(version + 3);
  });

  test('what was shown and never stored goes', () => {
    const { driver, store } = replica();
    const catalogue = new Catalogue(driver, null);
    catalogue.showAhead(entries([asset(1), asset(2)]));
    store(asset(1));
    catalogue.take();
    catalogue.forgetAhead();
    expect(Array.from(catalogue.live, (slot) => catalogue.columns.idAt(slot))).toEqual([asset(1).id]);
  });
});
