import type { Driver } from '@everroll/engine';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Pace } from './pace.ts';

let asked: string[];
let pace: Pace;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  asked = [];
  const refuse = (): never => {
    throw new Error('it asks for nothing');
  };
  const driver: Driver = { exec: (sql) => void asked.push(sql), prepare: refuse, transaction: refuse, close: refuse };
  pace = new Pace(driver);
});
afterEach(() => vi.useRealTimers());

test('of a library of the usual size few rows are stored at once, whether anybody looks or not', () => {
  expect(pace.rowsAtOnce(150_000)).toBe(1_000);
  expect(asked).toEqual([]);
});

test('of a large one many, but while somebody waits for answers', () => {
  expect(pace.rowsAtOnce(500_000)).toBe(Number.POSITIVE_INFINITY);
  pace.asked();
  expect(pace.rowsAtOnce(500_000)).toBe(1_000);
  vi.advanceTimersByTime(2_900);
  expect(pace.rowsAtOnce(500_000)).toBe(1_000);
  vi.advanceTimersByTime(200);
  expect(pace.rowsAtOnce(500_000)).toBe(Number.POSITIVE_INFINITY);
});

test('SQLite keeps more of a large library while it is stored, and little when it is here', () => {
  pace.rowsAtOnce(500_000);
  pace.rowsAtOnce(600_000);
  expect(pace.isStoring).toBe(true);
  pace.isWhole();
  expect(pace.isStoring).toBe(false);
  expect(asked).toEqual(['PRAGMA cache_size = -256000', 'PRAGMA cache_size = -16000; PRAGMA shrink_memory']);
});
