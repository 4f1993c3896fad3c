import { isDeepStrictEqual } from 'node:util';
import { type AssetId, type LibraryId, reasons } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { Folder } from '../folder/folder.ts';
import { factsOf } from '../folder/photo-file.ts';
import { photoKey } from '../model/model.ts';
import { hashOf } from '../world/hash.ts';
import type { World } from '../world/world.ts';
import { cursorOf, epochOf, serverRows } from './devices.ts';
import { isOnDevice, isStored } from './server.ts';
import { checkLooks } from './looks.ts';
import { checkTold } from './told.ts';

/** I10 to I13, when all faults have ended and everything had its time. */
export function checkLiveness(world: World, workOfLastCycle: number, headsStood: boolean): void {
  for (const device of world.devices) {
    checkCursor(world, device);
    checkItems(world, device);
    checkOutbox(world, device);
    checkShown(world, device);
    checkFolder(world, device);
    checkSources(world, device);
    checkTold(world, device);
    checkCopies(world, device);
  }
  checkActs(world);
  checkLooks(world);
  checkRefusals(world);
  checkPurged(world);
  if (!headsStood) world.fail('I13', 'the log grew in a cycle in which nobody did anything');
  if (workOfLastCycle > 0) world.fail('I13', `${workOfLastCycle} requests that change something in a cycle in which nobody did anything`);
}

function checkCursor(world: World, device: Device): void {
  const cursor = cursorOf(device);
  const [library] = world.machine.database.rows('SELECT head FROM library WHERE id = ?', device.account.libraryId);
  if (cursor?.phase !== 'log' || cursor.epoch !== epochOf(world, device) || cursor.seq !== library?.['head']) {
    world.fail('I10', `${device.name} stands at ${cursor?.phase} ${cursor?.seq}; the head is ${String(library?.['head'])}; reasons: ${reasonsOf(device)}`);
  }
}

function reasonsOf(device: Device): string {
  return device.ask((engine) => engine.status().reasons.map((reason) => reason.code).join(' ')) || 'none';
}

/** I11: an item that is not verified says why, and what it says is true. */
function checkItems(world: World, device: Device): void {
  const status = device.ask((engine) => engine.status());
  if (status) {
    const { found, ...states } = status.items;
    const sum = Object.values(states).reduce((all, one) => all + one, 0);
    if (found !== sum) world.fail('I11', `${device.name} found ${found} items; its states add up to ${sum}`);
  }
  for (const row of device.database.rows("SELECT source.location, item.* FROM item JOIN source ON source.id = item.source_id WHERE stage <> 'verified'")) {
    const [stage, code, localId] = [String(row['stage']), row['code'], String(row['local_id'])];
    const file = device.folderAt(String(row['location'])).files.get(localId);
    const what = `${device.name}: ${localId} is at ${stage} (${String(code)}: ${String(row['evidence'])}, tried ${String(row['attempts'])} times)`;
    if (stage === 'excluded' && code === 'excluded_by_rule') {
      if (file && factsOf(file.content)) world.fail('I11', `${what}, but it is a photo`);
    } else if (stage === 'excluded' && code === 'empty_file') {
      if (file && file.content.length > 0) world.fail('I11', `${what}, but it is not empty`);
    } else if (stage === 'excluded' && code === 'deleted_from_library') {
      if (!wasDeleted(world, device, String(row['asset_id']), String(row['sha256']))) world.fail('I11', `${what}, but nobody deleted it`);
    } else if (isEmptied(device, String(row['location']))) {
      // Everything is gone at once: nothing is concluded, and `source_missing` says so of the source.
    } else if (stage === 'evicted') {
      // All originals are kept again: what stays a picture is what nobody has any more.
      if (!isExcused(world, device.account.libraryId, String(row['sha256']))) world.fail('I11', `${what}, and its original does not come; reasons: ${reasonsOf(device)}`);
    } else if (stage === 'vanished') {
      if (file) world.fail('I11', `${what}, but it is there`);
    } else world.fail('I11', `${what}; nothing stands in its way`);
  }
}

function isEmptied(device: Device, location: string): boolean {
  return device.folderAt(location).files.size === 0 && device.database.rows("SELECT 1 FROM source WHERE location = ? AND code = 'source_missing'", location).length > 0;
}

function wasDeleted(world: World, device: Device, asset: string, sha256: string): boolean {
  const library = device.account.libraryId;
  return world.model.trashed.has(`${library}/${asset}`) || world.model.deletedBytes.has(photoKey(library, sha256));
}

/** I12: nothing waits for ever without a reason. */
function checkOutbox(world: World, device: Device): void {
  const queued = device.database.rows('SELECT number, operation FROM outbox');
  if (queued.length > 0) world.fail('I12', `${device.name} still has ${queued.length} changes in its outbox, the first: ${String(queued[0]?.['operation']).slice(0, 120)}; reasons: ${reasonsOf(device)}`);
  for (const row of device.database.rows('SELECT key, entity FROM offer')) {
    const entity = JSON.parse(String(row['entity'])) as { kind: string; row: { resources?: { sha256: string }[] } };
    const lacking = (entity.row.resources ?? []).filter(({ sha256 }) => !isStored(world, device.account.libraryId, sha256));
    if (lacking.length === 0) world.fail('I12', `${device.name} still offers ${String(row['key']).slice(0, 20)}, whose bytes the server has`);
  }
  const [rollback] = device.database.rows("SELECT value FROM meta WHERE key = 'rollback' AND value <> 'null'");
  if (rollback) world.fail('I12', `${device.name} still holds deletions back after a rollback`);
}

