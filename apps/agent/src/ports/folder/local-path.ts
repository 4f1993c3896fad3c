import { Buffer } from 'node:buffer';

/**
 * A file's relative path as one string, exactly as the disk spells it: NFC and NFD stay apart, and
 * so do case twins. A path that is not valid UTF-8 (any POSIX disk may hold such names) is written
 * as `/` and its bytes in percent encoding; no relative path begins with a slash, so the two
 * spellings cannot meet.
 */
export type LocalId = string;

/** What a decoder puts in the place of bytes that are not UTF-8. A name may also hold it for real. */
const REPLACEMENT = '\uFFFD';

/** Whether a name decoded as UTF-8 may differ from the bytes on the disk. */
export const isDoubtful = (name: string): boolean => name.includes(REPLACEMENT);

/** A path for `node:fs`: text where it can be, bytes where it must be. */
export type DiskPath = string | Buffer;

export function localIdOf(parent: LocalId, name: string | Buffer): LocalId {
  if (typeof name === 'string' && !parent.startsWith('/')) return parent === '' ? name : `${parent}/${name}`;
  const bytes = typeof name === 'string' ? Buffer.from(name) : name;
  const whole = parent === '' ? bytes : Buffer.concat([bytesOf(parent), Buffer.from('/'), bytes]);
  const text = whole.toString();
  return Buffer.from(text).equals(whole) ? text : `/${escaped(whole)}`;
}

export function diskPathOf(root: string, localId: LocalId): DiskPath {
  if (localId === '') return root;
  const prefix = root.endsWith('/') ? root : `${root}/`;
  return localId.startsWith('/') ? Buffer.concat([Buffer.from(prefix), bytesOf(localId)]) : prefix + localId;
}

/** The file's name for people: the last part, in NFC, with the replacement character for odd bytes. */
export function displayNameOf(localId: LocalId): string {
  const path = localId.startsWith('/') ? bytesOf(localId).toString() : localId;
  return presentable(path.slice(path.lastIndexOf('/') + 1));
}

/** What most files are called: text that is the same in every normal form, and nothing that is replaced. */
const plain = /^[ -.0-[\]-~]{1,255}$/;

/** POSIX allows control characters and backslashes in a name; the protocol's names hold neither. */
export function presentable(name: string): string {
  if (plain.test(name)) return name;
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is replaced
  const clean = name.toWellFormed().normalize('NFC').replace(/[\u0000-\u001f\u007f\\/]/g, '_');
  return clean === '' ? '_' : clean.slice(-255).toWellFormed();
}

const bytesOf = (localId: LocalId): Buffer =>
  localId.startsWith('/')
    ? Buffer.from(localId.slice(1).replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1')
    : Buffer.from(localId);

const escaped = (bytes: Buffer): string => bytes.toString('latin1').replace(/[^ -$&-~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
