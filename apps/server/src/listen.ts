import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Email, Password } from '@everroll/protocol';
import { argon2Hasher } from './accounts/passwords.ts';
import { makeCode } from './accounts/one-time-codes.ts';
import { createOwner, setupNeeded } from './accounts/setup.ts';
import { type Services, systemClock, systemRandom, systemTimers } from './context.ts';
import { openDatabase } from './database/open.ts';
import { lineLog, type Settings } from './environment.ts';
import { inProcessEvents } from './events/events.ts';
import { watchOtherProcesses } from './events/other-processes.ts';
import { startHousekeeping } from './housekeeping/run.ts';
import { oneAtATime } from './http/one-at-a-time.ts';
import { beginIncarnation } from './log/incarnations.ts';
import { SnapshotAhead } from './log/snapshot-ahead.ts';
import { LocalDiskStore } from './originals/local-disk.ts';
import { nodeDiskFs } from './originals/node-disk-fs.ts';
import { renditionsOn } from './renditions/local.ts';
import { startRenditions } from './renditions/start.ts';
import { createServer } from './server.ts';

export interface RunningServer {
  /** For example `http://127.0.0.1:4600`. */
  readonly url: string;
  /** What the set-up page asks for; null where the owner's account exists. */
  readonly setupCode: string | null;
  readonly services: Services;
  /** Lets requests that run come to their end, then ends. */
  close(): Promise<void>;
}

/** How long requests that run may take to end when the server closes; what is cut off is resumed. */
const CLOSE_WITHIN_MS = 5_000;

/** Longer than devices and common proxies keep a connection: it is closed by the side that sends, which then never sends into one that ends. */
export const KEEP_ALIVE_MS = 75_000;

/** A socket on which nothing moves is closed; the events' heartbeats are far more frequent. */
const SOCKET_IDLE_MS = 5 * 60_000;

export async function startServer(settings: Settings, given: Partial<Services> = {}): Promise<RunningServer> {
  const log = given.log ?? lineLog();
  const random = given.random ?? systemRandom;
  const db = given.db ?? (await openDatabase(settings.databaseUrl));
  const setupCode = settings.owner === null && (await setupNeeded(db)) ? makeCode(random) : null;
  const services: Services = {
    db,
    clock: systemClock,
    timers: systemTimers,
    events: inProcessEvents(),
    passwords: argon2Hasher(),
    originals: new LocalDiskStore(nodeDiskFs, settings.dataFolder),
    renditions: renditionsOn(settings, random, log),
    config: { dataFolder: settings.dataFolder, trustProxy: settings.trustProxy, setupCode, ...(settings.webFolder !== null && { webFolder: settings.webFolder }) },
    ...given,
    log,
    random,
  };
  if (settings.owner) await makeOwner(services, settings.owner);

  await beginIncarnation(db, random);

  const { app, uploads, renditions, scrubber } = createServer(services);
  const answer = getRequestListener(app.fetch);
  const server = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, oneAtATime((incoming, outgoing) => void answer(incoming, outgoing)));
  // An upload of a long video over a slow line takes hours: what counts is that it moves.
  server.timeout = SOCKET_IDLE_MS;
  await listen(server, settings.port, settings.host);
  const housekeeping = startHousekeeping(services, uploads);
  scrubber.start(services.timers);
  const snapshots = new SnapshotAhead(services);
  snapshots.start(services.timers);
  const work = startRenditions(services, renditions);
  const others = watchOtherProcesses(services);
  const url = urlOf(server.address(), settings.host);
  log.info('listening', { url });

  return {
    url,
    setupCode,
    services,
    async close() {
      services.events.publish({ kind: 'closing' });
      // First, so that requests which wait for a rendition come to their end.
      await work.stop();
      await closeServer(server);
      await Promise.all([housekeeping.stop(), scrubber.stop(), snapshots.stop(), others.stop()]);
      await db.destroy();
      log.info('closed');
    },
  };
}

async function makeOwner(services: Services, owner: { readonly email: string; readonly password: string }): Promise<void> {
  const email = Email.safeParse(owner.email);
  const password = Password.safeParse(owner.password);
  if (!email.success) throw new Error('EVERROLL_OWNER_EMAIL is not an e-mail address.');
  if (!password.success) throw new Error('EVERROLL_OWNER_PASSWORD needs at least 10 characters.');
  // At every later start the account is there already, and stays as it is.
  await createOwner(services, { email: email.data, name: email.data.split('@', 1)[0] ?? email.data, password: password.data });
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  // A connection is idle once its last answer has gone out, which Node does not look at by itself.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(cutOff);
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' && address ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