/** I10: what a device shows is what the server holds, row by row. */
function checkShown(world: World, device: Device): void {
  const library = device.account.libraryId;
  const server = serverRows(world, library).filter((row) => !row.isTombstone);
  const shown = new Map(device.database.rows("SELECT key, seq, overlaid, state, row FROM entity WHERE row IS NOT NULL").map((row) => [String(row['key']), row]));
  for (const { key, seq } of server) {
    const row = shown.get(key);
    shown.delete(key);
    if (!row || row['seq'] !== seq || row['overlaid'] !== 0) world.fail('I10', `${device.name} shows ${key.slice(0, 24)} at ${String(row?.['seq'])}${row?.['overlaid'] === 1 ? ' with a change over it' : ''}; the server has it at ${seq}`);
  }
  // What this device offers after a rollback and whose bytes nobody has is parked, not shown by mistake.
  const offered = new Set(device.database.rows('SELECT key FROM offer WHERE attempts > 0').map((row) => String(row['key'])));
  for (const [key, row] of shown) {
    if (offered.has(key)) continue;
    const content = JSON.parse(String(row['row'])) as { state?: string; deleted?: boolean; present?: boolean };
    if (content.state !== 'purged' && content.deleted !== true && content.present !== false) world.fail('I10', `${device.name} shows ${key.slice(0, 24)}, which the server does not have`);
  }
  checkFields(world, device);
}

function checkFields(world: World, device: Device): void {
  const shown = new Map((['live', 'trashed'] as const).flatMap((state) => device.ask((engine) => engine.assets({ state })) ?? []).map((asset) => [asset.id, asset]));
  for (const row of world.machine.database.rows("SELECT id, state, caption, favourite, hidden, captured_at, adjustments FROM asset WHERE library_id = ? AND state <> 'purged'", device.account.libraryId)) {
    const asset = shown.get(String(row['id']) as AssetId);
    if (!asset) continue;
    const lost = world.machine.database.rows("SELECT DISTINCT sha256 FROM asset_resource JOIN resource USING (library_id, sha256) WHERE library_id = ? AND asset_id = ? AND lost IS NOT NULL ORDER BY sha256", device.account.libraryId, asset.id);
    const wanted = lost.map(({ sha256 }) => sha256).join(' ');
    if (wanted !== [...(asset.wanted ?? [])].toSorted().join(' ')) world.fail('I10', `${device.name} shows that the server asks for ${asset.wanted?.join(' ') ?? 'nothing'} of ${asset.id.slice(0, 8)}; the server lost ${wanted || 'nothing'}`);
    const same = asset.state === row['state'] && asset.caption === row['caption'] && Number(asset.favourite) === row['favourite'] && Number(asset.hidden) === row['hidden'] && asset.capture.at === row['captured_at'];
    if (!isDeepStrictEqual(asset.adjustments ?? null, JSON.parse(String(row['adjustments'])))) world.fail('I10', `${device.name} shows ${asset.id.slice(0, 8)} with the looks ${JSON.stringify(asset.adjustments)}; the server has ${String(row['adjustments'])}`);
    if (!same) world.fail('I10', `${device.name} shows ${asset.id.slice(0, 8)} as ${asset.state} "${asset.caption}", the server has ${String(row['state'])} "${String(row['caption'])}"`);
  }
}

/** I13: a browser keeps no copy of what the server has: its storage is little, and nobody would ever remove it. */
function checkCopies(world: World, device: Device): void {
  if (!device.browser) return;
  const waiting = new Set(device.database.rows("SELECT local_id FROM web_staged WHERE state = 'waiting'").map((row) => String(row['local_id'])));
  for (const path of device.photos.files.keys()) if (!waiting.has(path)) world.fail('I13', `${device.name} keeps a copy of ${path.slice(0, 24)}, which waits for nothing`);
  for (const row of device.database.rows("SELECT web_staged.local_id, stage FROM web_staged JOIN item USING (local_id) WHERE state = 'waiting' AND stage = 'verified'")) world.fail('I13', `${device.name} keeps a copy of ${String(row['local_id']).slice(0, 24)}, which the server has`);
}

/** I10: the library folder holds every original of the library whose bytes exist. */
function checkFolder(world: World, device: Device): void {
  if (!device.library) return;
  const here = new Set([...device.library.files.values()].map((file) => hashOf(file.content)));
  const rows = world.machine.database.rows(
    "SELECT DISTINCT asset_resource.sha256 FROM asset_resource JOIN asset ON asset.library_id = asset_resource.library_id AND asset.id = asset_resource.asset_id WHERE asset.library_id = ? AND asset.state = 'live'",
    device.account.libraryId,
  );
  for (const row of rows) {
    const sha256 = String(row['sha256']);
    if (here.has(sha256) || isExcused(world, device.account.libraryId, sha256)) continue;
    world.fail('I10', `the library folder of ${device.name} lacks ${sha256.slice(0, 8)}; reasons: ${reasonsOf(device)}`);
  }
}

