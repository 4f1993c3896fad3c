import { builtWebApp, startServer, settingsFrom, createLocalSession, createOwner, type RunningServer } from '@everroll/server';
import type { Device } from '@everroll/agent';
import type { Identity, Result } from '@everroll/engine';
import { Email, Password, reasons } from '@everroll/protocol';
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { join, resolve as absolute } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { styleText } from 'node:util';

/**
 * `npm start`: the server. `npm start -- FOLDER`: the server and this machine as its first device,
 * which saves the photos of that folder. One process and its child; Ctrl-C ends both.
 */
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());

const OWNER_ASKED_EVERY_MS = 500;
/** An agent that ran for so long did not end because of how it began. */
const AGENT_STEADY_MS = 60_000;

/** The one that runs now. */
let agent: ChildProcess | undefined;

/** npm and its shell do not pass on that they are ended: without them this process goes on unseen and holds the port. */
const PARENT_LOOKED_AT_EVERY_MS = 1000;
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) stop.abort();
}, PARENT_LOOKED_AT_EVERY_MS).unref();

async function main(folder: string | undefined): Promise<number> {
  const source = folder === undefined ? undefined : folderAt(folder);
  if (folder !== undefined && source === undefined) return complain(`${folder} is not a folder that can be read.`, 2);
  const settings = settingsFrom({ EVERROLL_WEB: builtWebApp, ...process.env });
  const server = await startServer(settings, { log: { info: () => undefined, warn: tell, error: tell } });
  try {
    welcome(server, settings.dataFolder, source);
    if (source !== undefined) agent = await startAgent(server, source);
    await stopped();
    return 0;
  } finally {
    if (agent !== undefined && agent.exitCode === null && agent.signalCode === null) await ended(agent);
    await server.close();
  }
}

function welcome(server: RunningServer, data: string, source: string | undefined): void {
  process.stdout.write(
    `\n  ${styleText('bold', 'Everroll runs.')}\n\n` +
      row('Address', server.url) +
      (server.setupCode === null ? '' : row('Account', `make yours: ${styleText('bold', `${server.url}/?code=${server.setupCode}`)}`)) +
      row('Data', absolute(data)) +
      (source === undefined ? '' : row('Photos', `${source}${server.setupCode === null ? '' : ' (saved as soon as the account is made)'}`)) +
      '\n',
  );
}

const row = (label: string, text: string): string => `  ${styleText('dim', label.padEnd(9))} ${text}\n`;

/** Waits for the owner, signs this machine in as their device, and keeps the folder in sync. */
async function startAgent(server: RunningServer, source: string): Promise<ChildProcess | undefined> {
  const owner = await ownerOf(server);
  if (owner === undefined) return undefined;
  // A server alone needs none of it.
  const { deviceName, homeFrom, openDevice, readSession } = await import('@everroll/agent');
  const device = openDevice(homeFrom(process.env));
  if (!device.ok) throw new Error(reasons[device.failure.code].sentence);
  try {
    const { engine, home } = device.value;
    const identity = engine.identity();
    const held = readSession(home.session);
    if (identity?.account.id !== owner || !engine.isSignedIn() || held?.server !== server.url || !(await isAccepted(server.url, held.token))) {
      const { token } = await createLocalSession(server.services, owner, { name: identity?.device.name ?? deviceName(), kind: 'agent', ...(identity === null ? {} : { id: identity.device.id }) });
      const enrolled = await enrolWith(device.value, server.url, token);
      if (!enrolled.ok) throw new Error(`${reasons[enrolled.failure.code].sentence} (EVERROLL_HOME is ${home.path}: ${enrolled.failure.evidence.detail ?? ''})`);
    }
    if (!engine.sources().some(({ location }) => location === source)) {
      const added = engine.addSource(source);
      if (!added.ok) throw new Error(`${reasons[added.failure.code].sentence} ${added.failure.evidence.detail ?? ''}`);
    }
  } finally {
    await device.value.close();
  }
  return runAgent(1);
}

/** The folder is kept in sync for as long as the server runs: an agent that ends is told of and started again. */
function runAgent(attempt: number): ChildProcess {
  const program = join(import.meta.dirname, '..', '..', 'apps', 'agent', 'src', 'main.ts');
  const began = performance.now();
  const child = spawn(process.execPath, [program, 'sync', '--watch'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.once('exit', (code, signal) => {
    if (stop.signal.aborted) return;
    const next = performance.now() - began > AGENT_STEADY_MS ? 1 : attempt + 1;
    const pause = Math.min(60_000, 1000 * 2 ** next);
    process.stderr.write(`The agent ended (${signal ?? code}); it is started again in ${Math.round(pause / 1000)} s.\n`);
    void delay(pause, undefined, { signal: stop.signal }).then(
      () => (agent = runAgent(next)),
      () => undefined,
    );
  });
  return child;
}

async function enrolWith(device: Device, url: string, token: string): Promise<Result<Identity>> {
  const { connect, enrol, httpServerClient } = await import('@everroll/agent');
  const connection = connect(() => ({ url, token }));
  const session = await httpServerClient(connection).session(stop.signal);
  await connection.close();
  return session.ok ? enrol(device, url, session.value, token) : session;
}

async function isAccepted(url: string, token: string | null): Promise<boolean> {
  if (token === null) return false;
  const { connect, httpServerClient } = await import('@everroll/agent');
  const connection = connect(() => ({ url, token }));
  const session = await httpServerClient(connection).session(stop.signal);
  await connection.close();
  return session.ok;
}

/** The owner's account, made in the browser, here on the terminal, or by the settings; undefined: stopped before. */
async function ownerOf(server: RunningServer): Promise<Awaited<ReturnType<typeof findOwner>>> {
  const asking = new AbortController();
  if (server.setupCode !== null && process.stdin.isTTY) void askOwner(server, AbortSignal.any([asking.signal, stop.signal]));
  try {
    for (;;) {
      const owner = await findOwner(server);
      if (owner !== undefined || stop.signal.aborted) return owner;
      await delay(OWNER_ASKED_EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    asking.abort();
  }
}

async function findOwner({ services }: RunningServer) {
  return (await services.db.selectFrom('account').select('id').where('role', '=', 'owner').limit(1).executeTakeFirst())?.id;
}

async function askOwner({ services }: RunningServer, signal: AbortSignal): Promise<void> {
  const [{ default: input }, { default: password }] = await Promise.all([import('@inquirer/input'), import('@inquirer/password')]);
  process.stdout.write('  Make the account in the browser, or here:\n\n');
  try {
    const email = await input({ message: 'E-mail', validate: (text) => Email.safeParse(text).success || 'That is no e-mail address.' }, { signal });
    const secret = await password({ message: 'Password', mask: true, validate: (text) => Password.safeParse(text).success || 'At least 10 characters.' }, { signal });
    await createOwner(services, { email: Email.parse(email), name: email.split('@', 1)[0] ?? email, password: secret });
  } catch (error) {
    // The account was made in the browser meanwhile, or the person pressed Ctrl-C.
    if (!signal.aborted) stop.abort(error);
  }
}

async function stopped(): Promise<void> {
  if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }));
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exit;
}

function folderAt(path: string): string | undefined {
  try {
    const real = realpathSync(absolute(process.env['INIT_CWD'] ?? '.', path));
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

function tell(message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
}

function complain(sentence: string, exitCode: number): number {
  process.stderr.write(`${sentence}\n`);
  return exitCode;
}

try {
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  process.exitCode = complain(error instanceof Error ? error.message : String(error), 1);
}
