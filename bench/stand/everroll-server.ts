/**
 * The real server as a process of its own, with an account whose plan has no limit; on a data folder that may
 * hold a library. `everroll-server.ts FOLDER [DEVICES]`: so many of them are signed in.
 */
import { hostname } from 'node:os';
import { createLocalSession, lineLog, settingsFrom, startServer } from '@everroll/server';

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const folder = process.argv[2] ?? '.';
const { url, services } = await startServer(
  settingsFrom({ EVERROLL_DATA: folder, EVERROLL_PORT: '0', EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' }),
  { log: { ...lineLog(), info: () => undefined } },
);
await services.db.updateTable('account').set({ plan_bytes: null }).execute();
const account = await services.db.selectFrom('account').selectAll().executeTakeFirstOrThrow();
const library = await services.db.selectFrom('library').selectAll().executeTakeFirstOrThrow();
const sessions = await Promise.all(Array.from({ length: Number(process.argv[3] ?? 3) }, (_, device) => createLocalSession(services, account.id, { name: `${hostname()} ${device + 1}`, kind: 'agent' })));

export interface EverrollReady {
  readonly url: string;
  readonly library: string;
  readonly epoch: string;
  readonly head: number;
  readonly account: { readonly id: string; readonly email: string };
  readonly sessions: readonly { readonly token: string; readonly deviceId: string }[];
}

process.send?.({ url, library: library.id, epoch: library.epoch, head: library.head, account: { id: account.id, email: account.email }, sessions } satisfies EverrollReady);
