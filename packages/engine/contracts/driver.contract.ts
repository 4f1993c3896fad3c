import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../src/ports/driver.ts';

export interface DriverWorld {
  /** A connection to the one database of this world; the second is another connection to the same. */
  open(): Driver;
  end(): Promise<void>;
}

/** What every implementation of the port `Driver` does. */
export function driverContract(name: string, begin: () => Promise<DriverWorld>): void {
  describe(`${name} keeps the contract of Driver`, () => {
    let world: DriverWorld;
    let driver: Driver;

    beforeEach(async () => {
      world = await begin();
      driver = world.open();
      driver.exec('CREATE TABLE photo (id INTEGER PRIMARY KEY, name TEXT, size REAL) STRICT; CREATE TABLE note (text TEXT) STRICT;');
    });
    afterEach(async () => {
      driver.close();
      await world.end();
    });

    test('text, numbers and null come back as they went in', () => {
      driver.prepare('INSERT INTO photo (id, name, size) VALUES (?, ?, ?)').run(2 ** 50, 'Käfer 🐞', 0.5);
      expect({ ...driver.prepare('SELECT id, name, size FROM photo').get() }).toEqual({ id: 2 ** 50, name: 'Käfer 🐞', size: 0.5 });
      add(driver, null);
      expect(names(driver)).toContain(null);
    });

    test('run says how many rows it changed, get gives undefined for none, all an empty list', () => {
      expect(add(driver, 'a')).toBe(1);
      expect(driver.prepare('UPDATE photo SET size = 2').run().changes).toBe(1);
      expect(driver.prepare('DELETE FROM photo WHERE id < 0').run().changes).toBe(0);
      expect(driver.prepare('SELECT 1 FROM photo WHERE id < 0').get()).toBeUndefined();
      expect(driver.prepare('SELECT 1 FROM photo WHERE id < 0').all()).toEqual([]);
    });

    test('a statement can be asked for and run again and again', () => {
      for (const photo of ['a', 'b', 'c']) add(driver, photo);
      expect(names(driver)).toEqual(['a', 'b', 'c']);
      expect(names(driver)).toEqual(['a', 'b', 'c']);
    });

    test('a transaction gives what its body gives, and another connection sees all of it', () => {
      const value = driver.transaction(() => {
        add(driver, 'a');
        add(driver, 'b');
        return 'value';
      });
      expect(value).toBe('value');
      const other = world.open();
      expect(names(other)).toEqual(['a', 'b']);
      other.close();
    });

    test('an exception undoes the whole transaction, is passed on, and the next transaction works', () => {
      const fault = new Error('fault of the body');
      expect(() =>
        driver.transaction(() => {
          add(driver, 'a');
          throw fault;
        }),
      ).toThrow(fault);
      expect(names(driver)).toEqual([]);
      driver.transaction(() => add(driver, 'b'));
      expect(names(driver)).toEqual(['b']);
    });

    test('a statement that SQLite refuses undoes the transaction too', () => {
      expect(() =>
        driver.transaction(() => {
          driver.prepare('INSERT INTO photo (id) VALUES (?)').run(1);
          driver.prepare('INSERT INTO photo (id) VALUES (?)').run(1);
        }),
      ).toThrow(/UNIQUE|constraint/i);
      expect(names(driver)).toEqual([]);
    });

    test('what is in an open transaction is seen by no other connection', () => {
      const other = world.open();
      driver.transaction(() => {
        add(driver, 'a');
        expect(names(other)).toEqual([]);
      });
      expect(names(other)).toEqual(['a']);
      other.close();
    });

    test('what was committed is there after close and open', () => {
      driver.transaction(() => add(driver, 'a'));
      driver.close();
      driver = world.open();
      expect(names(driver)).toEqual(['a']);
    });
  });
}

const names = (of: Driver): unknown[] =>
  of
    .prepare('SELECT name FROM photo ORDER BY id')
    .all()
    .map((row) => row['name']);

const add = (to: Driver, photo: string | null): number => to.prepare('INSERT INTO photo (name, size) VALUES (?, ?)').run(photo, 1.5).changes;
