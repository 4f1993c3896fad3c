import { fork } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * CPU that the server spends on one 3 MB file, beside a bare Node server that receives, hashes and
 * syncs (DESIGN section 11). Each server is a process of its own; the client is this one, with one
 * connection that is kept. `node bench/upload-cpu.ts [files] [parallel]`
 */
const FILE_BYTES = 3_000_000;
const WARM_UP_FILES = 30;

type Kind = 'bare' | 'bare-batched' | 'everroll' | 'everroll-patch';

interface Ready {
  readonly port: number;
  readonly token?: string;
  readonly library?: string;
}

if (process.send) await serve(process.argv[2] as Kind);
else await main(Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 1));

async function main(files: number, parallel: number): Promise<void> {
  const results = new Map<Kind, number>();
  for (const kind of ['bare', 'bare-batched', 'everroll', 'everroll-patch'] as const) {
    const { cpu, wall } = await measure(kind, files, parallel);
    results.set(kind, cpu);
    const ratio = cpu / (results.get('bare') ?? cpu);
    console.log(`${kind.padEnd(15)} ${cpu.toFixed(2)} ms CPU, ${wall.toFixed(2)} ms wall per file, ${ratio.toFixed(2)} x bare`);
  }
}

async function measure(kind: Kind, files: number, parallel: number): Promise<{ cpu: number; wall: number }> {
  const child = fork(import.meta.filename, [kind], { stdio: 'inherit' });
  const [ready] = (await once(child, 'message')) as [Ready];
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const cpuOf = async () => {
    child.send('cpu');
    const [cpu] = (await once(child, 'message')) as [number];
    return cpu;
  };
  const sendMany = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        await sendFile(kind, ready, agent);
      }
    };
    await Promise.all(Array.from({ length: parallel }, worker));
  };
  await sendMany(WARM_UP_FILES);
  const [cpuBefore, wallBefore] = [await cpuOf(), performance.now()];
  await sendMany(files);
  const [cpu, wall] = [(await cpuOf()) - cpuBefore, performance.now() - wallBefore];
  agent.destroy();
  child.send('stop');
  await once(child, 'exit');
  return { cpu: cpu / 1000 / files, wall: wall / files };
}

const encode = (text: string) => Buffer.from(text).toString('base64');

async function sendFile(kind: Kind, ready: Ready, agent: Agent): Promise<void> {
  const bytes = randomBytes(FILE_BYTES);
  if (kind === 'bare' || kind === 'bare-batched') {
    await call(agent, ready.port, 'POST', '/', {}, bytes, 200);
    return;
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const common = { authorization: `Bearer ${ready.token}`, 'tus-resumable': '1.0.0' };
  const stream = { 'content-type': 'application/offset+octet-stream' };
  const creation = {
    ...common,
    'upload-length': String(FILE_BYTES),
    'upload-metadata': `library ${encode(ready.library ?? '')},sha256 ${encode(sha256)},filename ${encode('a.jpg')}`,
  };
  if (kind === 'everroll') {
    await call(agent, ready.port, 'POST', '/api/v1/uploads', { ...creation, ...stream }, bytes, 201);
    return;
  }
  const created = await call(agent, ready.port, 'POST', '/api/v1/uploads', creation, undefined, 201);
  await call(agent, ready.port, 'PATCH', created.headers.location ?? '', { ...common, ...stream, 'upload-offset': '0' }, bytes, 204);
}

async function call(agent: Agent, port: number, method: string, path: string, headers: Record<string, string>, body: Buffer | undefined, expected: number): Promise<IncomingMessage> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, agent, headers: { ...headers, 'content-length': body?.length ?? 0 } });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  incoming.resume();
  await once(incoming, 'end');
  if (incoming.statusCode !== expected) throw new Error(`${method} ${path}: ${incoming.statusCode}`);
  return incoming;
}

async function serve(kind: Kind): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-bench-'));
  const running = kind === 'bare' || kind === 'bare-batched' ? await serveBare(folder, kind) : await serveEverroll(folder);
  process.on('message', (message) => {
    if (message === 'cpu') {
      const { user, system } = process.cpuUsage();
      process.send?.(user + system);
      return;
    }
    void rm(folder, { recursive: true, force: true }).then(() => process.exit(0));
  });
  process.send?.(running);
}

async function serveBare(folder: string, kind: 'bare' | 'bare-batched'): Promise<Ready> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    const path = join(folder, String(count));
    const received = kind === 'bare' ? receivePiped(incoming, path) : receiveBatched(incoming, path);
    void received.then(() => outgoing.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port };
}

/** What one writes first: the stream into a file, the hash beside it. */
async function receivePiped(incoming: IncomingMessage, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = createWriteStream(path, { flush: true });
  incoming.on('data', (chunk: Buffer) => hash.update(chunk));
  incoming.pipe(file);
  await once(file, 'close');
  return hash.digest('hex');
}

async function receiveBatched(incoming: IncomingMessage, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  let batch: Buffer[] = [];
  let batched = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    hash.update(chunk);
    batch.push(chunk);
    batched += chunk.length;
    if (batched < 1024 * 1024) continue;
    await file.writev(batch);
    batch = [];
    batched = 0;
  }
  if (batched > 0) await file.writev(batch);
  await file.sync();
  await file.close();
  return hash.digest('hex');
}

async function serveEverroll(folder: string): Promise<Ready> {
  // Imported here, so that the bare servers carry none of it.
  const { startServer } = await import('../apps/server/src/listen.ts');
  const { settingsFrom } = await import('../apps/server/src/environment.ts');
  const settings = settingsFrom({ EVERROLL_DATA: folder, EVERROLL_PORT: '0', EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' });
  const { url, services } = await startServer(settings);
  await services.db.updateTable('account').set({ plan_bytes: null }).execute();
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'bench@example.com', password: 'a long password', device: { name: 'bench', kind: 'agent' } }),
  });
  const signedIn = (await answer.json()) as { token: string; libraries: { id: string }[] };
  return { port: Number(new URL(url).port), token: signedIn.token, library: signedIn.libraries[0]?.id ?? '' };
}
