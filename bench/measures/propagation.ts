import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { makeJpeg } from '@everroll/media/samples';
import { deriveAssetId, type LibraryId, type Sha256 } from '@everroll/protocol';
import { type Options, scaled, type Table } from '../measure.ts';
import type { Shown } from '../stand/device.ts';
import type { EverrollReady } from '../stand/everroll-server.ts';
import { addition, Outbox } from '../stand/mutations.ts';
import { type Measured, start } from '../stand/processes.ts';
import { inParallel, send, uploadHeaders } from '../stand/requests.ts';
import { quantile } from '../statistics.ts';

const CHANGES = 200;
const BURSTS = 3;
const UPLOADS = 200;
const UPLOAD_BYTES = 3_000_000;

/**
 * From the moment at which A sends a change until B's replica shows it: A's request, the commit, the
 * event, B's pull and B's transaction. A is this process, B a device of its own.
 */
export async function propagation(options: Options): Promise<Table> {
  const everroll = await start<EverrollReady>('everroll-server.ts');
  const agent = new Agent({ keepAlive: true });
  const { url, library, sessions } = everroll.ready;
  const token = sessions[0]?.token ?? '';
  const outbox = new Outbox(agent, everroll.ready);
  const upload = async (seed: string, bytes: number): Promise<Sha256> => {
    const content = makeJpeg({ seed, bytes });
    const sha256 = createHash('sha256').update(content).digest('hex') as Sha256;
    await send(agent, `${url}/api/v1/uploads`, 'POST', uploadHeaders(token, library, sha256, bytes, 'a.jpg'), content, [201]);
    return sha256;
  };
  const device = await start<Shown>('device.ts', [JSON.stringify(everroll.ready)]);
  const replica = new Replica(device);
  try {
    const asset = await upload('the asset', 20_000);
    await outbox.do(addition(library as LibraryId, asset, 20_000, 'a.jpg'));
    const id = deriveAssetId(library as LibraryId, asset);
    let captions = 0;
    /** Resolves when it is committed, with what resolves when it is shown: the milliseconds that it took. */
    const commit = async (): Promise<{ readonly shown: Promise<number> }> => {
      const sent = now();
      captions += 1;
      const [seq = 0] = await outbox.do({ op: 'asset.set', assetIds: [id], fields: { caption: `caption ${captions}` } });
      return { shown: replica.shows(seq).then((at) => (at - sent) / 1000) };
    };
    const change = async (): Promise<number> => await (await commit()).shown;
    for (let n = 0; n < 20; n += 1) await change();
    const idle: number[] = [];
    for (let n = 0; n < scaled(CHANGES, options); n += 1) idle.push(await change());

    const burst: number[] = [];
    for (let turn = 0; turn < BURSTS; turn += 1) {
      const shown: Promise<number>[] = [];
      for (let n = 0; n < scaled(CHANGES, options); n += 1) shown.push((await commit()).shown);
      burst.push(...(await Promise.all(shown)));
    }

    const busy: number[] = [];
    const ended = new AbortController();
    const uploads = inParallel(scaled(UPLOADS, options), 4, async (index) => void (await upload(`busy ${index}`, UPLOAD_BYTES))).finally(() => ended.abort());
    while (!ended.signal.aborted) busy.push(await change());
    await uploads;
    return {
      figures: { propagation: `p50 ${quantile(idle, 0.5).toFixed(0)} ms; ${quantile(burst, 0.5).toFixed(0)} ms in a burst of ${scaled(CHANGES, options)}; ${quantile(busy, 0.5).toFixed(0)} ms under uploads` },
      title: 'Propagation: a change on A until B’s replica has it, ms',
      columns: ['server', 'changes', 'p50', 'p95', 'max'],
      rows: [row('idle', idle), row(`a burst of ${scaled(CHANGES, options)} changes, as fast as A may send them`, burst), row(`while ${scaled(UPLOADS, options)} uploads of 3 MB run`, busy)],
      notes: [
        'In a burst each change is counted from when it was sent: A sends the next one when the one before is committed (rule M1).',
        'Aim: p50 <= 20 idle, <= 100 in a burst or under uploads. The strongest peer, measured elsewhere: 311 idle, 10,200 in a burst of 200.',
      ],
    };
  } finally {
    agent.destroy();
    await device.stop();
    await everroll.stop();
  }
}

/** What B's replica has shown, and when. */
class Replica {
  #waiting: { readonly seq: number; readonly resolve: (at: number) => void }[] = [];
  #last: Shown;

  constructor(device: Measured<Shown>) {
    this.#last = device.ready;
    device.child.on('message', (shown: Shown) => {
      this.#last = shown;
      for (const { seq, resolve } of this.#waiting) if (seq <= shown.cursor) resolve(shown.at);
      this.#waiting = this.#waiting.filter(({ seq }) => seq > shown.cursor);
    });
  }

  /** Microseconds of CLOCK_MONOTONIC at which the log up to `seq` was shown, or now, if the message came before the question. */
  async shows(seq: number): Promise<number> {
    if (this.#last.cursor >= seq) return this.#last.at;
    return await new Promise((resolve) => this.#waiting.push({ seq, resolve }));
  }
}

const now = (): number => Number(process.hrtime.bigint() / 1000n);

function row(name: string, of: readonly number[]): (string | number)[] {
  return [name, of.length, quantile(of, 0.5).toFixed(1), quantile(of, 0.95).toFixed(1), Math.max(...of).toFixed(1)];
}
