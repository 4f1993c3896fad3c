import { expect, test } from 'vitest';
import { flatness } from './flatness.ts';

const soak = (rss: (at: number) => number, openFiles: (at: number) => number = () => 40) => flatness(Array.from({ length: 60 }, (_, at) => ({ seconds: at * 30, rss: rss(at), openFiles: openFiles(at) })));

test('what rises to a level and stays there is flat', () => {
  expect(soak((at) => 120 + 80 * (1 - Math.exp(-at / 5)) + (at % 3) * 6).isFlat).toBe(true);
});

test('memory that goes on growing is not, however slowly', () => {
  expect(soak((at) => 200 + at * 0.8).isFlat).toBe(false);
});

test('open files that go on growing are not', () => {
  expect(soak(() => 200, (at) => 40 + at / 2).isFlat).toBe(false);
  expect(soak(() => 200, (at) => 40 + (at % 7)).isFlat).toBe(true);
});
