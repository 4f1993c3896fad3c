import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Options, scaled, type Table } from '../measure.ts';
import { syncByEverroll } from '../peers/everroll.ts';
import { syncByRclone } from '../peers/rclone.ts';
import { syncBySyncthing } from '../peers/syncthing.ts';
import { isInstalled } from '../stand/programs.ts';
import { temporaryFolder } from '../stand/processes.ts';
import { median, spread } from '../statistics.ts';

const FILES = 2000;
const FILE_BYTES = 3_000_000;
const TURNS = 3;

/** What it took until the second device had all files, on both ends. */
export interface Synced {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Files that one device has saved come to a second one, over loopback, by Everroll and by two programs that people use for it. */
export async function deviceSync(options: Options): Promise<Table> {
  const files = Math.ceil(scaled(FILES, options) / TURNS);
  const gigabytes = (files * FILE_BYTES) / 1e9;
  const programs = [
    { name: 'Everroll: server, and `everroll sync` into a library folder', sync: syncByEverroll, isThere: true },
    { name: 'rclone: `serve webdav`, and `copy`', sync: syncByRclone, isThere: isInstalled('rclone') },
    { name: 'syncthing: two devices, the first has hashed its files', sync: syncBySyncthing, isThere: isInstalled('syncthing') },
  ];
  const found = programs.map((): Synced[] => []);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [place, { sync, isThere }] of programs.entries()) {
      if (!isThere) continue;
      const folder = await temporaryFolder();
      try {
        const source = join(folder, 'source');
        await mkdir(source);
        for (let index = 0; index < files; index += 1) await writeFile(join(source, `IMG_${String(index).padStart(5, '0')}.JPG`), jpegLike(FILE_BYTES));
        const target = join(folder, 'target');
        await mkdir(target);
        found[place]?.push(await sync({ folder, source, target, files }));
        const arrived = (await readdir(target, { recursive: true })).filter((name) => name.endsWith('.JPG')).length;
        if (arrived !== files) throw new Error(`${arrived} of ${files} files arrived`);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  }
  const cpu = (synced: readonly Synced[]): number => median(synced.map(({ cpuSeconds }) => cpuSeconds)) / gigabytes;
  const rowOf = (name: string, isThere: boolean, of: readonly Synced[]): string[] =>
    isThere ? [name, ((gigabytes * 1000) / median(of.map(({ seconds }) => seconds))).toFixed(0), spread(of.map(({ seconds }) => seconds), 1), cpu(of).toFixed(2), (cpu(of) / cpu(found[0] ?? [])).toFixed(2)] : [name, 'not installed', '', '', ''];
  const rows = programs.map(({ name, isThere }, place) => rowOf(name, isThere, found[place] ?? []));
  return {
    figures: { 'device-sync': rows.map((row, place) => `${['Everroll', 'rclone', 'syncthing'][place]} ${row[1]} MB/s, ${row[3]} CPU s/GB`).join('; ') },
    title: `${files * TURNS} files of 3 MB to a second device over loopback, in ${TURNS} turns`,
    columns: ['program', 'MB/s', 'quarters of s', 'CPU s/GB', 'CPU to Everroll'],
    rows,
    notes: [
      'Both ends together; each turn has new files. Everroll checks the hash of every file and syncs each to the disk before it counts, and so does syncthing; rclone does neither.',
      'Aim: faster than both, and less CPU for each GB than both.',
    ],
  };
}

/** Begins as a JPEG does, and cannot be compressed. */
function jpegLike(bytes: number): Buffer {
  const content = randomBytes(bytes);
  content.set([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46]);
  return content;
}
