import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import type { LibraryId, Sha256 } from '@everroll/protocol';
import type { Synced } from '../measures/device-sync.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { addition, Outbox } from '../stand/mutations.ts';
import { quiet, start } from '../stand/processes.ts';
import { run } from '../stand/programs.ts';
import { inParallel, send, uploadHeaders } from '../stand/requests.ts';
import { type Place, settled } from './place.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'everroll.mjs');
const ADDED_AT_ONCE = 200;

/** The first device has saved its files on the server; the second one runs `everroll sync` as a person does. */
export async function syncByEverroll({ folder, source, target }: Place): Promise<Synced> {
  // No thumbnails: neither of the others makes any, and what they cost is measured by itself.
  const server = await start<EverrollReady>('everroll-server.ts', [], { env: { EVERROLL_RENDITION_WORKERS: '0' } });
  try {
    await save(server.ready, source);
    // What the server reads of new photos is what it did when it got them, as the hashing of syncthing's first device.
    await quiet(server.pid);
    const env = { EVERROLL_HOME: join(folder, 'home'), EVERROLL_PASSWORD: 'a long password' };
    const everroll = (...words: string[]) => run(process.execPath, [program, ...words], env);
    await everroll('sign-in', server.ready.url, '--email', server.ready.account.email);
    await everroll('folder', target);
    await settled();
    const before = server.cpuSeconds();
    const synced = await everroll('sync');
    return { seconds: synced.seconds, cpuSeconds: synced.cpuSeconds + server.cpuSeconds() - before };
  } finally {
    await server.stop();
  }
}

async function save(server: EverrollReady, source: string): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const outbox = new Outbox(agent, server);
  const names = await readdir(source);
  const saved: { readonly sha256: Sha256; readonly bytes: number; readonly name: string }[] = [];
  await inParallel(names.length, 4, async (index) => {
    const name = names[index] ?? '';
    const content = await readFile(join(source, name));
    const sha256 = createHash('sha256').update(content).digest('hex') as Sha256;
    await send(agent, `${server.url}/api/v1/uploads`, 'POST', uploadHeaders(server.sessions[0]?.token ?? '', server.library, sha256, content.length, name), content, [201]);
    saved.push({ sha256, bytes: content.length, name });
  });
  for (let from = 0; from < saved.length; from += ADDED_AT_ONCE) {
    await outbox.do(...saved.slice(from, from + ADDED_AT_ONCE).map(({ sha256, bytes, name }) => addition(server.library as LibraryId, sha256, bytes, name)));
  }
  agent.destroy();
}
