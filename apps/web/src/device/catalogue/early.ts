import type { CollectionIndex } from '../contract/collections.ts';
import type { Member } from '../contract/session.ts';
import { type SavedColumns, readColumns } from './columns-file.ts';
import { type Columns, SlotState } from './columns.ts';
import { indexOf, inLibrary } from './index-of.ts';
import { orderOf } from './order.ts';
import { findStanding, type StandingFile } from './standing.ts';

/** The timeline before the database is open. */
export interface Shown {
  readonly member: Member;
  readonly columns: Columns;
  readonly told: { readonly version: number; readonly live: Uint32Array<ArrayBuffer> };
  index(): CollectionIndex;
}

/** As the file of columns holds it. */
export interface Early extends Shown, SavedColumns {
  readonly generation: number;
  readonly standing: StandingFile;
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
