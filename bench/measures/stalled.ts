import { createHash, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { AssetId } from '@everroll/protocol';
import { type Options, scaled, type Table } from '../measure.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { Outbox } from '../stand/mutations.ts';
import { type Measured, memoryOf, openFilesOf, quiet, start } from '../stand/processes.ts';
import { inParallel, send, uploadHeaders } from '../stand/requests.ts';
import { median, quantile } from '../statistics.ts';
import { libraryOf } from '../libraries/libraries.ts';

const ASSETS = 104_000;
const CLIENTS = 20;
/** Requests that a client sends one behind the other without reading an answer (RFC 9112 section 9.3.2). */
const PIPELINED = 50;
const ORIGINAL_BYTES = 64 * 1024 * 1024;
const CHANGES = 300;
/** Long enough for what the system holds on the way to be full. */
const FILL_MS = 3000;

/** Clients that ask and then read nothing: what it costs the server, and what the others notice of it. */
export async function stalled(options: Options): Promise<Table> {
  const assets = scaled(ASSETS, options);
  const server = await start<EverrollReady>('everroll-server.ts', [], { folder: await libraryOf(assets) });
  await quiet(server.pid);
  const agent = new Agent({ keepAlive: true });
  const { url, library, epoch, sessions } = server.ready;
  const token = sessions[0]?.token ?? '';
  const headers = { authorization: `Bearer ${token}` };
  const outbox = new Outbox(agent, server.ready, 1);
  const sockets: Socket[] = [];
  const rows: (string | number)[][] = [];
  try {
    const original = randomBytes(ORIGINAL_BYTES);
    const sha256 = createHash('sha256').update(original).digest('hex');
    await send(agent, `${url}/api/v1/uploads`, 'POST', uploadHeaders(token, library, sha256, ORIGINAL_BYTES, 'long.mov'), original, [201]);
    const page = JSON.parse((await send(agent, `${url}/api/v1/libraries/${library}/snapshot?limit=10`, 'GET', headers, null, [200])).text) as { entries: { kind: string; row: { id: AssetId } }[] };
    const asset = page.entries.find(({ kind }) => kind === 'asset')?.row.id;
    if (asset === undefined) throw new Error('the library has no asset');
    let captions = 0;
    /** What one who is well waits for a change to be committed, ms. */
    const changesNow = async (): Promise<number[]> => {
      const took: number[] = [];
      await inParallel(scaled(CHANGES, options), 1, async () => {
        const began = performance.now();
        captions += 1;
        await outbox.do({ op: 'asset.set', assetIds: [asset], fields: { caption: `caption ${captions} ${began}` } });
        took.push(performance.now() - began);
      });
      return took;
    };
    const kinds: readonly (readonly [name: string, path: string, times: number])[] = [
      ['the stream of events', '/api/v1/events', 1],
      [`${PIPELINED} pages of the snapshot each`, `/api/v1/libraries/${library}/snapshot?limit=1000`, PIPELINED],
      [`${PIPELINED} pages of the log each`, `/api/v1/libraries/${library}/changes?epoch=${epoch}&after=0&limit=1000`, PIPELINED],
      ['an original of 64 MB', `/api/v1/libraries/${library}/resources/${sha256}`, 1],
    ];
    await changesNow();
    const alone = await changesNow();
    rows.push(row('nobody', server, alone, alone));
    for (const [name, path, times] of kinds) {
      const request = `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n\r\n`.repeat(times);
      for (let client = 0; client < CLIENTS; client += 1) sockets.push(silent(url, request));
      await delay(FILL_MS);
      rows.push(row(`and ${CLIENTS}: ${name}`, server, await changesNow(), alone));
    }
    for (const socket of sockets) socket.destroy();
    await delay(FILL_MS);
    rows.push(row('after they have gone', server, await changesNow(), alone));
  } finally {
    for (const socket of sockets) socket.destroy();
    agent.destroy();
    await server.stop();
  }
  const [before, most, after] = [rows[0]?.[1], rows.at(-2)?.[1], rows.at(-1)?.[1]];
  return {
    figures: { stalled: `${CLIENTS * 4} of them: ${before} MB before, ${most} MB with all, ${after} MB after; a change of another device took up to ${Math.max(...rows.map((cells) => Number(cells[5]))).toFixed(1)} times its time` },
    title: `Clients that ask and read nothing, on a library of ${assets.toLocaleString('en')}: the server’s memory, and how long a change of another device takes`,
    columns: ['who reads nothing', 'RSS MB', 'open files', 'change ms p50', 'p95', 'ratio of p50'],
    rows,
    notes: [
      `${CLIENTS} clients more in each row. Of the stream: ${scaled(CHANGES, options)} changes of the library are announced to each while it does not read.`,
      'Aim: memory bounded, others unharmed. The strongest peer, measured elsewhere: with one such client its server grew to 2.9 GB, with three it died.',
    ],
  };
}

/** A connection that sends and never reads. */
function silent(url: string, request: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.pause();
  socket.on('error', () => undefined);
  socket.write(request);
  return socket;
}

function row(name: string, server: Measured<unknown>, took: readonly number[], alone: readonly number[]): (string | number)[] {
  return [name, memoryOf(server.pid).rss.toFixed(0), openFilesOf(server.pid), median(took).toFixed(1), quantile(took, 0.95).toFixed(1), (median(took) / median(alone)).toFixed(2)];
}
