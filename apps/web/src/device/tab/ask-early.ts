import type { LibraryId, Session } from '@everroll/protocol';
import { COLUMNS_TYPE, decodeColumns } from '@everroll/protocol/columns';
import { Columns, SlotState } from '../catalogue/columns.ts';
import type { Shown } from '../catalogue/early.ts';
import { indexOf, inLibrary } from '../catalogue/index-of.ts';
import { orderOf } from '../catalogue/order.ts';
import { describeUnchecked } from '../catalogue/unchecked.ts';
import type { Member } from '../contract/session.ts';
import { FirstAnswers } from '../http/first-answers.ts';

/** What a browser without a database asks of the server before all else. */
export interface Asked {
  readonly answers: FirstAnswers;
  /** null: its cookie opens no library with photos, or the server did not answer. */
  readonly shown: Promise<Shown | null>;
}

/**
 * A browser that has nothing shows what the server says: who is signed in, and the first page of the snapshot. SQLite and the
 * program are loaded behind it, and get the same answers, which they check and store.
 */
export function askEarly(server: string): Asked {
  const answers = new FirstAnswers();
  return { answers, shown: firstPage(server, answers).catch(() => null) };
}

async function firstPage(server: string, answers: FirstAnswers): Promise<Shown | null> {
  const session = await answers.ask('/api/v1/session');
  const member = session.ok ? memberOf(await session.json(), server) : null;
  if (member === null) return null;
  const page = await answers.ask(`/api/v1/libraries/${member.library.id}/snapshot`, { accept: `${COLUMNS_TYPE}, application/json;q=0.5` });
  if (!page.ok || page.headers.get('content-type') !== COLUMNS_TYPE) return null;
  const columns = new Columns();
  for (const entry of decodeColumns(new Uint8Array(await page.arrayBuffer()))) {
    const described = describeUnchecked(entry);
    if (described !== null) columns.put(described);
  }
  if (columns.end === 0) return null;
  const version = Date.now();
  const live = orderOf(columns, SlotState.live);
  return { member, columns, told: { version, live }, index: () => indexOf(columns, version, inLibrary(columns, live)) };
}

/** As far as it is shown before it is checked (leader/home.ts). */
function memberOf(session: Partial<Session>, server: string): Member | null {
  const { account, device, libraries } = session;
  const library = libraries?.[0];
  if (account === undefined || device === undefined || library === undefined || !/^[0-9a-f]{32}$/.test(library.id satisfies LibraryId)) return null;
  return { account, library: { id: library.id, name: library.name }, device: { id: device.id, name: device.name }, server };
}
