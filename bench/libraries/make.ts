/**
 * `make.ts FOLDER ASSETS`: a library of so many assets straight into a new database, with what a phone and a
 * camera leave in one: details, places, Live Photos, videos, albums. There are no originals: the server finds
 * its store not mounted, and concludes nothing from it (rule S3).
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { settingsFrom, startServer } from '@everroll/server';
import type { AccountId, DeviceId, LibraryId } from '@everroll/protocol';
import { pipelineVersions } from '../../apps/server/src/renditions/renditions.ts';
import { albumId, detailsOf, filesOf, photoAt } from './photos.ts';

const [folder = '.', text = '1000'] = process.argv.slice(2);
const assets = Number(text);
/** Rows in one transaction. */
const BATCH = 20_000;
const ALBUM_EVERY = 5_000;
const IN_AN_ALBUM = 500;

const path = join(folder, 'everroll.db');
const { account, library, device } = await prepare();
const database = new DatabaseSync(path, { defensive: false });
// Nothing is to survive a crash while it is made; the server turns its own journal on again.
database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA temp_store = memory; PRAGMA foreign_keys = OFF;');
const indexes = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('asset', 'asset_resource', 'resource', 'rendition', 'album_item')").all();
for (const { name } of indexes) database.exec(`DROP INDEX "${String(name)}"`);
fill();
for (const { sql } of indexes) database.exec(String(sql));
// What a library that grew by itself has: see SqliteConnection.close.
database.exec('ANALYZE');
database.close();

/** The owner's account, its library and a device that took the photos. */
async function prepare(): Promise<{ account: AccountId; library: LibraryId; device: DeviceId }> {
  const env = { EVERROLL_DATA: folder, EVERROLL_PORT: '0', EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password', EVERROLL_RENDITION_WORKERS: '0' };
  const server = await startServer(settingsFrom(env), { log: { info: () => undefined, warn: () => undefined, error: () => undefined } });
  const { db } = server.services;
  const { id } = await db.selectFrom('account').select('id').executeTakeFirstOrThrow();
  await db.updateTable('account').set({ plan_bytes: null }).execute();
  const row = await db.selectFrom('library').select('id').executeTakeFirstOrThrow();
  const phone = 'd0'.repeat(16) as DeviceId;
  await db.insertInto('device').values({ id: phone, account_id: id, name: 'phone', kind: 'phone', created_at: 0, last_seen_at: 0 }).execute();
  await server.close();
  return { account: id, library: row.id, device: phone };
}

function fill(): void {
  const insert = (table: string, columns: readonly string[]): ((...values: SQLInputValue[]) => void) => {
    const statement = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
    return (...values) => void statement.run(...values);
  };
  const log = ['library_id', 'seq', 'actor', 'foreign_seq'];
  const addAsset = insert('asset', [...log, 'id', 'state', 'media_kind', 'primary_sha256', 'added_at', 'captured_at', 'capture_offset_minutes', 'latitude', 'longitude', 'altitude', 'favourite', 'hidden', 'archived', 'caption', 'details', 'content_identifier', 'stem', 'screenshot', 'described', 'edit_seq']);
  const addPart = insert('asset_resource', ['library_id', 'asset_id', 'ordinal', 'role', 'sha256', 'bytes', 'name', 'media_type']);
  const addResource = insert('resource', ['library_id', 'sha256', 'bytes', 'verified_at', 'named', 'kind', 'scrubbed_at']);
  // Made, and without a file: the comparison of housekeeping finds nothing that lacks.
  const addRendition = insert('rendition', ['sha256', 'task', 'version', 'outcome', 'files', 'attempts', 'lease_until', 'made_at']);
  const addAlbum = insert('album', [...log, 'id', 'name', 'deleted', 'created_at']);
  const addItem = insert('album_item', [...log, 'album_id', 'asset_id', 'present', 'position']);
  const now = Date.now();
  let seq = 0;
  let bytes = 0;
  database.exec('BEGIN');
  for (let index = 0; index < assets; index += 1) {
    const photo = photoAt(index, assets, library);
    seq += 1;
    const { place } = photo;
    addAsset(library, seq, device, 0, photo.id, 'live', photo.kind, photo.sha256, photo.addedAt, photo.capturedAt, 60, place?.latitude ?? null, place?.longitude ?? null, place?.altitude ?? null, Number(index % 40 === 0), 0, 0, index % 100 === 0 ? `Day ${index}` : null, JSON.stringify(detailsOf(photo)), photo.contentIdentifier, photo.stem.toLowerCase(), Number(photo.isScreenshot), pipelineVersions.images, seq);
    for (const [ordinal, file] of filesOf(photo).entries()) {
      addPart(library, photo.id, ordinal, file.role, file.sha256, file.bytes, file.name, file.mediaType);
      addResource(library, file.sha256, file.bytes, photo.addedAt, 1, file.usage, now);
      bytes += file.bytes;
    }
    addRendition(photo.sha256, 'images', pipelineVersions.images, 'made', '[]', 0, 0, now);
    if (index % BATCH === BATCH - 1) database.exec('COMMIT; BEGIN');
  }
  for (let first = 0; first < assets; first += ALBUM_EVERY) {
    const album = albumId(first);
    seq += 1;
    addAlbum(library, seq, device, 0, album, `Album ${first / ALBUM_EVERY + 1}`, 0, now);
    seq += 1;
    for (let index = first; index < Math.min(assets, first + IN_AN_ALBUM); index += 1) {
      addItem(library, seq, device, 0, album, photoAt(index, assets, library).id, 1, `a${createHash('sha256').update(`${index}`).digest('hex').slice(0, 6)}`);
    }
  }
  database.prepare('UPDATE library SET head = ? WHERE id = ?').run(seq, library);
  database.prepare('UPDATE account SET used_bytes = ? WHERE id = ?').run(bytes, account);
  // A disk that is not mounted: with the mark of an empty store, all that is named here would be lost.
  database.prepare("UPDATE scrub SET store_mark = 'elsewhere', absent_since = ?").run(now);
  database.exec('COMMIT');
  rmSync(join(folder, 'originals'), { recursive: true });
}
