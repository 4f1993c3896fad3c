import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssetId, type AssetState, deriveAssetId, type MediaKind, type Operation, type Resource, type ResourceRole, Sha256, type Usage } from '@everroll/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runHousekeeping } from '../housekeeping/run.ts';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { addOf, Outbox } from '../testing/test-library.ts';
import { creationHeaders, tus } from '../testing/tus-requests.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from '../uploads/tus.ts';

const OPERATIONS = 10_000;
const CHECK_EVERY = 500;
const SEED = 20_260_731;
const FILES = 400;
const DAY = 86_400_000;
const ROLES: readonly ResourceRole[] = ['photo', 'paired_video', 'video', 'raw', 'sidecar', 'rendered_edit'];

let folder: string;
let server: TestServer;
let devices: readonly Outbox[];
let refused = 0;
let account: TestDevice;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-random-'));
  server = await testServer({ originals: new LocalDiskStore(nodeDiskFs, folder) });
  account = await server.person('a@example.com');
  devices = [new Outbox(account), new Outbox(await account.another('second'))];
  // Small enough to be full now and then.
  await server.services.db.updateTable('account').set({ plan_bytes: 150_000 }).execute();
});
afterAll(async () => {
  await server.closeSound();
  await rm(folder, { recursive: true });
});

/** The contents that there are: some of them parts of several assets, in one role or another. */
const files = Array.from({ length: FILES }, (_, n) => {
  const content = Buffer.alloc(1 + ((n * 7919) % 1500), `content ${n} `);
  return { content, sha256: Sha256.parse(createHash('sha256').update(content).digest('hex')) };
});
const fileOf = (n: number) => files[n % FILES]!;
const resourceOf = (n: number, role: ResourceRole): Resource => ({ role, sha256: fileOf(n).sha256, bytes: fileOf(n).content.length, name: `${n % FILES}.bin`, mediaType: 'application/octet-stream' });
const assetOf = (n: number): AssetId => deriveAssetId(account.libraryId, fileOf(n).sha256);

type Choice = { readonly what: (typeof KINDS)[number]; readonly device: number; readonly x: number; readonly others: readonly number[] };
const KINDS = ['upload', 'upload', 'begin upload', 'end upload', 'add', 'add', 'add', 'add', 'add again', 'trash', 'trash', 'recover', 'purge', 'favourite'] as const;
const choices: fc.Arbitrary<Choice> = fc.record({ what: fc.constantFrom(...KINDS), device: fc.nat(1), x: fc.nat(FILES - 1), others: fc.array(fc.nat(FILES * ROLES.length - 1), { maxLength: 3 }) });

async function call(outbox: Outbox, method: string, path: string, headers: Record<string, string>, body?: Buffer): Promise<Response> {
  return await server.app.request(path, {
    method,
    headers: { authorization: `Bearer ${outbox.device.token}`, ...tus, ...headers },
    ...(body ? { body: new Blob([new Uint8Array(body)]).stream(), duplex: 'half' as const } : {}),
  });
}

async function begin(outbox: Outbox, n: number, sent: number): Promise<string | null> {
  const { content, sha256 } = fileOf(n);
  const answer = await call(outbox, 'POST', '/api/v1/uploads', { ...creationHeaders(outbox.device, content.length, sha256), 'content-type': PATCH_CONTENT_TYPE, 'transfer-encoding': 'chunked' }, content.subarray(0, sent));
  expect([201, 507]).toContain(answer.status);
  if (answer.status === 507) refused += 1;
  return answer.headers.get('location');
}

function mutationOf({ what, x, others }: Choice): Operation {
  const assetIds = [x, ...others].map(assetOf);
  switch (what) {
    case 'trash':
      return { op: 'asset.trash', assetIds };
    case 'recover':
      return { op: 'asset.recover', assetIds };
    case 'purge':
      return { op: 'asset.purge', assetId: assetOf(x), saw: Number.MAX_SAFE_INTEGER };
    case 'favourite':
      return { op: 'asset.set', assetIds, fields: { favourite: x % 2 === 0 } };
    default: {
      const resources = [resourceOf(x, ROLES[x % ROLES.length]!), ...others.map((n) => resourceOf(n, ROLES[n % ROLES.length]!))];
      const distinct = [...new Map(resources.map((resource) => [`${resource.role} ${resource.sha256}`, resource])).values()];
      return addOf(account, distinct, {}, what === 'add again');
    }
  }
}

