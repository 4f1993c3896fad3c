/**
 * Rows as columns: what a page of the snapshot travels as (docs/protocol.md, rule C6). It is a way to
 * write down a list of JSON values and nothing else: whatever is encoded comes back, fields that
 * neither side knows included. So the format stays when a schema grows.
 *
 * A body is `EVC1`, the length of the layout as 32 bits (little endian), the layout as JSON, and the
 * bytes of the columns one after the other, in the order of the layout. How a column reads its bytes
 * follows from its layout and from how many values it has, which its parent knows.
 *
 * It is made to be compressed: alike bytes lie beside each other.
 */
export type Column =
  /** Each value is this one. No bytes. */
  | { readonly as: 'same'; readonly value: unknown }
  /** Some are absent (0) or null (1): a byte each; `of` has the others (2). */
  | { readonly as: 'some'; readonly of: Column }
  | { readonly as: 'object'; readonly keys: readonly (readonly [name: string, column: Column])[] }
  /** How many items each has, as a column; then all items behind one another. */
  | { readonly as: 'list'; readonly lengths: Column; readonly of: Column }
  /** A byte each: 0 or 1. */
  | { readonly as: 'truth' }
  /**
   * Whole numbers, each as its difference to the one before where `steps`, with its sign in the lowest
   * bit (…, -1 → 1, 1 → 2, …), in `bytes` bytes; all lowest bytes come first, then the next ones.
   * Divided by ten to the power of `decimals` in the end.
   */
  | { readonly as: 'whole'; readonly bytes: number; readonly steps: boolean; readonly decimals: number }
  /** One divided by each: exposure times. */
  | { readonly as: 'inverse'; readonly of: Column }
  /** IEEE 754, 64 bits, little endian; all lowest bytes first. */
  | { readonly as: 'float' }
  /** Lower-case hex digits, two a byte, all of one length. */
  | { readonly as: 'hex'; readonly bytes: number }
  /** The first bytes of another hex column of the same object, each combined with `mask` by exclusive or: an asset's id (rule A1). No bytes. */
  | { readonly as: 'masked'; readonly key: string; readonly mask: string }
  /** base64 with padding: lengths in bytes as a column, then the bytes. */
  | { readonly as: 'base64'; readonly lengths: Column }
  /** Lengths in UTF-16 code units as a column, then all of it as UTF-8. */
  | { readonly as: 'text'; readonly lengths: Column; readonly bytes: number }
  /** Few different ones: each as its place in the list, as a column. */
  | { readonly as: 'word'; readonly words: readonly (string | number)[]; readonly at: Column }
  /** Of several types: a list as JSON. */
  | { readonly as: 'json'; readonly bytes: number };

export interface Layout {
  readonly count: number;
  readonly rows: Column;
}

export const MAGIC = 0x31_43_56_45;
/** Of the magic number and the length of the layout. */
export const HEAD_BYTES = 8;

/** Whole numbers up to here are written as such; their sign takes one bit of the 53 that are exact. */
export const WHOLE_MAX = 2 ** 51;
