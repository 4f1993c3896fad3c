import { base64Texts } from './base64.ts';
import { hexText, writeHexText } from './hex.ts';
import { type Column, HEAD_BYTES, MAGIC } from './layout.ts';

/** The bytes are not what `encodeColumns` writes. */
export class ColumnsError extends Error {
  override readonly name = 'ColumnsError';
}

/** Values of one body, so that a few bytes that were made up cannot fill the memory. */
const VALUES_MAX = 20_000_000;
const COLUMNS_DEEP = 40;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The rows that were written down. Throws `ColumnsError`. */
export function decodeColumns(body: Uint8Array): unknown[] {
  try {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    if (body.length < HEAD_BYTES || view.getUint32(0, true) !== MAGIC) throw new ColumnsError('it does not begin as columns do');
    const reader = new Reader(body, HEAD_BYTES);
    const layout = JSON.parse(utf8.decode(reader.take(view.getUint32(4, true)))) as { readonly count?: unknown; readonly rows: Column };
    const rows = reader.column(layout.rows, whole(layout.count), 0);
    reader.end();
    return rows;
  } catch (error) {
    // A layout that was made up fails in many ways: JSON, UTF-8, a column that is missing.
    throw error instanceof ColumnsError ? error : new ColumnsError('the columns cannot be read', { cause: error });
  }
}

function whole(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > VALUES_MAX) throw new ColumnsError('a number in the layout is none');
  return value;
}

class Reader {
  readonly #body: Uint8Array;
  #at: number;
  #values = 0;

  constructor(body: Uint8Array, at: number) {
    this.#body = body;
    this.#at = at;
  }

