import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Access } from '../catalogue/columns-file.ts';
import { GatheredWrites } from './gathered-writes.ts';

/** A file in memory, and what was asked of it. */
class Memory implements Access {
  bytes = new Uint8Array(0);
  writes = 0;
  flushed: Uint8Array | null = null;

  getSize(): number {
    return this.bytes.length;
  }
  read(into: Uint8Array, { at }: { at: number }): number {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }
  write(from: Uint8Array, { at }: { at: number }): number {
    this.writes += 1;
    if (at + from.length > this.bytes.length) this.truncate(at + from.length);
    this.bytes.set(from, at);
    return from.length;
  }
  truncate(size: number): void {
    const bytes = new Uint8Array(size);
    bytes.set(this.bytes.subarray(0, size));
    this.bytes = bytes;
  }
  flush(): void {
    this.flushed = this.bytes.slice();
  }
  close(): void {
    this.flush();
  }
}

const place = fc.integer({ min: 0, max: 40_000 });
const step = fc.oneof(
  // Mostly behind the write before it, as SQLite does.
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), behind: fc.boolean(), at: place, length: fc.integer({ min: 1, max: 5_000 }) }) },
  fc.record({ do: fc.constant('write' as const), behind: fc.boolean(), at: place, length: fc.integer({ min: 300_000, max: 700_000 }) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const), at: place, length: fc.integer({ min: 1, max: 5_000 }) }) },
  fc.record({ do: fc.constant('truncate' as const), size: place }),
  fc.record({ do: fc.constantFrom('size' as const, 'flush' as const) }),
);

test('is read, measured and made durable as the file would be without it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [plain, below] = [new Memory(), new Memory()];
      const gathered = new GatheredWrites(below);
      let [end, fill] = [0, 1];
      for (const one of steps) {
        if (one.do === 'write') {
          const at = one.behind ? end : one.at;
          const bytes = new Uint8Array(one.length).fill((fill += 1));
          expect(gathered.write(bytes, { at })).toBe(plain.write(bytes, { at }));
          end = at + one.length;
        } else if (one.do === 'read') {
          const [a, b] = [new Uint8Array(one.length), new Uint8Array(one.length)];
          expect(gathered.read(a, { at: one.at })).toBe(plain.read(b, { at: one.at }));
          expect(a).toEqual(b);
        } else if (one.do === 'truncate') {
          for (const file of [gathered, plain]) file.truncate(one.size);
        } else if (one.do === 'size') expect(gathered.getSize()).toBe(plain.getSize());
        else {
          for (const file of [gathered, plain]) file.flush();
          expect(below.flushed).toEqual(plain.flushed);
        }
      }
      gathered.close();
      plain.close();
      expect(below.flushed).toEqual(plain.flushed);
    }),
    { numRuns: 150 },
  );
});

test('takes what has larger elements than bytes, as the pool’s digests', () => {
  const below = new Memory();
  const gathered = new GatheredWrites(below);
  expect(gathered.write(Uint32Array.of(0x01020304, 0xffffffff), { at: 0 })).toBe(8);
  gathered.flush();
  expect(Array.from(new Uint32Array(below.bytes.buffer))).toEqual([0x01020304, 0xffffffff]);
});

test('a hundred pages behind each other are one write', () => {
  const below = new Memory();
  const gathered = new GatheredWrites(below);
  for (let page = 0; page < 100; page += 1) gathered.write(new Uint8Array(4096), { at: page * 4096 });
  gathered.flush();
  expect(below.writes).toBe(1);
});
