import { createServer as createHttpServer, type IncomingHttpHeaders, request, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import { KEEP_ALIVE_MS } from '../listen.ts';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import type { Timers } from '../context.ts';
import type { OriginalStore } from '../originals/store.ts';
import type { Renditions } from '../renditions/renditions.ts';
import { type TestDevice, type TestServer, testServer } from './test-server.ts';

/** A test server that listens on a port of this machine and keeps its originals in a folder. */
export interface LiveServer extends TestServer {
  readonly port: number;
  readonly origin: string;
  /** Data folder. */
  readonly folder: string;
}

export interface LiveServerOptions {
  readonly folder?: string;
  readonly originals?: OriginalStore;
  readonly renditions?: (folder: string) => Renditions;
  readonly timers?: Timers;
}

export async function liveServer(options: LiveServerOptions = {}): Promise<LiveServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'everroll-server-')));
  const server = await testServer({
    databaseUrl: `sqlite:${join(folder, 'everroll.sqlite')}`,
    originals: options.originals ?? new LocalDiskStore(nodeDiskFs, folder),
    ...(options.renditions && { renditions: options.renditions(folder) }),
    ...(options.timers && { timers: options.timers }),
  });
  const http = createAdaptorServer({ fetch: server.app.fetch, createServer: createHttpServer, serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } }) as Server;
  const port = await listening(http);
  return {
    ...server,
    port,
    origin: `http://127.0.0.1:${port}`,
    folder,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await server.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(http: Server): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

export interface LiveResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  json(): { code?: string; [member: string]: unknown };
}

/** One request as a device's HTTP client makes it; headers may be as hostile as Node lets them be. */
export async function send(
  server: Pick<LiveServer, 'port'>,
  device: Pick<TestDevice, 'token'>,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<LiveResponse> {
  return await new Promise((resolve, reject) => {
    const outgoing = request({ port: server.port, host: '127.0.0.1', method, path, agent: false, headers: { authorization: `Bearer ${device.token}`, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const whole = Buffer.concat(chunks);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: whole, json: () => JSON.parse(whole.toString()) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
