import { base64Bytes, writeBase64 } from './base64.ts';
import { writeHexText } from './hex.ts';
import { type Column, HEAD_BYTES, type Layout, MAGIC, WHOLE_MAX } from './layout.ts';

const utf8 = new TextEncoder();

/** Different values of a column up to here, and up to a quarter of all, stand in its layout once. */
const WORDS_MAX = 4_096;
const DECIMALS_MAX = 8;

/** Writes rows down in columns. @param rows JSON values. */
export function encodeColumns(rows: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const layout: Layout = { count: rows.length, rows: encode(rows, parts) };
  const head = utf8.encode(JSON.stringify(layout));
  const body = new Uint8Array(HEAD_BYTES + head.length + parts.reduce((sum, part) => sum + part.length, 0));
  const view = new DataView(body.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, head.length, true);
  body.set(head, HEAD_BYTES);
  let at = HEAD_BYTES + head.length;
  for (const part of parts) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

/** @param values undefined where there is none (a property that the object does not have). */
function encode(values: readonly unknown[], parts: Uint8Array[]): Column {
  const [first] = values;
  if (isPlain(first) && values.every((value) => value === first)) return first === undefined ? { as: 'same', value: undefined } : { as: 'same', value: first };
  if (values.some((value) => value === undefined || value === null)) {
    parts.push(Uint8Array.from(values, (value) => (value === undefined ? 0 : value === null ? 1 : 2)));
    return { as: 'some', of: encode(values.filter((value) => value !== undefined && value !== null), parts) };
  }
  return encodeSome(values, parts);
}

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

function encodeSome(values: readonly unknown[], parts: Uint8Array[]): Column {
  if (values.every((value) => typeof value === 'string')) return encodeTexts(values, parts);
  if (values.every((value) => typeof value === 'number')) return encodeNumbers(values, parts);
  if (values.every((value) => typeof value === 'boolean')) {
    parts.push(Uint8Array.from(values, Number));
    return { as: 'truth' };
  }
  if (values.every((value) => Array.isArray(value))) return { as: 'list', lengths: encode(values.map((list) => list.length), parts), of: encode(values.flat(1), parts) };
  if (values.every((value) => !Array.isArray(value) && !isPlain(value))) return encodeObjects(values as readonly Record<string, unknown>[], parts);
  return encodeJson(values, parts);
}

function encodeJson(values: readonly unknown[], parts: Uint8Array[]): Column {
  const text = utf8.encode(JSON.stringify(values));
  parts.push(text);
  return { as: 'json', bytes: text.length };
}

function encodeObjects(values: readonly Record<string, unknown>[], parts: Uint8Array[]): Column {
  const names = new Set<string>();
  for (const value of values) for (const name in value) names.add(name);
  // Such a name would be more than a property of the object that is built of it.
  if (names.has('__proto__')) return encodeJson(values, parts);
  const columns = new Map([...names].map((name) => [name, values.map((value) => value[name])]));
  const keys = [...columns].map(([name, column]): [string, Column] => [name, maskedBy(name, column, columns) ?? encode(column, parts)]);
  return { as: 'object', keys };
}

/** Where each value is the beginning of another column's, but for the same bits everywhere. */
function maskedBy(name: string, values: readonly unknown[], columns: ReadonlyMap<string, readonly unknown[]>): Column | null {
  const own = hexOf(values);
  if (own === null || values.length < 2) return null;
  for (const [key, others] of columns) {
    const other = key === name ? null : hexOf(others);
    if (other === null || other.width <= own.width) continue;
    const mask = new Uint8Array(own.width);
    for (let at = 0; at < own.width; at += 1) mask[at] = (own.bytes[at] ?? 0) ^ (other.bytes[at] ?? 0);
    if (values.every((_, row) => mask.every((bits, at) => (own.bytes[row * own.width + at] ?? 0) === ((other.bytes[row * other.width + at] ?? 0) ^ bits)))) {
      return { as: 'masked', key, mask: Array.from(mask, (byte) => byte.toString(16).padStart(2, '0')).join('') };
    }
  }
  return null;
}

/** null: not all of them are hex digits of one length. */
function hexOf(values: readonly unknown[]): { readonly bytes: Uint8Array; readonly width: number } | null {
  const [first] = values;
  if (typeof first !== 'string' || first.length === 0 || first.length % 2 === 1) return null;
  const width = first.length / 2;
  const bytes = new Uint8Array(values.length * width);
  for (const [row, value] of values.entries()) {
    if (typeof value !== 'string' || value.length !== first.length || !writeHexText(value, bytes, row * width)) return null;
  }
  return { bytes, width };
}

function encodeTexts(values: readonly string[], parts: Uint8Array[]): Column {
  if (values.some((value) => !value.isWellFormed())) return encodeJson(values, parts);
  const words = encodeWords(values, parts);
  if (words !== null) return words;
  const hex = hexOf(values);
  if (hex !== null) {
    parts.push(hex.bytes);
    return { as: 'hex', bytes: hex.width };
  }
  return encodeBase64(values, parts) ?? encodeText(values, parts);
}

/** null: they are too many. */
function encodeWords(values: readonly (string | number)[], parts: Uint8Array[]): Column | null {
  const most = Math.min(WORDS_MAX, values.length / 4);
  const places = new Map<string | number, number>();
  for (const value of values) {
    if (!places.has(value)) places.set(value, places.size);
    if (places.size > most) return null;
  }
  return { as: 'word', words: [...places.keys()], at: encode(values.map((value) => places.get(value)), parts) };
}

/** null: not all of them are base64. */
function encodeBase64(values: readonly string[], parts: Uint8Array[]): Column | null {
  if (values.some((value) => value.length % 4 !== 0)) return null;
  const lengths = values.map(base64Bytes);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [row, value] of values.entries()) {
    if (!writeBase64(value, bytes, at)) return null;
    at += lengths[row] ?? 0;
  }
  const column: Column = { as: 'base64', lengths: encode(lengths, parts) };
  parts.push(bytes);
  return column;
}