  take(bytes: number): Uint8Array {
    const from = this.#at;
    this.#at += bytes;
    if (this.#at > this.#body.length) throw new ColumnsError('it ends too soon');
    return this.#body.subarray(from, this.#at);
  }

  end(): void {
    if (this.#at !== this.#body.length) throw new ColumnsError('more follows than the layout says');
  }

  column(column: Column, count: number, depth: number): unknown[] {
    this.#values += count;
    if (this.#values > VALUES_MAX || depth > COLUMNS_DEEP) throw new ColumnsError('it holds too much');
    switch (column.as) {
      case 'same':
        return listOf(count, () => column.value);
      case 'some': {
        const there = this.take(count);
        let some = 0;
        for (let at = 0; at < count; at += 1) if (there[at] === 2) some += 1;
        const values = this.column(column.of, some, depth + 1);
        let next = 0;
        return listOf(count, (at) => (there[at] === 2 ? values[next++] : there[at] === 1 ? null : undefined));
      }
      case 'object':
        return this.#objects(column, count, depth);
      case 'list': {
        const lengths = this.#counts(column.lengths, count, depth);
        const items = this.column(column.of, whole(lengths.reduce((sum, length) => sum + length, 0)), depth + 1);
        let next = 0;
        return lengths.map((length) => items.slice(next, (next += length)));
      }
      case 'truth': {
        const truths = this.take(count);
        return listOf(count, (at) => truths[at] !== 0);
      }
      case 'whole':
        return this.#wholes(column, count);
      case 'inverse':
        return this.column(column.of, count, depth + 1).map((value) => (typeof value === 'number' ? 1 / value : missing()));
      case 'float':
        return this.#floats(count);
      case 'hex': {
        const width = whole(column.bytes);
        const text = hexText(this.take(count * width));
        return listOf(count, (at) => text.slice(at * width * 2, (at + 1) * width * 2));
      }
      case 'base64': {
        const lengths = this.#counts(column.lengths, count, depth);
        return base64Texts(this.take(whole(lengths.reduce((sum, length) => sum + length, 0))), lengths);
      }
      case 'text': {
        const lengths = this.#counts(column.lengths, count, depth);
        const text = utf8.decode(this.take(whole(column.bytes)));
        let next = 0;
        return lengths.map((length) => text.slice(next, (next += length)));
      }
      case 'word': {
        const { words } = column;
        return this.#counts(column.at, count, depth).map((at) => words[at] ?? missing());
      }
      case 'json': {
        const values = JSON.parse(utf8.decode(this.take(whole(column.bytes)))) as unknown[];
        if (!Array.isArray(values) || values.length !== count) throw new ColumnsError('a list is of another length');
        return values;
      }
      default:
        throw new ColumnsError('a column of an unknown kind');
    }
  }

  #objects({ keys }: Column & { as: 'object' }, count: number, depth: number): unknown[] {
    const columns = new Map<string, unknown[]>();
    for (const [name, column] of keys) if (column.as !== 'masked') columns.set(name, this.column(column, count, depth + 1));
    for (const [name, column] of keys) if (column.as === 'masked') columns.set(name, masked(column, columns.get(column.key) ?? missing()));
    const partial = new Set(keys.flatMap(([name]) => (columns.get(name)?.includes(undefined) === true ? [name] : [])));
    // What all have in common, and a place for what each has of its own: to copy this and fill its places takes half of
    // adding one property after the other. What only some have follows.
    const common: Record<string, unknown> = {};
    for (const [name, column] of keys) if (!partial.has(name)) common[name] = column.as === 'same' ? column.value : null;
    const objects = listOf(count, () => ({ ...common }));
    for (const [name, column] of keys.toSorted(([one], [other]) => Number(partial.has(one)) - Number(partial.has(other)))) {
      if (column.as === 'same') continue;
      const values = columns.get(name) ?? missing();
      for (let at = 0; at < count; at += 1) {
        const value = values[at];
        const object = objects[at];
        if (value !== undefined && object !== undefined) object[name] = value;
      }
    }
    return objects;
  }

  #counts(column: Column, count: number, depth: number): number[] {
    const counts = this.column(column, count, depth + 1);
    return listOf(count, (at) => whole(counts[at]));
  }

  #wholes({ bytes, steps, decimals }: Column & { as: 'whole' }, count: number): number[] {
    const planes = this.take(count * whole(bytes));
    const by = 10 ** whole(decimals);
    const folded = new Float64Array(count);
    for (let plane = bytes - 1; plane >= 0; plane -= 1) {
      const from = plane * count;
      for (let at = 0; at < count; at += 1) folded[at] = (folded[at] ?? 0) * 256 + (planes[from + at] ?? 0);
    }
    let before = 0;
    return listOf(count, (at) => {
      const value = folded[at] ?? 0;
      const half = Math.floor(value / 2);
      const unfolded = half * 2 === value ? half : -half - 1;
      before = steps ? before + unfolded : unfolded;
      return by === 1 ? before : before / by;
    });
  }

  #floats(count: number): number[] {
    const planes = this.take(count * 8);
    const bytes = new Uint8Array(count * 8);
    for (let at = 0; at < count; at += 1) for (let plane = 0; plane < 8; plane += 1) bytes[at * 8 + plane] = planes[plane * count + at] ?? 0;
    return [...new Float64Array(bytes.buffer)];
  }
}

function masked({ mask }: Column & { as: 'masked' }, others: readonly unknown[]): string[] {
  const width = mask.length;
  const bits = new Uint8Array(width / 2);
  const bytes = new Uint8Array((others.length * width) / 2);
  if (!writeHexText(mask, bits, 0)) throw new ColumnsError('a mask is none');
  for (const [row, other] of others.entries()) {
    const from = row * bits.length;
    if (typeof other !== 'string' || other.length < width || !writeHexText(other.slice(0, width), bytes, from)) throw new ColumnsError('a mask fits nothing');
    for (let at = 0; at < bits.length; at += 1) bytes[from + at] = (bytes[from + at] ?? 0) ^ (bits[at] ?? 0);
  }
  const text = hexText(bytes);
  return others.map((_, row) => text.slice(row * width, (row + 1) * width));
}

/** A loop of one's own: `Array.from` with a function takes several times as long. */
function listOf<T>(count: number, valueAt: (at: number) => T): T[] {
  const values: T[] = [];
  for (let at = 0; at < count; at += 1) values.push(valueAt(at));
  return values;
}

function missing(): never {
  throw new ColumnsError('something is named that is not there');
}
