import { createHash, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { makeJpeg } from '@everroll/media/samples';
import { deriveAssetId, type LibraryId, type Sha256 } from '@everroll/protocol';
import type { EverrollReady } from './everroll-server.ts';
import { start } from './processes.ts';
import { inParallel, send, uploadHeaders } from './requests.ts';
import { quantile, type Table } from './table.ts';

const CHANGES = 200;
const UPLOADS = 200;
const UPLOAD_BYTES = 3_000_000;

/**
 * From the moment at which A sends a change until B's replica shows it: A's request, the commit, the
 * event, B's pull and B's transaction. A is this process, B a device of its own.
 */
export async function propagation(): Promise<Table> {
  const everroll = await start<EverrollReady>('everroll-server.ts');
  const device = await start<{ ready: boolean }>('device.ts', [JSON.stringify(everroll.ready)]);
  const agent = new Agent({ keepAlive: true });
  const { url, library, epoch, sessions } = everroll.ready;
  const token = sessions[0]!.token;
  const json = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' };
  let number = 0;
  const mutate = async (operation: unknown): Promise<void> => {
    number += 1;
    const body = { epoch, acknowledged: number - 1, mutations: [{ number, id: randomBytes(16).toString('hex'), operation }] };
    const { text } = await send(agent, `${url}/api/v1/libraries/${library}/mutations`, 'POST', json, Buffer.from(JSON.stringify(body)), [200]);
    const [result] = (JSON.parse(text) as { results: { outcome: string }[] }).results;
    if (result?.outcome !== 'applied') throw new Error(text);
  };
  const upload = async (seed: string, bytes: number, capturedAt: number): Promise<void> => {
    const content = makeJpeg({ seed, bytes });
    const sha256 = createHash('sha256').update(content).digest('hex') as Sha256;
    await send(agent, `${url}/api/v1/uploads`, 'POST', uploadHeaders(token, library, sha256, bytes, 'a.jpg'), content, [201]);
    if (capturedAt === 0) return;
    await mutate({
      op: 'asset.add',
      assetId: deriveAssetId(library as LibraryId, sha256),
      primary: sha256,
      resources: [{ role: 'photo', sha256, bytes, name: 'a.jpg', mediaType: 'image/jpeg' }],
      fields: { favourite: false, hidden: false, archived: false, caption: null, capture: { at: capturedAt, offsetMinutes: null }, place: null },
      again: false,
    });
    asset = deriveAssetId(library as LibraryId, sha256);
  };
  let asset = '';
  const change = async (caption: string): Promise<number> => {
    const shown = new Promise<number>((resolve) => {
      const listener = (message: { caption?: string; at?: number }): void => {
        if (message.caption !== caption) return;
        device.child.off('message', listener);
        resolve(message.at ?? 0);
      };
      device.child.on('message', listener);
    });
    const sent = Number(process.hrtime.bigint() / 1000n);
    await mutate({ op: 'asset.set', assetIds: [asset], fields: { caption } });
    return ((await shown) - sent) / 1000;
  };
  try {
    await upload('the asset', 20_000, Date.UTC(2026, 0, 1));
    for (let n = 0; n < 20; n += 1) await change(`warm ${n}`);
    const idle: number[] = [];
    for (let n = 0; n < CHANGES; n += 1) idle.push(await change(`idle ${n}`));
    const busy: number[] = [];
    const ended = new AbortController();
    const uploads = inParallel(UPLOADS, 4, (index) => upload(`busy ${index}`, UPLOAD_BYTES, 0)).finally(() => ended.abort());
    for (let n = 0; !ended.signal.aborted; n += 1) busy.push(await change(`busy ${n}`));
    await uploads;
    return {
      title: 'Propagation: a change on A until B’s replica has it, ms',
      columns: ['server', 'changes', 'p50', 'p95', 'max'],
      rows: [row('idle', idle), row(`while ${UPLOADS} uploads of 3 MB run`, busy)],
      notes: ['Aim: p50 <= 20 idle, <= 100 under uploads. The strongest peer, measured elsewhere: 311 idle, 10,200 in a burst of 200.'],
    };
  } finally {
    agent.destroy();
    await device.stop();
    await everroll.stop();
  }
}

function row(name: string, of: readonly number[]): (string | number)[] {
  return [name, of.length, quantile(of, 0.5).toFixed(1), quantile(of, 0.95).toFixed(1), Math.max(...of).toFixed(1)];
}
