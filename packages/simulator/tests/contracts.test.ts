import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driverContract, libraryFolderContract, serverClientContract, type ServerClientWorld, sourceContract, type SourceWorld } from '@everroll/engine/contracts';
import type { LibraryFolder, Source } from '@everroll/engine';
import { httpServerClient } from '@everroll/engine/http';
import { originalStoreContract } from '../../../apps/server/src/originals/contract.ts';
import type { Columns } from '../src/actions/action.ts';
import { DeviceDatabase } from '../src/device/database.ts';
import { Disk } from '../src/disk/disk.ts';
import { processDisk } from '../src/disk/process-disk.ts';
import { Folder } from '../src/folder/folder.ts';
import { libraryFolder } from '../src/folder/library-folder.ts';
import { photoOf } from '../src/folder/photo-file.ts';
import { folderSource } from '../src/folder/source.ts';
import { simulatedConnection } from '../src/network/connection.ts';
import { Link } from '../src/network/link.ts';
import { createAccount, createLocalSession, LocalDiskStore } from '../src/server/code.ts';
import { ServerMachine } from '../src/server/machine.ts';
import { Prng } from '../src/world/prng.ts';
import { drained, Timeline } from '../src/world/timeline.ts';
import { Trace } from '../src/world/trace.ts';

// Each fake is proved by the suite that the real one passes.

originalStoreContract('the store on the simulated disk', async () => {
  const disk = new Disk(() => Date.now());
  disk.makeFolder('/data');
  return new LocalDiskStore(
    processDisk(() => disk, {
      operation: async () => undefined,
      syncFails: () => false,
      failSync: () => {
        throw new Error('it never fails here');
      },
    }),
    '/data',
  );
});

const reader = { wait: async (): Promise<void> => undefined };
const watcher = { removed: () => undefined, evicted: () => undefined };

const photo = (seed: string): { content: Uint8Array; sha256: string } => {
  const content = photoOf({ kind: 'photo', capturedAt: 0, contentIdentifier: null }, new Uint8Array(createHash('sha512').update(seed).digest()));
  return { content: padded(content, 900 + seed.length), sha256: createHash('sha256').update(padded(content, 900 + seed.length)).digest('hex') };
};

function padded(content: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length).fill(32);
  whole.set(content);
  return whole;
}

function folderWorld<S extends Source>(open: (folder: Folder) => S): Promise<SourceWorld & { source: S }> {
  const folder = new Folder('/photos');
  folder.marked = true;
  let time = 1_700_000_000_000;
  return Promise.resolve({
    source: open(folder),
    write: async (path: string, content: Uint8Array) => void folder.write(path, content, (time += 1000)),
    move: async (from: string, to: string) => void folder.move(from, to),
    remove: async (path: string) => void folder.remove(path),
    detach: async () => {
      folder.mounted = false;
    },
    attach: async () => {
      folder.mounted = true;
    },
    photo,
    end: async () => undefined,
  });
}

sourceContract('the simulated folder', () => folderWorld((folder) => folderSource(folder, reader)));
sourceContract('the simulated library folder, as a source', () => folderWorld((folder): LibraryFolder => libraryFolder(folder, reader, watcher)));
libraryFolderContract('the simulated library folder', () => folderWorld((folder): LibraryFolder => libraryFolder(folder, reader, watcher)));

driverContract('the simulated device’s driver', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'everroll-driver-'));
  const opened: DeviceDatabase[] = [];
  return {
    open() {
      const database = new DeviceDatabase(join(folder, 'device.db'));
      opened.push(database);
      return database.open({ check: () => undefined, commits: () => null, needsRoom: () => undefined, committed: () => undefined });
    },
    async end() {
      for (const database of opened) database.handle.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

serverClientContract('the simulated wire', () => wireWorld(null));
serverClientContract('the simulated wire, with snapshots in columns', () => wireWorld('paged'));

async function wireWorld(columns: Columns | null): Promise<ServerClientWorld> {
  const timeline = new Timeline(Date.UTC(2026, 0, 1));
  const chance = new Prng(1);
  const machine = await ServerMachine.make();
  await machine.reset({ timeline, trace: new Trace(false), chance });
  machine.start(1);
  // It listens when it has begun its incarnation.
  await drained();
  const life = { ended: false };
  const turning = (async () => {
    while (!life.ended) if (!(await timeline.step())) await drained();
  })();
  const { services } = machine.process()!;
  const tokenOf = async (email: string): Promise<string> => {
    const account = await services.db.transaction().execute((trx) => createAccount(trx, services, { email, name: email, role: 'member', passwordHash: '' }));
    if (account === 'email_taken') throw new Error(email);
    return (await createLocalSession(services, account.id, { name: 'test', kind: 'agent' })).token;
  };
  const client = (token: string) =>
    httpServerClient(
      simulatedConnection({ machine, timeline, link: new Link(), chance: () => chance, chanceBeside: () => chance, token: () => token, pageLimit: 500, columns, watcher: { begins: () => undefined, moved: () => undefined, answered: () => undefined, struck: () => undefined } }),
    );
  return {
    client: client(await tokenOf('ada@example.com')),
    stranger: client(await tokenOf('eve@example.com')),
    expired: client('0'.repeat(64)),
    bytes(seed, length) {
      const content = new Uint8Array(Buffer.alloc(length, createHash('sha512').update(seed).digest()));
      return { content, sha256: createHash('sha256').update(content).digest('hex') };
    },
    async end() {
      life.ended = true;
      await turning;
    },
  };
}
