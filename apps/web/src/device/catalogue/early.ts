import type { CollectionIndex } from '../contract/collections.ts';
import type { Member } from '../contract/session.ts';
import { type SavedColumns, readColumns } from './columns-file.ts';
import { SlotState } from './columns.ts';
import { indexOf, inLibrary } from './index-of.ts';
import { orderOf } from './order.ts';
import { findStanding, type StandingFile } from './standing.ts';

/** The timeline as the file of columns holds it, before the database is open. */
export interface Early extends SavedColumns {
  readonly generation: number;
  readonly member: Member;
  readonly standing: StandingFile;
  readonly told: { readonly version: number; readonly live: Uint32Array<ArrayBuffer> };
  index(): CollectionIndex;
}

/** null: only the database can say what holds; `held`: a tab has it open. */
export async function readEarly(): Promise<Early | 'held' | null> {
  const standing = await findStanding();
  if (standing === 'held') return standing;
  const said = standing?.read() ?? null;
  const saved = said === null ? null : await readColumns(said.generation);
  if (standing === null || said === null || saved === null) {
    standing?.close();
    return null;
  }
  const { columns } = saved;
  const version = Date.now();
  const live = orderOf(columns, SlotState.live);
  return {
    ...saved,
    ...said,
    standing,
    told: { version, live },
    index: () => indexOf(columns, version, inLibrary(columns, live)),
  };
}