/** What the rows say, added up by hand: each stored resource once, as rule Q3 has it. */
async function barByHand(): Promise<Usage['byKind']> {
  const { db } = server.services;
  const order: readonly (keyof Usage['byKind'])[] = ['livePhotos', 'photos', 'videos', 'raw', 'edits', 'recentlyDeleted', 'other'];
  const assets = new Map((await db.selectFrom('asset').select(['id', 'state', 'media_kind']).execute()).map((row) => [row.id, row]));
  const named = new Map<Sha256, (keyof Usage['byKind'])[]>();
  for (const row of await db.selectFrom('asset_resource').select(['asset_id', 'sha256', 'role']).execute()) {
    const asset = assets.get(row.asset_id);
    if (!asset) throw new Error('a resource of no asset');
    named.set(row.sha256, [...(named.get(row.sha256) ?? []), kindByHand(asset.state, asset.media_kind, row.role)]);
  }
  const bar = { photos: 0, videos: 0, livePhotos: 0, raw: 0, edits: 0, other: 0, recentlyDeleted: 0 };
  for (const { sha256, bytes } of await db.selectFrom('resource').select(['sha256', 'bytes']).execute()) {
    const kinds = named.get(sha256) ?? [];
    bar[order.find((kind) => kinds.includes(kind)) ?? 'other'] += bytes;
  }
  return bar;
}

function kindByHand(state: AssetState, mediaKind: MediaKind, role: ResourceRole): keyof Usage['byKind'] {
  if (state === 'trashed') return 'recentlyDeleted';
  if (role === 'sidecar' || role === 'rendered_edit') return 'edits';
  if (role === 'raw') return 'raw';
  return mediaKind === 'live_photo' ? 'livePhotos' : role === 'photo' ? 'photos' : 'videos';
}

async function checkBar(): Promise<Usage> {
  const usage = (await (await account.request('GET', '/api/v1/usage')).json()) as Usage;
  expect(usage.byKind).toEqual(await barByHand());
  expect(Object.values(usage.byKind).reduce((sum, bytes) => sum + bytes)).toBe(usage.used);
  expect(usage.used + usage.reserved).toBeLessThanOrEqual(150_000);
  const uploads = await server.services.db.selectFrom('upload').select('reserved').execute();
  expect(usage.reserved).toBe(uploads.reduce((sum, { reserved }) => sum + reserved, 0));
  return usage;
}

/** The originals on the disk, but for those that an upload which is under way may need again. */
async function bytesOnDisk(): Promise<number> {
  const { db } = server.services;
  const coming = new Set<string>((await db.selectFrom('upload').select('sha256').execute()).map(({ sha256 }) => sha256));
  const rows = new Set<string>((await db.selectFrom('resource').select('sha256').execute()).map(({ sha256 }) => sha256));
  let bytes = 0;
  for (const entry of await readdir(join(folder, 'originals'), { recursive: true, withFileTypes: true })) {
    if (Sha256.safeParse(entry.name).success && (rows.has(entry.name) || !coming.has(entry.name))) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

test(`Q3 after ${OPERATIONS.toLocaleString('en')} random operations the bar is the sum of the bytes that are stored`, async () => {
  const queued: Operation[][] = devices.map(() => []);
  const flush = async () => {
    for (const [n, outbox] of devices.entries()) await outbox.send(...queued[n]!.splice(0));
  };
  const begun: { outbox: Outbox; location: string; content: Buffer }[] = [];
  const met = new Set<keyof Usage['byKind']>();
  for (const [n, choice] of fc.sample(choices, { seed: SEED, numRuns: OPERATIONS }).entries()) {
    const outbox = devices[choice.device]!;
    if (choice.what === 'upload') await begin(outbox, choice.x, fileOf(choice.x).content.length);
    else if (choice.what === 'begin upload') {
      const location = await begin(outbox, choice.x, 0);
      if (location !== null) begun.push({ outbox, location, content: fileOf(choice.x).content });
    } else if (choice.what === 'end upload') {
      const [upload] = begun.splice(choice.x % Math.max(1, begun.length), 1);
      // Given up, or sent after all, though another device may have stored the same bytes since.
      if (upload && choice.x % 2 === 0) await call(upload.outbox, 'DELETE', upload.location, {});
      else if (upload) await call(upload.outbox, 'PATCH', upload.location, { 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0', 'transfer-encoding': 'chunked' }, upload.content);
    } else queued[choice.device]!.push(mutationOf(choice));
    // Both devices' changes in pieces, so that some meet what the other did since.
    if (n % 20 === 19) await flush();
    if (n % CHECK_EVERY !== CHECK_EVERY - 1) continue;
    const { byKind } = await checkBar();
    for (const kind of Object.keys(byKind) as (keyof Usage['byKind'])[]) if (byKind[kind] > 0) met.add(kind);
    server.clock.time += (choice.x % 10) * DAY;
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    expect(await bytesOnDisk()).toBe((await checkBar()).used);
  }
  // A run that never met one of the kinds, or a full plan, would prove nothing of it.
  expect(met.size).toBe(7);
  expect(refused).toBeGreaterThan(0);
});
