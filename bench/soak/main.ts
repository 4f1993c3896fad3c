/**
 * `npm run soak -- --minutes 30`: a server with 20 devices that upload, edit, delete, read, read slowly, break off
 * and read nothing at all. Prints what the server takes as it goes, and says whether it stayed flat: the exit code
 * is 1 where it did not.
 */
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { keep, loadNow, machine, print } from '../results.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { memoryOf, openFilesOf, start } from '../stand/processes.ts';
import { breaker, photographer, reader, type Run, slow, stalled, type Stand } from './devices.ts';
import { flatness, type Sample } from './flatness.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write('--minutes is a number above 0.\n');
  process.exit(2);
}

/** Two of them are engines with a replica, in processes of their own. */
const ENGINES = 2;
const devices: readonly Run[] = [...Array.from({ length: 7 }, () => photographer), ...Array.from({ length: 4 }, () => reader), ...Array.from({ length: 3 }, () => slow), breaker, ...Array.from({ length: 3 }, () => stalled)];
const SAMPLES = 60;
/** How long connections take to be gone. */
const GONE_MS = 5000;

const before = loadNow();
const server = await start<EverrollReady>('everroll-server.ts', [String(devices.length + ENGINES)]);
const stop = new AbortController();
const stand: Stand = { server: server.ready, signal: stop.signal, photos: new Map(), did: { uploads: 0, edits: 0, deletions: 0, pages: 0, events: 0, slowDownloads: 0, brokenUploads: 0, stalls: 0 } };
const engines = await Promise.all(
  Array.from({ length: ENGINES }, (_, engine) => {
    const { sessions } = server.ready;
    const own = sessions[devices.length + engine];
    return start('device.ts', [JSON.stringify({ ...server.ready, sessions: [own, own] })]);
  }),
);
const look = (): Omit<Sample, 'seconds'> & { readonly workers: number } => {
  const { rss } = memoryOf(server.pid, [server.pid]);
  return { rss, workers: memoryOf(server.pid).rss - rss, openFiles: openFilesOf(server.pid) };
};
const quiet = look();
process.stdout.write(`${minutes} minutes with ${devices.length + ENGINES} devices. At the beginning: ${quiet.rss.toFixed(0)} MB, ${quiet.openFiles} open files.\n`);
const failures: unknown[] = [];
const running = devices.map(async (run, session) => await run(stand, session).catch((error: unknown) => failures.push(error)));
const samples: (Sample & { readonly workers: number })[] = [];
const began = performance.now();
for (let sample = 0; sample < SAMPLES && failures.length === 0; sample += 1) {
  await delay((minutes * 60_000) / SAMPLES);
  const now = { seconds: (performance.now() - began) / 1000, ...look() };
  samples.push(now);
  process.stdout.write(`${(now.seconds / 60).toFixed(1).padStart(5)} min   ${now.rss.toFixed(0).padStart(4)} MB (and ${now.workers.toFixed(0).padStart(3)} of workers)   ${String(now.openFiles).padStart(4)} open files   ${stand.photos.size} photos, ${stand.did.uploads} uploads, ${stand.did.edits} edits, ${stand.did.deletions} deletions, ${stand.did.stalls} stalls\n`);
}
stop.abort();
await Promise.all(running);
for (const engine of engines) await engine.stop();
await delay(GONE_MS);
const end = look();
const cpu = server.cpuSeconds();
await server.stop();
for (const failure of failures) process.stderr.write(`A device ended: ${failure instanceof Error ? failure.stack : String(failure)}\n`);
if (failures.length > 0) process.exit(1);

const { isFlat, rss, openFiles } = flatness(samples);
const { uploads, edits, deletions, pages, events, slowDownloads, brokenUploads, stalls } = stand.did;
const kept = {
  title: `Soak: ${minutes} minutes with ${devices.length + ENGINES} devices`,
  columns: ['moment', 'RSS MB of the server', 'of its workers', 'open files'],
  rows: [
    ['before any device came', quiet.rss.toFixed(0), quiet.workers.toFixed(0), quiet.openFiles],
    ['second quarter, median', rss[0].toFixed(0), '', openFiles[0]],
    ['last quarter, median', rss[1].toFixed(0), '', openFiles[1]],
    ['most', Math.max(...samples.map((sample) => sample.rss)).toFixed(0), Math.max(...samples.map((sample) => sample.workers)).toFixed(0), Math.max(...samples.map((sample) => sample.openFiles))],
    ['after all had gone', end.rss.toFixed(0), end.workers.toFixed(0), end.openFiles],
  ],
  notes: [
    `${isFlat ? 'Flat' : 'NOT flat'}: the last quarter lies at most 10 % or 15 MB, and 10 open files, above the second one.`,
    `${uploads} uploads, ${edits} edits, ${deletions} deletions for ever, ${pages} pages, ${events} pieces of the stream, ${slowDownloads} slow downloads, ${brokenUploads} uploads broken off, ${stalls} times three connections that read nothing; ${cpu.toFixed(0)} s of CPU.`,
    'Written by `npm run soak -- --minutes N`.',
  ],
  at: new Date().toISOString(),
  scale: 1,
  load: [before, loadNow()] as const,
  machine,
};
print(kept);
keep('soak', kept);
process.exit(isFlat ? 0 : 1);
