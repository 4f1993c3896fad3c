import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeHeic, makeJpeg, makeLivePhoto, makePng } from '@everroll/media/samples';
import { AssetEntry, type AssetId, type ResourceRole } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemRandom, systemTimers } from '../context.ts';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { Photographer, until } from '../testing/rendition-server.ts';
import { renditionsOn } from './local.ts';
import { startRenditions } from './start.ts';

/** Real files through real worker processes. Those of many cameras stand beside the repository, not in it. */
const mediaFolder = fileURLToPath(new URL('../../../../../shared/media/', import.meta.url));
const present = existsSync(`${mediaFolder}MANIFEST.tsv`);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

let server: LiveServer;
let work: { stop(): Promise<void> };
let me: Photographer;

beforeAll(async () => {
  const renditions = { workers: 2, memoryBytes: null, milliseconds: 120_000, videoPreviews: 'on_demand' } as const;
  server = await liveServer({ timers: systemTimers, renditions: (dataFolder) => renditionsOn({ dataFolder, renditions }, systemRandom, quiet) });
  work = startRenditions(server.services, server.renditions);
  me = new Photographer(server, await server.person('a@example.com'));
});
afterAll(async () => {
  await work.stop();
  await server.close();
});

const get = async (id: AssetId, name: string) => await send(server, me.device, 'GET', me.address(id, name));
const undescribed = async () => await server.services.db.selectFrom('asset').select('id').where('described', '=', 0).where('state', '<>', 'purged').execute();
const detailsOf = async (id: AssetId) => (await me.asset(id)).details;

describe('the samples', () => {
  test('a JPEG, a PNG and a HEIC have a thumbnail and a preview', async () => {
    const ids = [await me.adds(makeJpeg({ seed: 1 })), await me.adds(makePng(2)), await me.adds(makeHeic({ seed: 3 }))];
    for (const id of ids) {
      const [thumb, preview] = [await get(id, 'thumb'), await get(id, 'preview')];
      expect([thumb.status, thumb.headers['content-type'], thumb.body.subarray(8, 12).toString()]).toEqual([200, 'image/webp', 'WEBP']);
      expect([preview.status, preview.headers['content-type']?.startsWith('image/')]).toEqual([200, true]);
    }
    await until(async () => expect(await undescribed()).toEqual([]));
    for (const id of ids) expect((await detailsOf(id))?.thumbhash).toBeTypeOf('string');
  });

  test('a Live Photo says which its two halves are', async () => {
    const { still, video, contentIdentifier } = makeLivePhoto({ seed: 4 });
    const id = await me.adds(still, [video, 'paired_video', 'video/quicktime']);
    await until(async () => expect(await undescribed()).toEqual([]));
    expect(await detailsOf(id)).toMatchObject({ contentIdentifier });
  });

  test('a cut photo and a file that is none get their reason, and what stands behind them in the queue is made', async () => {
    const whole = makeJpeg({ seed: 5, bytes: 20_000 });
    const [none, cut, good] = [await me.adds(Buffer.from('no picture at all')), await me.adds(makeHeic({ seed: 6 }).subarray(0, 700)), await me.adds(whole)];
    expect((await get(good, 'preview')).status).toBe(200);
    const answers = [await get(none, 'preview'), await get(cut, 'preview')];
    expect(answers.map((answer) => [answer.status, answer.json().code])).toEqual([[404, 'unsupported_media'], [404, 'corrupt_media']]);
  });
});

describe.skipIf(!present)('the real media set (skipped where ../shared/media is missing)', () => {
  const paths = present ? readFileSync(`${mediaFolder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t')[0]!) : [];
  const roleOf = (path: string): ResourceRole => (/\.(mov|mp4)$/i.test(path) ? 'video' : /\.aae$/i.test(path) ? 'sidecar' : 'photo');

  test('every file is an asset with details, and with renditions or a reason', async () => {
    const assets = new Map<AssetId, string>();
    for (const path of paths) {
      const bytes = await readFile(mediaFolder + path);
      // The server keeps no empty file.
      if (bytes.length > 0) assets.set(await me.adds([bytes, roleOf(path), `image/${extname(path).slice(1).toLowerCase()}`]), path);
    }
    expect(assets.size).toBeGreaterThan(130);
    await until(async () => expect((await undescribed()).length).toBe(0), 600_000);
    const rows = (await me.log(0)).entries.flatMap((entry) => (entry.kind === 'asset' ? [AssetEntry.parse(entry).row] : []));
    let shown = 0;
    // Those that are parts of one photo are one asset by now (rule A7).
    for (const row of rows.filter(({ id, state }) => assets.has(id) && state === 'live')) {
      const path = assets.get(row.id)!;
      expect([path, row.details === null]).toEqual([path, false]);
      const preview = await get(row.id, 'preview');
      if (row.details?.problem === undefined) expect([path, preview.status]).toEqual([path, 200]);
      else expect([path, [200, 404]]).toEqual([path, expect.arrayContaining([preview.status])]);
      shown += Number(preview.status === 200);
    }
    process.stdout.write(`${assets.size} files of ../shared/media, ${shown} of them with a preview\n`);
  }, 660_000);

  test('a video is made to play in every browser, and streamed in ranges (skipped where nothing is installed that makes videos)', async ({ skip }) => {
    const id = await me.adds([await readFile(`${mediaFolder}mov/meta.mov`), 'video', 'video/quicktime']);
    let answer = await get(id, 'video_preview');
    while (answer.status === 202) answer = await get(id, 'video_preview');
    skip(answer.status === 404 && answer.json().code === 'unsupported_media');
    expect([answer.status, answer.headers['content-type'], answer.body.subarray(4, 8).toString()]).toEqual([200, 'video/mp4', 'ftyp']);
    const part = await send(server, me.device, 'GET', me.address(id, 'video_preview'), { range: 'bytes=4-7', 'if-range': answer.headers.etag! });
    expect([part.status, part.body.toString()]).toEqual([206, 'ftyp']);
  }, 120_000);
});
