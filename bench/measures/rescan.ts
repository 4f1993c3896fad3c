import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { DEVICE_FLAGS, type Measured, start, temporaryFolder } from '../stand/processes.ts';
import { run } from '../stand/programs.ts';
import type { Rescanned } from '../stand/rescan.ts';
import { median, spread } from '../statistics.ts';

const FILES = 100_000;
const IN_A_FOLDER = 500;
const TURNS = 7;

/** The agent lists a folder that has not changed, beside `find` and beside bare Node, which ask the disk the same and remember nothing. */
export async function rescan(options: Options): Promise<Table> {
  const files = scaled(FILES, options);
  const folder = await temporaryFolder();
  const server = await start<EverrollReady>('everroll-server.ts');
  try {
    await makeFiles(folder, files);
    const agent = await start<{ ready: true }>('rescan.ts', [JSON.stringify(server.ready), folder], { flags: DEVICE_FLAGS });
    const bare = await start<{ ready: true }>('bare-listing.ts', [folder], { flags: DEVICE_FLAGS });
    const found = { find: [] as Rescanned[], node: [] as Rescanned[], everroll: [] as Rescanned[] };
    try {
      for (let turn = 0; turn <= TURNS; turn += 1) {
        const find = await run('find', [folder, '-printf', '%p %s %T@ %D:%i\\n']);
        const node = await again(bare);
        const everroll = await again(agent);
        if (turn === 0) continue;
        found.find.push(find);
        found.node.push(node);
        found.everroll.push(everroll);
      }
    } finally {
      await bare.stop();
      await agent.stop();
    }
    const cpuOf = (name: keyof typeof found): number => median(found[name].map(({ cpuSeconds }) => cpuSeconds));
    const row = (title: string, name: keyof typeof found): (string | number)[] => [
      title,
      median(found[name].map(({ seconds }) => seconds)).toFixed(2),
      cpuOf(name).toFixed(2),
      spread(found[name].map(({ cpuSeconds }) => cpuSeconds), 2),
      (cpuOf(name) / cpuOf('find')).toFixed(2),
    ];
    return {
      figures: { rescan: `${(cpuOf('everroll') / cpuOf('find')).toFixed(2)} times (CPU); ${(cpuOf('everroll') / cpuOf('node')).toFixed(2)} times what Node takes to ask the disk alone` },
      title: `Listing ${files.toLocaleString('en')} unchanged files again`,
      columns: ['program', 'seconds', 'CPU s', 'quarters', 'ratio'],
      rows: [row('find -printf (limit)', 'find'), row('Node: names and a look at each file, nothing else (limit in Node)', 'node'), row('Everroll: listed and compared with its database', 'everroll')],
      notes: [`Medians of ${TURNS} turns; the folder is in the system’s memory. Aim: <= 2 times find.`],
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function again({ child }: Measured<unknown>): Promise<Rescanned> {
  child.send('again');
  const [found] = (await once(child, 'message')) as [Rescanned];
  return found;
}

async function makeFiles(folder: string, files: number): Promise<void> {
  for (let from = 0; from < files; from += IN_A_FOLDER) {
    const inner = join(folder, `${2000 + Math.floor(from / IN_A_FOLDER / 12)}`, String((from / IN_A_FOLDER) % 12).padStart(2, '0'));
    await mkdir(inner, { recursive: true });
    await Promise.all(Array.from({ length: Math.min(IN_A_FOLDER, files - from) }, async (_, index) => await writeFile(join(inner, `IMG_${from + index}.JPG`), `${from + index}`)));
  }
}