function isExcused(world: World, library: LibraryId, sha256: string): boolean {
  const photo = world.model.photo(library, sha256);
  // What rotted is mended by whoever has the bytes (rule S2).
  return photo === undefined || photo.gone !== null || (world.model.rotten.has(sha256) && !isOnDevice(world, library, sha256));
}

/** I11: every photo on a device's disks is saved, or someone deleted it from the library. */
function checkSources(world: World, device: Device): void {
  const library = device.account.libraryId;
  for (const folder of [device.photos, device.library] as (Folder | null)[]) {
    for (const [path, file] of folder?.files ?? []) {
      if (!factsOf(file.content)) continue;
      const sha256 = hashOf(file.content);
      if (isExcused(world, library, sha256) || world.model.deletedBytes.has(photoKey(library, sha256))) continue;
      const named = world.machine.database.rows(
        "SELECT asset.id, asset.state FROM asset_resource JOIN asset ON asset.library_id = asset_resource.library_id AND asset.id = asset_resource.asset_id WHERE asset.library_id = ? AND sha256 = ?",
        library,
        sha256,
      );
      // In a live asset, or in one that a person deleted since.
      const isAccounted = named.some((asset) => asset['state'] === 'live' || world.model.trashed.has(`${library}/${String(asset['id'])}`));
      if (isAccounted && isStored(world, library, sha256)) continue;
      const why = device.ask((engine) => engine.why({ sourceId: engine.sources().find((source) => source.location === folder?.location)?.id ?? 0, localId: path }));
      world.fail('I11', `${path} of ${device.name} is in no asset of the library; it says ${JSON.stringify(why?.map(({ stage, reason }) => ({ stage, reason })))}`);
    }
  }
}

/** What was refused is told, unless it was tried again with better luck. */
function checkRefusals(world: World): void {
  for (const { device, operation } of world.results.refused) {
    if (world.model.forgetful.has(device.name) || world.results.decided.get(operation) === 'applied') continue;
    // Refused with its row, which is still offered: it waits with it.
    const told = device.database.rows('SELECT operation FROM rejection UNION ALL SELECT operation FROM waiting_operation').some((row) => JSON.stringify(JSON.parse(String(row['operation']))) === operation);
    if (!told) world.fail('I12', `${device.name} was refused ${operation.slice(0, 100)} and does not say so`);
  }
}

/** What a person deleted for ever comes back by a person's wish alone (rule A4). */
function checkPurged(world: World): void {
  if (world.model.rollbacks > 0 || world.model.wanted) return;
  for (const key of world.model.purgedAssets) {
    const [library, asset] = key.split('/') as [LibraryId, AssetId];
    const applied = [...world.results.decided].some(([operation, outcome]) => outcome === 'applied' && operation.startsWith('{"op":"asset.purge"') && operation.includes(asset));
    const [row] = world.machine.database.rows('SELECT state FROM asset WHERE library_id = ? AND id = ?', library, asset);
    if (applied && row && row['state'] !== 'purged') world.fail('I1', `asset ${asset.slice(0, 8)} was deleted for ever and is ${String(row['state'])} again`);
  }
}

/** What people did is still so: an album that someone made and nobody deleted, a caption that one person alone wrote. */
function checkActs(world: World): void {
  const { model, machine } = world;
  for (const [album, { library, device }] of model.albums) {
    if (model.deletedAlbums.has(album) || model.forgetful.has(device)) continue;
    const rows = machine.database.rows('SELECT deleted FROM album WHERE library_id = ? AND id = ?', library, album);
    if (rows[0]?.['deleted'] !== 0) world.fail('I12', `album ${album.slice(0, 8)} of ${device} is gone, and nobody deleted it${toldOf(world, device, album)}`);
  }
  for (const [key, captions] of model.captions) {
    const [library, asset] = key.split('/') as [LibraryId, AssetId];
    const [only] = captions;
    if (captions.length !== 1 || !only || model.purgedAssets.has(key) || model.forgetful.has(only.device)) continue;
    const [row] = machine.database.rows("SELECT caption FROM asset WHERE library_id = ? AND id = ? AND state <> 'purged'", library, asset);
    if (!row || row['caption'] === only.text) continue;
    world.fail('I12', `the caption "${only.text}" of ${only.device} is lost: ${asset.slice(0, 8)} has ${String(row['caption'])}${toldOf(world, only.device, only.text)}`);
  }
}

function toldOf(world: World, name: string, text: string): string {
  const device = world.devices.find((one) => one.name === name);
  const told = device?.database.rows('SELECT code FROM rejection WHERE operation LIKE ?', `%${text}%`) ?? [];
  return told.length === 0 ? '' : ` (told: ${told.map((row) => reasons[String(row['code']) as keyof typeof reasons].sentence).join(' ')})`;
}

