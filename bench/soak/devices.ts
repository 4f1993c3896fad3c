import { createHash, randomBytes } from 'node:crypto';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { makeJpeg } from '@everroll/media/samples';
import type { AssetId, LibraryId, Operation, Sha256 } from '@everroll/protocol';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { addition, Outbox } from '../stand/mutations.ts';
import { send, uploadHeaders } from '../stand/requests.ts';

/** What all devices of a soak share, and what they did. */
export interface Stand {
  readonly server: EverrollReady;
  readonly signal: AbortSignal;
  readonly did: Record<'uploads' | 'edits' | 'deletions' | 'pages' | 'events' | 'slowDownloads' | 'brokenUploads' | 'stalls', number>;
  /** What the library holds now. */
  readonly photos: Map<AssetId, Sha256>;
}

export type Run = (stand: Stand, session: number) => Promise<void>;

/** The library is kept at this size, so that what grows is not the library. */
const PHOTOS_KEPT = 400;
const PAUSE_MS = 400;
const STALL_MS = 90_000;
const SLOW_BYTES_A_SECOND = 64 * 1024;
const LARGEST_BYTES = 300_000;

const pause = (stand: Stand, ms: number): Promise<unknown> => delay(ms * (0.5 + Math.random()), undefined, { signal: stand.signal }).catch(() => undefined);
const headersOf = ({ server }: Stand, session: number): Record<string, string> => ({ authorization: `Bearer ${server.sessions[session]?.token ?? ''}` });

/** Takes photos, edits some of those that there are, deletes the oldest, for ever. */
export const photographer: Run = async (stand, session) => {
  const { server, did, photos, signal } = stand;
  const agent = new Agent({ keepAlive: true });
  const outbox = new Outbox(agent, server, session);
  const library = server.library as LibraryId;
  while (!signal.aborted) {
    const content = makeJpeg({ seed: randomBytes(8).toString('hex'), bytes: 50_000 + Math.floor(Math.random() * LARGEST_BYTES) });
    const sha256 = createHash('sha256').update(content).digest('hex') as Sha256;
    await send(agent, `${server.url}/api/v1/uploads`, 'POST', uploadHeaders(server.sessions[session]?.token ?? '', library, sha256, content.length, 'a.jpg'), content, [201]);
    const added = addition(library, sha256, content.length, 'a.jpg') as Operation & { readonly assetId: AssetId };
    await outbox.do(added);
    photos.set(added.assetId, sha256);
    did.uploads += 1;
    const some = [...photos.keys()];
    await outbox.do({ op: 'asset.set', assetIds: some.slice(-3), fields: { caption: `caption ${did.edits}`, favourite: did.edits % 2 === 0 } });
    did.edits += 1;
    const [oldest] = photos.keys();
    // Taken out first, so that no two of them delete one.
    if (oldest !== undefined && photos.size > PHOTOS_KEPT && photos.delete(oldest)) {
      const [seq = 0] = await outbox.do({ op: 'asset.trash', assetIds: [oldest] });
      await outbox.do({ op: 'asset.purge', assetId: oldest, saw: seq });
      did.deletions += 1;
    }
    await pause(stand, PAUSE_MS);
  }
  agent.destroy();
};

/** Listens, reads what changed, and begins anew now and then. */
export const reader: Run = async (stand, session) => {
  const { server, did, signal } = stand;
  const agent = new Agent({ keepAlive: true });
  const headers = headersOf(stand, session);
  let after = 0;
  while (!signal.aborted) {
    const events = get(`${server.url}/api/v1/events`, { headers }, (incoming: IncomingMessage) => incoming.on('data', () => (did.events += 1)).on('error', () => undefined)).on('error', () => undefined);
    for (let look = 0; look < 100 && !signal.aborted; look += 1) {
      const path = look === 99 ? 'snapshot?limit=500' : `changes?epoch=${server.epoch}&after=${after}&limit=500`;
      const page = JSON.parse((await send(agent, `${server.url}/api/v1/libraries/${server.library}/${path}`, 'GET', headers, null, [200])).text) as { to?: number };
      after = page.to ?? after;
      did.pages += 1;
      await pause(stand, PAUSE_MS);
    }
    events.destroy();
  }
  agent.destroy();
};

/** Takes originals as a poor line does, and gives some up in their middle. */
export const slow: Run = async (stand, session) => {
  const { server, did, photos, signal } = stand;
  while (!signal.aborted) {
    const sha256 = [...photos.values()][Math.floor(Math.random() * photos.size)];
    if (sha256 !== undefined) {
      const isGivenUp = Math.random() < 0.3;
      await new Promise<void>((resolve) => {
        const asked = get(`${server.url}/api/v1/libraries/${server.library}/resources/${sha256}`, { headers: headersOf(stand, session), agent: false }, (incoming) => void read(incoming));
        asked.once('error', () => resolve());
        const read = async (incoming: IncomingMessage): Promise<void> => {
          try {
            for await (const chunk of incoming as AsyncIterable<Buffer>) {
              await pause(stand, (chunk.length / SLOW_BYTES_A_SECOND) * 1000);
              if (signal.aborted || isGivenUp) break;
            }
          } catch {
            // A line that breaks is what this device is for.
          }
          asked.destroy();
          resolve();
        };
      });
      did.slowDownloads += 1;
    }
    await pause(stand, PAUSE_MS);
  }
};

/** Begins uploads and breaks off in their middle, and never comes back to them. */
export const breaker: Run = async (stand, session) => {
  const { server, did, signal } = stand;
  while (!signal.aborted) {
    const content = randomBytes(LARGEST_BYTES);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const asked = request(`${server.url}/api/v1/uploads`, { method: 'POST', agent: false, headers: { ...uploadHeaders(server.sessions[session]?.token ?? '', server.library, sha256, content.length, 'a.jpg'), 'content-length': String(content.length) } });
    const closed = new Promise<void>((resolve) => asked.once('error', () => undefined).once('close', resolve));
    asked.write(content.subarray(0, Math.floor(Math.random() * content.length)));
    await pause(stand, PAUSE_MS);
    asked.destroy();
    await closed;
    did.brokenUploads += 1;
    await pause(stand, PAUSE_MS * 10);
  }
};

/** Asks for the stream, for pages and for originals, and reads nothing of them until it goes away and comes again. */
export const stalled: Run = async (stand, session) => {
  const { server, did, photos, signal } = stand;
  const { hostname, port } = new URL(server.url);
  while (!signal.aborted) {
    const [sha256 = ''] = photos.values();
    const library = `/api/v1/libraries/${server.library}`;
    const sockets = [['/api/v1/events'], Array.from({ length: 30 }, () => `${library}/snapshot?limit=500`), [`${library}/resources/${sha256}`]].map((paths) => {
      const socket = connect({ host: hostname, port: Number(port) }).pause();
      socket.on('error', () => undefined);
      socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: soak\r\nAuthorization: ${headersOf(stand, session)['authorization']}\r\n\r\n`).join(''));
      return socket;
    });
    await pause(stand, STALL_MS);
    for (const socket of sockets) socket.destroy();
    did.stalls += 1;
  }
};
