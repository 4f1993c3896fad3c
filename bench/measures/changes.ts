import { Agent } from 'node:http';
import type { AssetId } from '@everroll/protocol';
import { libraryOf, sizes } from '../libraries/libraries.ts';
import { type Growth, type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { Outbox } from '../stand/mutations.ts';
import { type Measured, quiet, start, threadSeconds } from '../stand/processes.ts';
import { send } from '../stand/requests.ts';
import { median, quantile } from '../statistics.ts';

const TURNS = 8;

interface Stand {
  readonly assets: number;
  readonly server: Measured<EverrollReady>;
  readonly operations: ReadonlyMap<string, () => Promise<void>>;
}

/** How often each is asked for in a turn: enough for some tens of milliseconds of CPU. */
const operations: readonly (readonly [name: string, times: number])[] = [
  ['nothing new', 40],
  ['one change read', 40],
  ['one change committed', 20],
  ['page of 1,000 entries', 2],
];

/** What a device that is up to date asks, and what it changes, at four sizes of the library in turns. */
export async function changes(options: Options): Promise<Table> {
  const agent = new Agent({ keepAlive: true });
  const stands: Stand[] = [];
  const cpu = new Map<string, number[]>();
  const wall = new Map<string, number[]>();
  try {
    for (const assets of sizes.map((size) => scaled(size, options))) stands.push(await standOn(assets, agent));
    for (let turn = 0; turn <= TURNS; turn += 1) {
      for (const [name, times] of operations) {
        for (const { assets, server, operations: all } of turn % 2 === 0 ? stands : stands.toReversed()) {
          const before = threadSeconds(server.pid);
          for (let n = 0; n < times; n += 1) {
            const began = performance.now();
            await all.get(name)?.();
            if (turn > 0) note(wall, `${name} ${assets}`, performance.now() - began);
          }
          if (turn > 0) note(cpu, `${name} ${assets}`, ((threadSeconds(server.pid) - before) * 1000) / times);
        }
      }
    }
  } finally {
    agent.destroy();
    for (const { server } of stands) await server.stop();
  }
  const cpuOf = (name: string, assets: number): number => median(cpu.get(`${name} ${assets}`) ?? []);
  const smallest = stands[0]?.assets ?? 0;
  const largest = stands.at(-1)?.assets ?? 0;
  const fast = (name: string): string => quantile(wall.get(`${name} ${largest}`) ?? [], 0.1).toFixed(1);
  return {
    figures: { changes: `${fast('nothing new')} and ${fast('one change read')} ms (p10; CPU ${cpuOf('nothing new', largest).toFixed(1)} and ${cpuOf('one change read', largest).toFixed(1)} ms) at ${largest.toLocaleString('en')}` },
    title: `What a device asks and changes, by the size of the library: server CPU, and from request to answer`,
    columns: ['operation', 'assets', 'CPU ms', 'ratio to the smallest', 'ms p10', 'ms p50'],
    rows: operations.flatMap(([name]) =>
      stands.map(({ assets }) => {
        const of = wall.get(`${name} ${assets}`) ?? [];
        return [name, assets.toLocaleString('en'), cpuOf(name, assets).toFixed(2), (cpuOf(name, assets) / cpuOf(name, smallest)).toFixed(2), quantile(of, 0.1).toFixed(1), median(of).toFixed(1)];
      }),
    ),
    notes: [
      `Medians of ${TURNS} turns, in which each size has its share. p10 is what it takes when nothing else wants the processor.`,
      'Aims at 1.1 million: nothing new <= 2 ms, one change <= 5 ms, and no more than 1.3 times what it costs at a thousand. The strongest peer, measured elsewhere: 7.4 and 13 ms.',
    ],
    growth: operations.map(([operation]): Growth => ({ operation, unit: 'ms of CPU', aim: 'constant', points: stands.map(({ assets }) => [assets, cpuOf(operation, assets)]) })),
  };
}

async function standOn(assets: number, agent: Agent): Promise<Stand> {
  const server = await start<EverrollReady>('everroll-server.ts', [], { folder: await libraryOf(assets) });
  await quiet(server.pid);
  const { url, library, epoch, head, sessions } = server.ready;
  const headers = { authorization: `Bearer ${sessions[0]?.token ?? ''}` };
  const read = async (path: string): Promise<string> => (await send(agent, `${url}/api/v1/libraries/${library}/${path}`, 'GET', headers, null, [200])).text;
  const outbox = new Outbox(agent, server.ready);
  const page = JSON.parse(await read('snapshot?limit=10')) as { entries: { kind: string; row: { id: AssetId } }[] };
  const asset = page.entries.find(({ kind }) => kind === 'asset')?.row.id;
  if (asset === undefined) throw new Error('the library has no asset');
  let seq = head;
  let captions = 0;
  const change = async (): Promise<void> => {
    captions += 1;
    [seq = seq] = await outbox.do({ op: 'asset.set', assetIds: [asset], fields: { caption: `caption ${captions} of ${seq}` } });
  };
  await change();
  return {
    assets,
    server,
    operations: new Map<string, () => Promise<void>>([
      ['nothing new', async () => void (await read(`changes?epoch=${epoch}&after=${seq}`))],
      ['one change read', async () => void (await read(`changes?epoch=${epoch}&after=${seq - 1}`))],
      ['one change committed', change],
      ['page of 1,000 entries', async () => void (await read(`changes?epoch=${epoch}&after=0&limit=1000`))],
    ]),
  };
}

function note(map: Map<string, number[]>, key: string, value: number): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
