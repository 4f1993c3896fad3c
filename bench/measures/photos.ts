import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LibraryId, Operation, Sha256 } from '@everroll/protocol';
import { ask, startAsked } from '../stand/asked.ts';
import { type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { addition, Outbox } from '../stand/mutations.ts';
import { madeJpeg } from '../stand/made-jpeg.ts';
import { memoryOf, secondsByThread, start, temporaryFolder, watchMemory } from '../stand/processes.ts';
import { inParallel, send, uploadHeaders } from '../stand/requests.ts';
import { median, spread } from '../statistics.ts';

const PHOTOS = 2000;
const TURNS = 10;
const PARALLEL = 4;
const BARE_A_TURN = 4;
const LOOK_MS = 500;

/** A JPEG of 12 megapixels and 2.4 MB by an iPhone, beside the repository; without it one is made. */
const shared = join(import.meta.dirname, '../../../shared/media/jpeg-12mp/IMG_9975.jpeg');

/** Photos from their first byte until each has details, thumbnail and preview, as fast as they can be sent. */
export async function photos(options: Options): Promise<Table> {
  const folder = await temporaryFolder();
  const original = existsSync(shared) ? shared : await madeJpeg(join(folder, 'made.jpg'));
  const photo = await readFile(original);
  const bare = await startAsked('bare-renditions.ts', [original]);
  const server = await start<EverrollReady>('everroll-server.ts');
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const { url, library, epoch, sessions } = server.ready;
  const token = sessions[0]?.token ?? '';
  const outbox = new Outbox(agent, server.ready);
  const aTurn = scaled(PHOTOS / TURNS, options);
  const found = { bare: [] as number[], everroll: [] as number[] };
  const shares = new Map<string, number[]>();
  const memory = watchMemory(server.pid);
  let after = 0;
  let sent = 0;
  try {
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (let count = 0; count < BARE_A_TURN; count += 1) {
        const { cpuMs } = await ask(bare);
        // The first one warms up.
        if (count > 0) found.bare.push(cpuMs);
      }
      const before = { cpu: server.cpuSeconds(), threads: secondsByThread(server.pid) };
      const operations: Operation[] = [];
      await inParallel(aTurn, PARALLEL, async (index) => {
        const name = `IMG_${turn}_${index}.JPG`;
        const bytes = withComment(photo, name);
        const sha256 = createHash('sha256').update(bytes).digest('hex') as Sha256;
        await send(agent, `${url}/api/v1/uploads`, 'POST', uploadHeaders(token, library, sha256, bytes.length, name), bytes, [201]);
        operations.push(addition(library as LibraryId, sha256, bytes.length, name));
      });
      await outbox.do(...operations);
      sent += aTurn;
      await described();
      found.everroll.push(((server.cpuSeconds() - before.cpu) * 1000) / aTurn);
      for (const [name, seconds] of secondsByThread(server.pid)) shares.set(name, [...(shares.get(name) ?? []), ((seconds - (before.threads.get(name) ?? 0)) * 1000) / aTurn]);
    }
    const most = memory.end();
    const after10s = await delay(10_000).then(() => memoryOf(server.pid));
    const row = (name: string, of: readonly number[], ...more: readonly string[]): string[] => [name, median(of).toFixed(0), spread(of, 0), (median(of) / median(found.bare)).toFixed(2), ...more];
    const figure = `${median(found.everroll).toFixed(0)} ms, ${(median(found.everroll) / median(found.bare)).toFixed(2)} times sharp alone`;
    return {
      figures: { photos: figure, peak: `${most.pss.toFixed(0)} MB (PSS), ${most.rss.toFixed(0)} MB (RSS) of ${sent} photos` },
      title: `Ingest, metadata and renditions of ${sent} JPEGs of 12 megapixels, ${(photo.length / 1e6).toFixed(1)} MB each, ${PARALLEL} at a time`,
      columns: ['program', 'CPU ms/photo', 'quarters', 'ratio', 'peak PSS MB', 'peak RSS MB', 'RSS 10 s later'],
      rows: [row('sharp alone: preview and thumbnail (limit)', found.bare, '', '', ''), row('Everroll: upload, commit, details, placeholder, preview, thumbnail', found.everroll, most.pss.toFixed(0), most.rss.toFixed(0), after10s.rss.toFixed(0)), ...partsOf(shares)],
      notes: [
        `All processes of the server; medians of ${TURNS} turns. Aims: <= 110 ms, and <= 500 MB.`,
        `Sharp alone takes ${median(found.bare).toFixed(0)} of them; to receive, hash, store and sync each photo, and for the database, the details and the placeholder, ${(median(found.everroll) - median(found.bare)).toFixed(0)} ms are added.`,
        'Parts by thread (schedstat); what threads of libvips took that ended within a turn is in the sum alone.',
        'The strongest peer, measured elsewhere: 220 ms, and 1,391 MB.',
        ...(existsSync(shared) ? [] : ['There is no ../shared/media: the JPEG was made by sharp.']),
      ],
    };
  } finally {
    memory.end();
    agent.destroy();
    await bare.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }

  /** Until each asset of the turn has its details, as another device hears of it: they are all that changed since. */
  async function described(): Promise<void> {
    for (;;) {
      const path = `${url}/api/v1/libraries/${library}/changes?epoch=${epoch}&after=${after}&limit=2000`;
      const page = JSON.parse((await send(agent, path, 'GET', { authorization: `Bearer ${token}` }, null, [200])).text) as { to: number; entries: { row: { details: unknown } }[] };
      if (page.entries.length >= aTurn && page.entries.every(({ row }) => row.details !== null)) {
        after = page.to;
        return;
      }
      await delay(LOOK_MS);
    }
  }
}

/** Another file of the same picture: a segment of comment behind the start of image (ITU-T T.81 section B.2.4.5). */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xfe, 0, text.length + 2]), text, jpeg.subarray(2)]);
}

/** Threads by what they do (Node, libuv and libvips name their own), and where each share goes. */
const parts: readonly (readonly [thread: string, what: string])[] = [
  ['server node-MainThread', 'requests, hash, database, looking for work'],
  ['server libuv-worker', 'files written and synced'],
  ['server node-V8Worker', 'compiling, collecting garbage'],
  ['workers libvips worker', 'pixels decoded, reduced, coded'],
  ['workers libuv-worker', 'the same, and files'],
  ['workers node-MainThread', 'metadata, soundness, JavaScript'],
  ['workers node-V8Worker', 'compiling, collecting garbage'],
];

function partsOf(shares: ReadonlyMap<string, readonly number[]>): readonly (readonly string[])[] {
  return parts.flatMap(([thread, what]) => {
    const of = shares.get(thread);
    return of === undefined ? [] : [[`of it ${thread}: ${what}`, median(of).toFixed(1), spread(of, 1), '', '', '', '']];
  });
}
