import type { Driver } from '@everroll/engine';
import { localIdOf, type StagedFile } from './staged.ts';

/**
 * The files that a person gave to this browser. `waiting`: the bytes are here and the engine's item
 * says how far it is; `done`: the server has it, and only the line on the list is left. `saved` and
 * `cancelled` (a person took it back) are noted before the copy goes, so that a page that is closed in
 * between leaves neither a copy that nothing names nor a line without its copy.
 */
export type StagedState = 'waiting' | 'saved' | 'done' | 'cancelled';

export interface StagedRow extends StagedFile {
  readonly state: StagedState;
  readonly assetId: string | null;
}

export function makeStagedTable(driver: Driver): void {
  driver.exec(`
    CREATE TABLE IF NOT EXISTS web_staged (
      id TEXT PRIMARY KEY, local_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, path TEXT NOT NULL, bytes INTEGER NOT NULL, modified_at INTEGER NOT NULL,
      sha256 TEXT NOT NULL, added_at INTEGER NOT NULL, state TEXT NOT NULL, asset_id TEXT
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS web_staged_state ON web_staged (state, added_at);
  `);
}

export function addStaged(driver: Driver, files: readonly StagedFile[]): void {
  driver.transaction(() => {
    for (const file of files) {
      driver
        .prepare("INSERT OR IGNORE INTO web_staged (id, local_id, name, path, bytes, modified_at, sha256, added_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')")
        .run(file.id, localIdOf(file), file.name, file.path, file.bytes, file.modifiedAt, file.sha256, file.addedAt);
    }
  });
}

export function stagedRow(driver: Driver, id: string): StagedRow | undefined {
  const row = driver.prepare('SELECT * FROM web_staged WHERE id = ?').get(id);
  return row && rowOf(row);
}

export function stagedIn(driver: Driver, state: StagedState): StagedRow[] {
  return driver.prepare('SELECT * FROM web_staged WHERE state = ? ORDER BY added_at, path').all(state).map(rowOf);
}

export function markStaged(driver: Driver, ids: readonly string[], state: StagedState): void {
  driver.transaction(() => {
    for (const id of ids) driver.prepare('UPDATE web_staged SET state = ?, asset_id = coalesce((SELECT asset_id FROM item WHERE item.local_id = web_staged.local_id), asset_id) WHERE id = ?').run(state, id);
  });
}

export function forgetStaged(driver: Driver, id: string): void {
  driver.prepare('DELETE FROM web_staged WHERE id = ?').run(id);
}

export function forgetDone(driver: Driver): void {
  driver.prepare("DELETE FROM web_staged WHERE state = 'done'").run();
}

function rowOf(row: Record<string, string | number | null>): StagedRow {
  return {
    id: String(row['id']),
    name: String(row['name']),
    path: String(row['path']),
    bytes: Number(row['bytes']),
    modifiedAt: Number(row['modified_at']),
    sha256: String(row['sha256']) as StagedRow['sha256'],
    addedAt: Number(row['added_at']),
    state: row['state'] as StagedState,
    assetId: row['asset_id'] === null ? null : String(row['asset_id']),
  };
}
