import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { writeSampleLibrary } from '@everroll/media/samples';
import { countingProxy } from './counting-proxy.ts';
import { DeviceProcess } from './device.ts';
import { contentsOf, hashesIn } from './files.ts';
import { Stage, killed } from './processes.ts';
import { ServerProcess } from './server.ts';

export interface KillOptions {
  readonly rounds: number;
  readonly photos: number;
  readonly photoBytes: number;
  /** In [0, 1): when within a round the kill comes. */
  readonly fraction: () => number;
  readonly onRound?: (round: Round) => void;
}

export interface Round {
  readonly number: number;
  readonly victim: 'server' | 'agent';
  readonly sentBytes: number;
}

export interface KillReport {
  readonly rounds: number;
  /** Kills that met a transfer under way. */
  readonly duringTransfer: number;
  readonly verified: number;
  readonly found: number;
  readonly libraryBytes: number;
  /** All that the device sent, with questions and headers. */
  readonly sentBytes: number;
  /** Sent beyond each photo once: what was in flight at the kills, and the questions. */
  readonly beyondBytes: number;
  /** The most that was sent between two kills of the server and not stored when it died: two kills' worth. */
  readonly inFlightMaxBytes: number;
  /** Kills of the server after which it had fewer bytes of originals than after the one before. */
  readonly shrunk: number;
  /** Files in the server's data folder that belong to no photo, after the sweep that each start makes. */
  readonly orphans: readonly string[];
  readonly missing: number;
  readonly integrity: readonly string[];
}

/** A kill comes at most so long after the round's transfer began; the line is slowed so that each round has its share of the photos. */
const WINDOW_MS = 400;
/** A round in which nothing is left to send is no round. */
const NOTHING_MOVES_MS = 20_000;

/**
 * Syncs generated photos while server and device are killed in turn, each at a random moment of the
 * transfer, and then to the end. What is told afterwards is what a person would look for: is every
 * photo there, was anything sent twice, did anything stay behind, are the databases whole.
 */
export async function killRounds(options: KillOptions): Promise<KillReport> {
  const stage = await Stage.open();
  const server = await ServerProcess.start(stage);
  const share = (options.photos * options.photoBytes) / options.rounds;
  const proxy = await countingProxy(() => server.port, (share / (WINDOW_MS / 2)) * 1000);
  const device = new DeviceProcess(stage, 'device');
  const photos = join(stage.path, 'photos');
  const integrity: string[] = [];
  let agent: ChildProcess | undefined;
  try {
    await writeSampleLibrary(photos, { photos: options.photos, livePhotos: 0, videos: 0, photoBytes: options.photoBytes });
    await device.signIn(proxy.url);
    await device.addSource(photos);
    let [duringTransfer, shrunk, inFlightMaxBytes, stored] = [0, 0, 0, 0];
    let accounted = proxy.sent();
    for (let number = 1; number <= options.rounds; number += 1) {
      agent ??= device.start('sync', '--watch', '--retry');
      const before = proxy.sent();
      await proxy.passed(20_000, AbortSignal.timeout(NOTHING_MOVES_MS));
      if (proxy.sent() - before >= 20_000) duringTransfer += 1;
      await delay(options.fraction() * WINDOW_MS);
      const victim = number % 2 === 0 ? 'agent' : 'server';
      if (victim === 'agent') {
        await killed(agent);
        agent = undefined;
        integrity.push(...check(join(device.home, 'device.db')));
      } else {
        await server.kill();
        integrity.push(...check(join(server.data, 'everroll.db')));
      }
      if (victim === 'server') {
        // Nothing moves on its disk now: what was sent since the last look and is not there was in flight.
        const sent = proxy.sent();
        const storedNow = await bytesStored(server.data);
        if (storedNow < stored) shrunk += 1;
        inFlightMaxBytes = Math.max(inFlightMaxBytes, sent - accounted - (storedNow - stored));
        [accounted, stored] = [sent, storedNow];
        await server.start();
      }
      options.onRound?.({ number, victim, sentBytes: proxy.sent() });
    }
    if (agent !== undefined) await killed(agent);
    const status = await device.ask<{ items: { found: number; verified: number } }>(['sync', '--retry']);
    const sentBytes = proxy.sent();
    await server.stop();
    await server.start();
    await server.stop();
    integrity.push(...check(join(server.data, 'everroll.db')), ...check(join(device.home, 'device.db')));

    const own = new Set(await contentsOf(photos));
    const kept = await hashesIn(join(server.data, 'originals'));
    // By its mark the server knows that the folder is the store; it is no original.
    kept.delete('store-mark');
    const libraryBytes = options.photos * options.photoBytes;
    return {
      rounds: options.rounds,
      duringTransfer,
      found: status.items.found,
      verified: status.items.verified,
      libraryBytes,
      sentBytes,
      beyondBytes: sentBytes - libraryBytes,
      inFlightMaxBytes,
      shrunk,
      orphans: [...[...kept].filter(([, sha256]) => !own.has(sha256)).map(([name]) => name), ...(await namesIn(join(server.data, 'uploads'))).map((name) => `uploads/${name}`), ...(await namesIn(join(server.data, 'set-aside'))).map((name) => `set-aside/${name}`)],
      missing: own.size - new Set(kept.values()).size,
      integrity,
    };
  } finally {
    await proxy.close();
    await stage.close();
  }
}

/** Bytes of originals on the server's disk, finished and not. */
async function bytesStored(data: string): Promise<number> {
  // A file that has two names for a moment (staged, and as the original that it becomes) is stored once.
  const files = new Map<number, number>();
  for (const folder of ['originals', 'uploads']) {
    for (const entry of await readdir(join(data, folder), { recursive: true, withFileTypes: true }).catch(() => [])) {
      if (!entry.isFile()) continue;
      const { ino, size } = await stat(join(entry.parentPath, entry.name));
      files.set(ino, size);
    }
  }
  return [...files.values()].reduce((sum, size) => sum + size, 0);
}

async function namesIn(folder: string): Promise<string[]> {
  return [...(await hashesIn(folder)).keys()];
}

/** What SQLite has to say of a database that its process left behind; nothing where all is well. */
function check(path: string): string[] {
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare('PRAGMA integrity_check').all().map((row) => String(row['integrity_check']));
    return rows.filter((text) => text !== 'ok').map((text) => `${path}: ${text}`);
  } finally {
    database.close();
  }
}
