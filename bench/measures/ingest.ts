import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { makeJpeg } from '@everroll/media/samples';
import { type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { type Measured, secondsByThread, start } from '../stand/processes.ts';
import { inParallel, send, uploadHeaders } from '../stand/requests.ts';
import { median, spread } from '../statistics.ts';

const FILES = 500;
const FILE_BYTES = 2_900_000;
/** Turns in which the two servers get their share of the files. */
const ROUNDS = 10;
const PARALLEL = 4;
/** What the aim for Everroll is, and what the bare server took on the machine on which it was set. */
const [AIM_MS, BARE_MS] = [10, 6.5];

interface Sample {
  readonly filesPerSecond: number;
  readonly cpuMs: number;
  /** The same by the name of its threads. */
  readonly threads: ReadonlyMap<string, number>;
}

/** 500 JPEGs of 2.9 MB to Everroll, as a device sends them, beside the same bytes to the bare server. */
export async function ingest(options: Options): Promise<Table> {
  const bare = await start<{ port: number }>('bare-server.ts');
  const everroll = await start<EverrollReady>('everroll-server.ts');
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const samples = { bare: [] as Sample[], everroll: [] as Sample[] };
  try {
    const perRound = scaled(FILES / ROUNDS, options);
    // The first round warms both up and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const files = Array.from({ length: perRound }, (_, index) => {
        const bytes = makeJpeg({ seed: `ingest ${round} ${index}`, bytes: FILE_BYTES });
        return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), name: `IMG_${round}_${index}.JPG` };
      });
      const toBare = (index: number): Promise<unknown> => send(agent, `http://127.0.0.1:${bare.ready.port}/`, 'POST', {}, files[index]!.bytes, [200]);
      const toEverroll = (index: number): Promise<unknown> => {
        const { bytes, sha256, name } = files[index]!;
        const { url, library, sessions } = everroll.ready;
        return send(agent, `${url}/api/v1/uploads`, 'POST', uploadHeaders(sessions[0]!.token, library, sha256, bytes.length, name), bytes, [201]);
      };
      const turns = [
        ['bare', bare, toBare],
        ['everroll', everroll, toEverroll],
      ] as const;
      for (const [name, server, work] of round % 2 === 0 ? turns : turns.toReversed()) {
        const sample = await measure(server, perRound, work);
        if (round > 0) samples[name].push(sample);
      }
    }
  } finally {
    agent.destroy();
    await bare.stop();
    await everroll.stop();
  }
  const row = (name: string, of: readonly Sample[]): (string | number)[] => {
    const rate = median(of.map((sample) => sample.filesPerSecond));
    const cpu = median(of.map((sample) => sample.cpuMs));
    return [name, rate.toFixed(1), ((rate * FILE_BYTES) / 1e6).toFixed(0), cpu.toFixed(2), spread(of.map((sample) => sample.cpuMs), 2), (cpu / median(samples.bare.map((sample) => sample.cpuMs))).toFixed(2)];
  };
  const bareMs = median(samples.bare.map((sample) => sample.cpuMs));
  const [bareRow, everrollRow] = [row('bare Node (receive, hash, sync)', samples.bare), row('Everroll (tus, quota, commit)', samples.everroll)];
  return {
    figures: { ingest: `${everrollRow[3]} ms beside ${bareRow[3]} ms of the bare server: ${everrollRow[5]} times` },
    title: `Ingest: ${scaled(FILES, options)} JPEGs of 2.9 MB, ${PARALLEL} at a time, ${ROUNDS} turns each`,
    columns: ['server', 'files/s', 'MB/s', 'CPU ms/file', 'quarters', 'ratio'],
    rows: [bareRow, ...partsOf(samples.bare), everrollRow, ...partsOf(samples.everroll)],
    notes: [
      'Medians over the turns. Aims: <= 10 ms where the bare server needs 6.5 (1.54 times), and a ratio <= 1.5. The strongest peer, measured elsewhere: 24 ms.',
      ...(bareMs > BARE_MS ? [`In this run the bare server itself took ${bareMs.toFixed(1)} ms: the same work by 1.54 times that is ${((bareMs * AIM_MS) / BARE_MS).toFixed(1)} ms.`] : []),
    ],
  };
}

const parts = [
  ['server node-MainThread', 'requests and hash; Everroll: database too'],
  ['server libuv-worker', 'files written and synced'],
  ['server node-V8Worker', 'compiling, collecting garbage'],
] as const;

function partsOf(samples: readonly Sample[]): (string | number)[][] {
  return parts.map(([thread, what]) => {
    const of = samples.map(({ threads }) => threads.get(thread) ?? 0);
    return [`of it ${thread}: ${what}`, '', '', median(of).toFixed(2), spread(of, 2), ''];
  });
}

async function measure(server: Measured<unknown>, files: number, work: (index: number) => Promise<unknown>): Promise<Sample> {
  const cpu = server.cpuSeconds();
  const before = secondsByThread(server.pid);
  const began = performance.now();
  await inParallel(files, PARALLEL, async (index) => void (await work(index)));
  const seconds = (performance.now() - began) / 1000;
  return { filesPerSecond: files / seconds, cpuMs: ((server.cpuSeconds() - cpu) * 1000) / files, threads: new Map([...secondsByThread(server.pid)].map(([name, now]) => [name, ((now - (before.get(name) ?? 0)) * 1000) / files])) };
}
