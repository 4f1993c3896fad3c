import type { AccountId, DeviceId, Epoch, LibraryId, Sha256 } from '@everroll/protocol';
import { createAccount } from '../accounts/accounts.ts';
import { createLocalSession } from '../accounts/local-session.ts';
import type { PasswordHasher } from '../accounts/passwords.ts';
import { type App, type Config, type Services, systemRandom, type Timers } from '../context.ts';
import { openDatabase } from '../database/open.ts';
import { inProcessEvents } from '../events/events.ts';
import { beginIncarnation } from '../log/incarnations.ts';
import type { OriginalStore } from '../originals/store.ts';
import type { RenditionDesk } from '../renditions/desk.ts';
import type { Renditions } from '../renditions/renditions.ts';
import { createServer } from '../server.ts';
import type { Scrubber } from '../scrub/start.ts';
import type { UploadDesk } from '../uploads/desk.ts';

/** The real server on a real SQLite database, with a clock that a test moves. */
export interface TestServer {
  readonly app: App;
  readonly services: Services;
  readonly uploads: UploadDesk;
  readonly renditions: RenditionDesk;
  readonly scrubber: Scrubber;
  readonly clock: { time: number };
  /** What the log got, for tests that nothing leaks and nothing fails unseen. */
  readonly logged: string[];
  /** An account with its library and one signed-in device. */
  person(email: string, role?: 'owner' | 'member'): Promise<TestDevice>;
  close(): Promise<void>;
  /** Closes, and throws where a request failed by a defect that the test did not look at. */
  closeSound(): Promise<void>;
}

export interface TestDevice {
  readonly accountId: AccountId;
  readonly deviceId: DeviceId;
  readonly libraryId: LibraryId;
  readonly epoch: Epoch;
  readonly token: string;
  /** Another device of the same account. */
  another(name: string): Promise<TestDevice>;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
}

/** Argon2 takes 30 ms on purpose; tests of anything else use this. */
export const quickPasswords: PasswordHasher = {
  hash: async (password) => `quick:${password}`,
  verify: async (password, hash) => hash === `quick:${password}`,
};

export interface TestServerOptions {
  readonly databaseUrl?: string;
  readonly passwords?: PasswordHasher;
  readonly config?: Partial<Config>;
  readonly originals?: OriginalStore;
  readonly timers?: Timers;
  readonly renditions?: Renditions;
}

export async function testServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = { time: Date.UTC(2026, 0, 1) };
  const logged: string[] = [];
  const note = (message: string, fields?: Record<string, unknown>) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const db = await openDatabase(options.databaseUrl ?? 'sqlite::memory:');
  const services: Services = {
    db,
    clock: { now: () => clock.time },
    random: systemRandom,
    timers: options.timers ?? { every: () => () => undefined },
    log: { info: note, warn: note, error: note },
    events: inProcessEvents(),
    passwords: options.passwords ?? quickPasswords,
    originals: options.originals ?? rowsAlone(db),
    renditions: options.renditions ?? null,
    config: { dataFolder: '/nowhere', trustProxy: false, setupCode: null, ...options.config },
  };
  await beginIncarnation(services.db, services.random);
  const { app, uploads, renditions, scrubber } = createServer(services);
  return {
    app,
    services,
    uploads,
    renditions,
    scrubber,
    clock,
    logged,
    person: async (email, role = 'owner') => {
      const passwordHash = await services.passwords.hash(`password of ${email}`);
      const account = await services.db.transaction().execute((trx) => createAccount(trx, services, { email, name: email, role, passwordHash }));
      if (account === 'email_taken') throw new Error(`${email} has an account`);
      return await signedIn(app, services, account.id, 'first');
    },
    close: async () => await services.db.destroy(),
    closeSound: async () => {
      await services.db.destroy();
      const defects = logged.filter((line) => line.startsWith('request failed'));
      if (defects.length > 0) throw new Error(defects.join('\n'));
    },
  };
}

async function signedIn(app: App, services: Services, accountId: AccountId, name: string): Promise<TestDevice> {
  const { token, deviceId } = await createLocalSession(services, accountId, { name, kind: 'agent' });
  const library = await services.db.selectFrom('library').selectAll().where('account_id', '=', accountId).executeTakeFirstOrThrow();
  return {
    accountId,
    deviceId,
    libraryId: library.id,
    epoch: library.epoch,
    token,
    another: async (other) => await signedIn(app, services, accountId, other),
    request: async (method, path, body, headers = {}) =>
      await app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** For tests that store rows alone (`store`): each original is there, as large as its row says. Whoever asks for more has a defect. */
function rowsAlone(db: Services['db']): OriginalStore {
  return new Proxy({} as OriginalStore, {
    get(_target, name) {
      if (name === 'bytesOf') return async (sha256: Sha256) => (await db.selectFrom('resource').select('bytes').where('sha256', '=', sha256).executeTakeFirst())?.bytes;
      return () => {
        throw new Error(`this test has no originals (${String(name)})`);
      };
    },
  });
}
