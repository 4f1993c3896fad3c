import { type Bytes, type Driver, type Source, type SourceEntry, TransferError, done, failed } from '@everroll/engine';
import type { Store } from './copies.ts';
import { idOf, localIdOf, type StagedFile } from './staged.ts';
import { stagedIn, stagedRow } from './table.ts';

/** The one source of a browser: what a person gave to it. Its place in the engine's table of sources. */
export const STAGED = 'staged:';

const CHUNK_BYTES = 1024 * 1024;

/**
 * The files that were copied here, as the engine's source. They never change: a copy is listed when
 * it is complete. Their local ids begin with the folder they were chosen from, so that the parts of one
 * photo are found beside each other.
 */
export function stagedSource(driver: Driver, store: Store): Source {
  const fileOf = (localId: string): StagedFile | undefined => {
    const row = stagedRow(driver, idOf(localId));
    return row?.state === 'waiting' ? row : undefined;
  };
  return {
    async *list() {
      yield { what: 'entries', entries: stagedIn(driver, 'waiting').map(entryOf) };
    },
    async stat(localId) {
      const file = fileOf(localId);
      return done(file && entryOf(file));
    },
    async inspect(localId) {
      const file = fileOf(localId);
      const content = file && (await store.get(file.id));
      if (file === undefined || content === undefined) return failed('vanished');
      if (content.size !== file.bytes) return failed('vanished');
      // What reads media is a third of the worker, and wanted only where files are added.
      const { inspect } = await import('./inspect.ts');
      return done(await inspect(entryOf(file), file.sha256, content));
    },
    read: (expected, from, length) => readFrom(store, expected, from, length),
  };
}

function entryOf(file: StagedFile): SourceEntry {
  return { localId: localIdOf(file), name: file.name, bytes: file.bytes, modifiedAt: file.modifiedAt, identity: '' };
}

async function* readFrom(store: Store, expected: SourceEntry, from: number, length: number): Bytes {
  const content = await store.get(idOf(expected.localId));
  if (content === undefined) throw new TransferError('vanished', 'it was taken off the list');
  if (content.size !== expected.bytes) throw new TransferError('changed_during_upload', 'the copy has another size');
  for (let at = from; at < from + length; at += CHUNK_BYTES) yield new Uint8Array(await content.slice(at, Math.min(at + CHUNK_BYTES, from + length)).arrayBuffer());
}
