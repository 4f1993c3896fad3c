import type { Sha256 } from '@everroll/protocol';

/** A file that was copied into this browser's own store and hashed on the way. */
export interface StagedFile {
  /** Names it, and its bytes in the store. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  readonly sha256: Sha256;
  readonly addedAt: number;
}

/** `folder/of/choice\u{1f}id`: the folder groups, the id names. */
const SEPARATOR = '\u001f';

export function localIdOf({ id, path }: Pick<StagedFile, 'id' | 'path'>): string {
  return `${path.slice(0, path.lastIndexOf('/') + 1)}${SEPARATOR}${id}`;
}

export const idOf = (localId: string): string => localId.slice(localId.lastIndexOf(SEPARATOR) + 1);
