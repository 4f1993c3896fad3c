import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { connect, httpServerClient, markLibraryFolder, openFolderSource, openLibraryFolder, openNodeDriver, openWitnesses } from '@everroll/agent';
import { makeJpeg } from '@everroll/media/samples';
import { type LiveServer, liveServer, type LiveServerOptions } from '../../../apps/server/src/testing/live-server.ts';
import type { TestDevice as Session } from '../../../apps/server/src/testing/test-server.ts';
import { renditionServer } from '../../../apps/server/src/testing/rendition-server.ts';
import type { AssetId, ChangesPage, KnownResponse } from '@everroll/protocol';
import { PictureRenderer } from './picture-renderer.ts';
import type { Bytes } from '../src/ports/server-client.ts';
import { type Conditions, done, type Engine, openEngine, type Ports, type PreviewAnswer, type Result, type ServerClient, unknownConditions } from '../src/index.ts';

/** A real server on a port of this machine and real devices on real folders; only the clock's settling is short. */
export interface World {
  readonly server: LiveServer;
  readonly folder: string;
  /** A session of the account's first device, for what a person does elsewhere. */
  readonly owner: Session;
  device(name: string): Promise<TestDevice>;
  /** Ends the server, lets `meanwhile` change its data folder, and starts it again at another port. */
  restartServer(meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

export interface TestDevice {
  /** Changes what the server answered before the device sees it. */
  readonly answers: Answers;
  readonly engine: Engine;
  readonly ports: Ports;
  readonly name: string;
  /** A folder of its own that becomes a source with `addSource`. */
  readonly photos: string;
  /** A folder of its own that becomes the library folder with `setFolder`. */
  readonly library: string;
  /** What the device tells of its surroundings; all unknown but that it is online. */
  readonly conditions: { -readonly [Name in keyof Conditions]: Conditions[Name] };
  /** Every call to the server, by name. */
  readonly calls: string[];
  /** Runs until nothing more can be done. */
  sync(): Promise<void>;
  addSource(): void;
  setFolder(): void;
  /** Ends the engine without a word, as a crash would, and opens it again on the same database. */
  restart(): TestDevice;
  /** Points the device to a server at another address, or to none at all. */
  connectTo(origin: string): void;
}

interface Answers {
  changes?: (page: ChangesPage) => ChangesPage;
  verified?: (answer: KnownResponse) => KnownResponse;
  preview?: (asset: AssetId) => Promise<Result<PreviewAnswer> | undefined>;
  mutate?: <T>(answer: Result<T>) => Result<T>;
  createUpload?: <T>(answer: Result<T>) => Result<T>;
  snapshot?: <T>(answer: Result<T>) => Result<T>;
  report?: <T>(answer: Result<T>) => Result<T>;
  changeSettings?: <T>(answer: Result<T>) => Result<T>;
  /** Called before a byte of an upload goes out. */
  beforeUpload?: () => void;
  download?: (body: Bytes) => Bytes;
  /** Called when the first bytes of a download are here; the others come when it is done. */
  amidDownload?: () => Promise<void>;
}

const email = 'ada@example.com';

export interface WorldOptions extends Omit<LiveServerOptions, 'renditions'> {
  /** The server makes pictures of its originals. */
  readonly makesPictures?: boolean;
}

const begin = ({ makesPictures, ...options }: WorldOptions): Promise<LiveServer> => (makesPictures === true ? renditionServer({ ...options, renderer: new PictureRenderer() }) : liveServer(options));

export async function world(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'everroll-world-'));
  let server = await begin(options);
  const owner = await server.person(email);
  const open: { close(): Promise<void> }[] = [];
  let first = true;
  const addresses: { url: string }[] = [];

