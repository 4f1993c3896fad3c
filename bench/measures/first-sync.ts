import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { libraryOf, sizes } from '../libraries/libraries.ts';
import { type Growth, type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import type { FirstSyncRead } from '../stand/first-sync.ts';
import { DEVICE_FLAGS, memoryOf, quiet, start } from '../stand/processes.ts';
import { median } from '../statistics.ts';

/** The larger the library, the less one turn differs from the next. The first one of all makes the pages that the server keeps. */
const turnsOf = (assets: number): number => (assets < 50_000 ? 5 : assets < 500_000 ? 3 : 2);

interface Found {
  readonly limit: number;
  readonly read: FirstSyncRead;
  readonly serverCpu: number;
  readonly serverMemory: number;
}

/** A device that knows nothing reads the whole library, at four sizes of it. */
export async function firstSync(options: Options): Promise<Table> {
  const rows: (string | number)[][] = [];
  const figures: Record<string, string> = {};
  const points = { server: [] as [number, number][], seconds: [] as [number, number][], replica: [] as [number, number][] };
  for (const assets of sizes.map((size) => scaled(size, options))) {
    const folder = await libraryOf(assets);
    const server = await start<EverrollReady>('everroll-server.ts', [], { folder });
    await quiet(server.pid);
    try {
      forgetKept(folder);
      const found: Found[] = [];
      const readOnce = async (): Promise<Found> => {
        const limit = readRows(folder);
        const before = server.cpuSeconds();
        const read = await readLibrary(server.ready, 'pages');
        return { limit, read, serverCpu: server.cpuSeconds() - before, serverMemory: memoryOf(server.pid).rss };
      };
      const first = await readOnce();
      for (let turn = 0; turn < turnsOf(assets); turn += 1) found.push(await readOnce());
      const before = server.cpuSeconds();
      const replica = await readLibrary(server.ready, 'replica');
      const replicaServerCpu = server.cpuSeconds() - before;
      const of = (value: (one: Found) => number): number => median(found.map(value));
      const megabytes = of(({ read }) => read.bytes) / 1e6;
      const size = assets.toLocaleString('en');
      rows.push([`${size}: rows read from SQLite and nothing else (limit)`, of(({ limit }) => limit).toFixed(2), of(({ limit }) => limit).toFixed(2), '', '', '']);
      rows.push([`${size}: pages, the first device (they are made)`, first.read.seconds.toFixed(2), first.serverCpu.toFixed(2), first.read.cpuSeconds.toFixed(2), (first.read.bytes / 1e6).toFixed(1), first.serverMemory.toFixed(0)]);
      rows.push([`${size}: pages, the next ones (they are kept)`, of(({ read }) => read.seconds).toFixed(2), of(({ serverCpu }) => serverCpu).toFixed(2), of(({ read }) => read.cpuSeconds).toFixed(2), megabytes.toFixed(1), of(({ serverMemory }) => serverMemory).toFixed(0)]);
      rows.push([`${size}: replica of the command line’s engine`, replica.seconds.toFixed(2), replicaServerCpu.toFixed(2), replica.cpuSeconds.toFixed(2), (replica.bytes / 1e6).toFixed(1), '']);
      const figure = `${of(({ read }) => read.seconds).toFixed(2)} s (CPU: server ${of(({ serverCpu }) => serverCpu).toFixed(2)} s, device ${of(({ read }) => read.cpuSeconds).toFixed(2)} s), ${megabytes.toFixed(1)} MB; the very first ${first.read.seconds.toFixed(2)} s (server ${first.serverCpu.toFixed(2)} s)`;
      const key = assets === 104_000 ? '104k' : assets === 1_100_000 ? '1.1M' : null;
      if (key !== null) figures[`first-sync-${key}`] = figure;
      points.server.push([assets, first.serverCpu]);
      points.seconds.push([assets, of(({ read }) => read.seconds)]);
      points.replica.push([assets, replica.cpuSeconds]);
    } finally {
      await server.stop();
    }
  }
  const growth = (operation: string, unit: string, of: readonly (readonly [number, number])[]): Growth => ({ operation, unit, aim: 'linear', points: of });
  return {
    figures,
    title: 'First sync, by the size of the library',
    columns: ['assets and what is done', 'seconds', 'CPU s, server', 'CPU s, device', 'MB on the wire', 'server RSS MB after it'],
    rows,
    notes: [
      'Pages: every page is read and checked, by one process beside the server. Replica: all rows come to lie in the device’s database, up to 16,384 by one transaction.',
      'The server makes the pages ahead once a library has stood still for half a minute; “the first device” is one that comes before that.',
      'Aims: 104,000 in <= 0.7 s and <= 15 MB; 1.1 million in <= 8 s and <= 150 MB. The strongest peer, measured elsewhere: 4.0 s and 131.5 MB (13 s with gzip); 45.8 s and 1.39 GB.',
    ],
    growth: [growth('first sync, the server makes the pages', 's of CPU', points.server), growth('first sync, until the last page is read', 's', points.seconds), growth('first sync into a replica, device', 's of CPU', points.replica)],
  };
}

async function readLibrary(server: EverrollReady, what: 'pages' | 'replica'): Promise<FirstSyncRead> {
  const reader = await start('first-sync.ts', [JSON.stringify(server), what], { flags: DEVICE_FLAGS });
  try {
    const answered = once(reader.child, 'message');
    reader.child.send('go');
    const [read] = (await Promise.race([answered, once(reader.child, 'exit').then(() => Promise.reject(new Error('the reader ended')))])) as [FirstSyncRead];
    return read;
  } finally {
    await reader.stop();
  }
}

/** The pages that an earlier run of the server kept are made anew (rule C6). */
function forgetKept(folder: string): void {
  const database = new DatabaseSync(join(folder, 'everroll.db'), { timeout: 5_000 });
  database.exec('PRAGMA foreign_keys = ON; DELETE FROM snapshot');
  database.close();
}

/** Seconds in which SQLite hands over each row of the library once. */
function readRows(folder: string): number {
  const database = new DatabaseSync(join(folder, 'everroll.db'), { readOnly: true });
  try {
    const began = performance.now();
    for (const sql of ['SELECT * FROM asset', 'SELECT * FROM asset_resource', 'SELECT * FROM album_item']) {
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      const rows = statement.iterate();
      while (rows.next().done !== true);
    }
    return (performance.now() - began) / 1000;
  } finally {
    database.close();
  }
}