function encodeText(values: readonly string[], parts: Uint8Array[]): Column {
  const lengths = encode(values.map((value) => value.length), parts);
  const bytes = utf8.encode(values.join(''));
  parts.push(bytes);
  return { as: 'text', lengths, bytes: bytes.length };
}

function encodeNumbers(values: readonly number[], parts: Uint8Array[]): Column {
  const decimals = decimalsOf(values);
  if (decimals === null) {
    const words = values.some((value) => Object.is(value, -0)) ? null : encodeWords(values, parts);
    if (words !== null) return words;
    const inverse = values.map((value) => Math.round(1 / value));
    if (values.every((value, at) => 1 / (inverse[at] ?? 0) === value)) return { as: 'inverse', of: encode(inverse, parts) };
    parts.push(planes(new Uint8Array(Float64Array.from(values).buffer), 8));
    return { as: 'float' };
  }
  const whole = decimals === 0 ? values : values.map((value) => Math.round(value * 10 ** decimals));
  const steps = whole.map((value, at) => value - (whole[at - 1] ?? 0));
  const [plainBytes, stepBytes] = [bytesFor(whole), bytesFor(steps)];
  const isStepped = stepBytes < plainBytes;
  const bytes = Math.min(plainBytes, stepBytes);
  const chosen = isStepped ? steps : whole;
  const written = new Uint8Array(chosen.length * bytes);
  for (const [at, value] of chosen.entries()) {
    let rest = folded(value);
    for (let plane = 0; plane < bytes; plane += 1) {
      written[plane * chosen.length + at] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
  parts.push(written);
  return { as: 'whole', bytes, steps: isStepped, decimals };
}

/** How many digits behind the point all of them have; null: they are no decimal numbers of few digits. */
function decimalsOf(values: readonly number[]): number | null {
  for (let decimals = 0; decimals <= DECIMALS_MAX; decimals += 1) {
    const by = 10 ** decimals;
    if (values.every((value) => fits(value, by))) return decimals;
  }
  return null;
}

function fits(value: number, by: number): boolean {
  const whole = Math.round(value * by);
  return Math.abs(whole) < WHOLE_MAX / 2 && whole / by === value && !Object.is(value, -0);
}

/** The sign in the lowest bit. */
const folded = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function bytesFor(values: readonly number[]): number {
  const largest = values.reduce((most, value) => Math.max(most, folded(value)), 0);
  let bytes = 1;
  while (largest >= 256 ** bytes) bytes += 1;
  return bytes;
}

/** All first bytes of each value, then all second ones. */
function planes(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const turned = new Uint8Array(bytes.length);
  for (let at = 0; at < count; at += 1) for (let plane = 0; plane < width; plane += 1) turned[plane * count + at] = bytes[at * width + plane] ?? 0;
  return turned;
}