  return {
    get server() {
      return server;
    },
    folder,
    owner,
    async restartServer(meanwhile) {
      await server.close();
      meanwhile?.();
      server = await begin(options);
      for (const address of addresses) address.url = server.origin;
    },
    async device(name) {
      const session = first ? owner : await owner.another(name);
      first = false;
      const home = join(folder, name);
      const photos = join(home, 'photos');
      const library = join(home, 'library');
      for (const path of [photos, library]) mkdirSync(path, { recursive: true });
      const address = { url: server.origin, token: session.token };
      addresses.push(address);
      const connection = connect(() => address);
      open.push(connection);
      const conditions: TestDevice['conditions'] = { ...unknownConditions, online: true };
      const calls: string[] = [];
      const answers: Answers = {};
      const device = (): TestDevice => {
        const witnesses = openWitnesses(join(home, 'witnesses.json'));
        const ports: Ports = {
          driver: openNodeDriver(join(home, 'device.db')),
          server: altered(counted(httpServerClient(connection), calls), answers),
          clock: { now: () => Date.now(), sleep },
          random: { id: () => randomBytes(16).toString('hex'), fraction: () => 0 },
          openSource: ({ location }) => openFolderSource(location, witnesses),
          openFolder: ({ location }) => openLibraryFolder(location, witnesses),
          conditions: (): Conditions => conditions,
        };
        const opened = openEngine(ports, { settleMs: 30, patienceMs: 400 });
        if (!opened.ok) throw new Error(opened.failure.code);
        const engine = opened.value;
        return {
          engine,
          ports,
          answers,
          name,
          photos,
          library,
          conditions,
          calls,
          sync: () => engine.run({ until: 'idle', signal: AbortSignal.timeout(60_000) }),
          addSource: () => expectOk(engine.addSource(photos)),
          setFolder: () => {
            markLibraryFolder(library);
            expectOk(engine.setFolder(library));
          },
          restart: () => {
            engine.close();
            return device();
          },
          connectTo: (origin) => {
            address.url = origin;
          },
        };
      };
      const made = device();
      expectOk(
        made.engine.signIn({
          server: server.origin,
          account: { id: session.accountId, email, name: 'Ada', role: 'owner' },
          device: { id: session.deviceId, name },
          library: { id: session.libraryId, name: 'Library' },
        }),
      );
      return made;
    },
    async close() {
      await Promise.all(open.map((connection) => connection.close()));
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function expectOk(result: { ok: boolean; failure?: unknown }): void {
  if (!result.ok) throw new Error(JSON.stringify(result));
}

function counted(client: ServerClient, calls: string[]): ServerClient {
  return new Proxy(client, {
    get(target, name: keyof ServerClient) {
      const call = target[name] as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        calls.push(name);
        return call.apply(target, args);
      };
    },
  });
}

function altered(client: ServerClient, answers: Answers): ServerClient {
  return {
    changes: async (...of) => {
      const page = await client.changes(...of);
      return page.ok ? done(answers.changes?.(page.value) ?? page.value) : page;
    },
    mutate: async (...of) => {
      const answer = await client.mutate(...of);
      return answers.mutate?.(answer) ?? answer;
    },
    createUpload: async (...of) => {
      answers.beforeUpload?.();
      const answer = await client.createUpload(...of);
      return answers.createUpload?.(answer) ?? answer;
    },
    known: (...of) => client.known(...of),
    verified: async (...of) => {
      const answer = await client.verified(...of);
      return answer.ok ? done(answers.verified?.(answer.value) ?? answer.value) : answer;
    },
    preview: async (...of) => (await answers.preview?.(of[1])) ?? client.preview(...of),
    session: (...of) => client.session(...of),
    snapshot: async (...of) => {
      const answer = await client.snapshot(...of);
      return answers.snapshot?.(answer) ?? answer;
    },
    appendUpload: (...of) => client.appendUpload(...of),
    download: async (...of) => {
      const body = await client.download(...of);
      if (!body.ok) return body;
      return done(answers.download?.(body.value) ?? interrupted(body.value, async () => answers.amidDownload?.()));
    },
    report: async (...of) => {
      const answer = await client.report(...of);
      return answers.report?.(answer) ?? answer;
    },
    settings: (...of) => client.settings(...of),
    changeSettings: async (...of) => {
      const answer = await client.changeSettings(...of);
      return answers.changeSettings?.(answer) ?? answer;
    },
  };
}

async function* interrupted(body: Bytes, amid: () => Promise<void>): Bytes {
  let isFirst = true;
  for await (const chunk of body) {
    yield chunk;
    if (isFirst) await amid();
    isFirst = false;
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Writes a photo that was taken long enough ago to be read at once. */
export function addPhoto(folder: string, name: string, seed: string, { writtenAgoMs, day = 17, ...options }: { bytes?: number; contentIdentifier?: string; writtenAgoMs?: number; day?: number } = {}): Uint8Array {
  const bytes = makeJpeg({ seed, capturedAt: Date.UTC(2024, 4, day, 12), ...options });
  addFile(folder, name, bytes, writtenAgoMs);
  return bytes;
}

export function addFile(folder: string, name: string, bytes: Uint8Array, writtenAgoMs = 3_600_000): void {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  const old = new Date(Date.now() - writtenAgoMs);
  utimesSync(path, old, old);
}

/** Every file below a folder, by its relative path; what begins with a dot aside. */
export function filesOf(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      if (name.startsWith('.')) continue;
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) visit(inner);
      else found.set(relative(folder, inner), readFileSync(inner));
    }
  };
  if (existsSync(folder)) visit(folder);
  return found;
}
