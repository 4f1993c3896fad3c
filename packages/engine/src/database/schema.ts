import type { Driver } from '../ports/driver.ts';
import { failed, done, type Result } from '../ports/failure.ts';

/**
 * A device's database. It holds what was observed and what was decided, never a list of work: what
 * to do next is derived from these tables (see plan/plan.ts), so that a device that is killed at any
 * moment goes on from here with nothing to repair.
 */
const versions: readonly string[] = [
  `
  -- Single values: identity, cursor, settings. JSON.
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  -- An id is never used again: work that was begun for one must not meet another.
  CREATE TABLE source (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,                      -- 'source' (read only) or 'folder' (two-way)
    location TEXT NOT NULL UNIQUE,
    scan_wanted INTEGER NOT NULL DEFAULT 1,
    scanned_at INTEGER,                      -- end of the last complete listing
    listed_id INTEGER NOT NULL DEFAULT 0,    -- the newest item when a listing last missed none
    code TEXT, evidence TEXT, since INTEGER, -- why it cannot be read, or waits for a person
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    removals_confirmed INTEGER NOT NULL DEFAULT 0,
    emptied INTEGER NOT NULL DEFAULT 0,      -- the last listing missed several files and showed none
    removed INTEGER NOT NULL DEFAULT 0,      -- files that were believed gone since removed_since
    removed_since INTEGER NOT NULL DEFAULT 0
  );

  -- One row a file that a source showed. For the stages see items/stage.ts.
  CREATE TABLE item (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    local_id TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified_at REAL NOT NULL,
    identity TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    unchanged_since INTEGER NOT NULL,
    stage TEXT NOT NULL,
    sha256 TEXT,
    kind TEXT, media_type TEXT,
    captured_at INTEGER, capture_offset INTEGER,
    latitude REAL, longitude REAL, altitude REAL,
    content_id TEXT,
    asset_id TEXT,
    mutation INTEGER,                        -- the outbox entry that adds it
    again INTEGER NOT NULL DEFAULT 0,        -- a person asked for it back
    code TEXT, evidence TEXT, since INTEGER, -- why it does not go on
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source_id, local_id)
  );
  CREATE INDEX item_stage ON item (stage, next_at);
  CREATE INDEX item_hash ON item (sha256);
  CREATE INDEX item_content ON item (content_id) WHERE content_id IS NOT NULL;
  CREATE INDEX item_asset ON item (asset_id);
  CREATE INDEX item_mutation ON item (mutation) WHERE mutation IS NOT NULL;
  CREATE INDEX item_identity ON item (source_id, identity);

  -- An upload that was begun; address is null until the server's answer is known.
  CREATE TABLE upload (sha256 TEXT PRIMARY KEY, address TEXT, offset INTEGER NOT NULL, bytes INTEGER NOT NULL, begun_at INTEGER NOT NULL) WITHOUT ROWID;

  -- Why a whole lane of work waits (see holds/holds.ts).
  CREATE TABLE hold (lane TEXT PRIMARY KEY, code TEXT NOT NULL, evidence TEXT NOT NULL, since INTEGER NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL) WITHOUT ROWID;

  -- Mutations that are not yet covered by the cursor; seq is null until the server applied one.
  CREATE TABLE outbox (number INTEGER PRIMARY KEY, id TEXT NOT NULL, operation TEXT NOT NULL, seq INTEGER, created_at INTEGER NOT NULL);
  CREATE TABLE outbox_key (key TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID;
  CREATE INDEX outbox_key_number ON outbox_key (number);
  CREATE TABLE rejection (number INTEGER PRIMARY KEY, operation TEXT NOT NULL, code TEXT NOT NULL, at INTEGER NOT NULL);

  -- The replica. row is what is shown; while mutations are pending (overlaid), base is the server's row.
  CREATE TABLE entity (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,                    -- of the server's row; 0 where there is only a pending one
    row TEXT,
    base TEXT,
    overlaid INTEGER NOT NULL DEFAULT 0,
    state TEXT,
    captured_at INTEGER,
    snapshot INTEGER NOT NULL DEFAULT 0      -- the last snapshot that showed it
  ) WITHOUT ROWID;
  CREATE INDEX entity_timeline ON entity (kind, state, captured_at);

  -- The originals of the assets shown; need = 1: the library folder lacks it.
  CREATE TABLE original (
    asset_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    role TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, name TEXT NOT NULL,
    captured_at INTEGER NOT NULL,
    need INTEGER NOT NULL DEFAULT 0,
    code TEXT, evidence TEXT, since INTEGER, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (asset_id, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX original_hash ON original (sha256);
  CREATE INDEX original_need ON original (captured_at) WHERE need = 1;
  CREATE INDEX original_retry ON original (next_at) WHERE need = 1;

  CREATE TABLE parked_entry (id INTEGER PRIMARY KEY, seq INTEGER, text TEXT NOT NULL, at INTEGER NOT NULL);

  -- What this device had seen committed in an epoch that the server lost (rule C4).
  CREATE TABLE offer (key TEXT PRIMARY KEY, seq INTEGER NOT NULL, entity TEXT NOT NULL, mutation INTEGER, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
  CREATE INDEX offer_mutation ON offer (mutation) WHERE mutation IS NOT NULL;
  -- Changes to rows that the server lost and that could not be offered yet: sent after the offer.
  CREATE TABLE waiting_operation (id INTEGER PRIMARY KEY, operation TEXT NOT NULL);
  `,
  `
  -- A person asked for it by name (1), and agreed to its size on a metered connection (2).
  ALTER TABLE item ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE original ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
  -- Refused once, as its row had not come yet.
  ALTER TABLE outbox ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Equal for the files of a folder that may be parts of one photo (items/companions.ts); '' is one
  -- that goes by itself, null one of an earlier version that no listing has shown since.
  ALTER TABLE item ADD COLUMN group_key TEXT;
  CREATE INDEX item_group ON item (source_id, group_key);
  `,
  `
  -- What the engine did of late, bounded (see journal/journal.ts). It holds codes and numbers, no names.
  CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, what TEXT NOT NULL, how TEXT NOT NULL, code TEXT, ms INTEGER);
  `,
  `
  -- Optimised storage. preview = 1: the file is a picture of screen size in the original's place; name and
  -- sha256 are the original's. used_at: when a person last asked for it. kept_until: not evicted before.
  ALTER TABLE item ADD COLUMN preview INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE item ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE item ADD COLUMN kept_until INTEGER NOT NULL DEFAULT 0;
  -- 1: no picture can stand for it, or none that is smaller.
  ALTER TABLE original ADD COLUMN unpictured INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX item_unused ON item (source_id, max(used_at, first_seen_at), bytes) WHERE stage = 'verified';
  `,
  `
  -- Originals that the server lost and asks for (rule S2), by the assets whose rows say so. sent = 1:
  -- since that row it was heard from the server that it has the bytes; the log will say so too.
  CREATE TABLE wanted (asset_id TEXT NOT NULL, sha256 TEXT NOT NULL, seq INTEGER NOT NULL, since INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (asset_id, sha256)) WITHOUT ROWID;
  CREATE INDEX wanted_hash ON wanted (sha256);
  `,
  `
  -- 1: the library had this very file before the server went back, as far as this device knew, or it came from there.
  ALTER TABLE item ADD COLUMN had INTEGER NOT NULL DEFAULT 0;
  -- A cursor named the incarnations alone. None of them was read any further than the cursor (rule C3).
  UPDATE meta SET value = json_set(value, '$.incarnations', (
      SELECT json_group_array(CASE one.type WHEN 'object' THEN json(one.value) ELSE json_object('seq', json_extract(meta.value, '$.seq'), 'by', one.value) END)
      FROM json_each(meta.value, '$.incarnations') AS one WHERE one.type = 'object' OR json_extract(meta.value, '$.seq') IS NOT NULL))
    WHERE key = 'cursor';
  `,
  `
  -- Originals that gave way and about which the server is to be asked again (optimise/unconfirmed.ts).
  CREATE INDEX item_unconfirmed ON item (next_at) WHERE stage = 'evicted' AND code IS NOT NULL;
  `,
  `
  -- Keys are random bits: a table in their order is written all over by each page of a first sync, the more
  -- the larger its rows are. So rows lie as they came, and the indexes alone are in order.
  ALTER TABLE entity RENAME TO entity_before;
  DROP INDEX entity_timeline;
  CREATE TABLE entity (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    seq INTEGER NOT NULL,
    row TEXT,
    base TEXT,
    overlaid INTEGER NOT NULL DEFAULT 0,
    state TEXT,
    captured_at INTEGER,
    snapshot INTEGER NOT NULL DEFAULT 0
  );
  INSERT INTO entity (key, kind, seq, row, base, overlaid, state, captured_at, snapshot) SELECT key, kind, seq, row, base, overlaid, state, captured_at, snapshot FROM entity_before;
  DROP TABLE entity_before;
  CREATE INDEX entity_timeline ON entity (kind, state, captured_at);
  `,
  `
  -- The same for originals: in the order of their assets, and with each index naming those again, a first sync wrote
  -- twice as much.
  ALTER TABLE original RENAME TO original_before;
  DROP INDEX original_hash;
  DROP INDEX original_need;
  DROP INDEX original_retry;
  CREATE TABLE original (
    id INTEGER PRIMARY KEY,
    asset_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    role TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, name TEXT NOT NULL,
    captured_at INTEGER NOT NULL,
    need INTEGER NOT NULL DEFAULT 0,
    code TEXT, evidence TEXT, since INTEGER, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,
    unpictured INTEGER NOT NULL DEFAULT 0,
    UNIQUE (asset_id, ordinal)
  );
  INSERT INTO original (asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured)
    SELECT asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured FROM original_before;
  DROP TABLE original_before;
  CREATE INDEX original_hash ON original (sha256);
  CREATE INDEX original_need ON original (captured_at) WHERE need = 1;
  CREATE INDEX original_retry ON original (next_at) WHERE need = 1;
  `,
  `
  -- The generation of the lost epoch's history in which the row was written (rule C4).
  ALTER TABLE offer ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;
  -- Of what was told of places beyond the cursor only the last one was kept (rule C3).
  INSERT INTO meta (key, value) SELECT 'told', json_array(json(value)) FROM meta WHERE key = 'answered' AND value <> 'null';
  DELETE FROM meta WHERE key = 'answered';
  `,
  `
  -- An original is found by the row of its asset, whose number follows the order in which rows come: by the asset's id,
  -- which is random bits, each transaction of a large first sync wrote one more index all over. One whose asset has no row
  -- is of nothing, and goes with the row.
  ALTER TABLE original RENAME TO original_before;
  DROP INDEX original_hash;
  DROP INDEX original_need;
  DROP INDEX original_retry;
  CREATE TABLE original (
    id INTEGER PRIMARY KEY,
    entity_id INTEGER NOT NULL REFERENCES entity (id) ON DELETE CASCADE,
    asset_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    role TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, name TEXT NOT NULL,
    captured_at INTEGER NOT NULL,
    need INTEGER NOT NULL DEFAULT 0,
    code TEXT, evidence TEXT, since INTEGER, attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,
    unpictured INTEGER NOT NULL DEFAULT 0,
    UNIQUE (entity_id, ordinal)
  );
  INSERT INTO original (entity_id, asset_id, ordinal, role, sha256, bytes, name, captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured)
    SELECT entity.id, asset_id, ordinal, role, sha256, bytes, name, original_before.captured_at, need, code, evidence, since, attempts, next_at, asked, unpictured
    FROM original_before CROSS JOIN entity ON entity.key = 'asset:' || asset_id;
  DROP TABLE original_before;
  CREATE INDEX original_hash ON original (sha256);
  CREATE INDEX original_need ON original (captured_at) WHERE need = 1;
  CREATE INDEX original_retry ON original (next_at) WHERE need = 1;
  `,
];

export function databaseVersion(driver: Driver): number {
  return Number(driver.prepare('SELECT max(version) AS version FROM schema_version').get()?.['version'] ?? 0);
}

/**
 * Brings the database to this program's version. Each step is one transaction with its number; for a new database all are one.
 * @param to an earlier version, which only tests ask for
 */
export function migrate(driver: Driver, to = versions.length): Result<void> {
  driver.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)');
  const stored = databaseVersion(driver);
  if (stored > versions.length) {
    return failed('replica_newer_than_program', { detail: `The database has version ${stored}; this program knows ${versions.length}.` });
  }
  const step = (index: number): void => {
    // Another process may have opened it at the same moment, and been first: its lock was waited for.
    if (databaseVersion(driver) > index) return;
    driver.exec(versions[index] ?? '');
    driver.prepare('INSERT INTO schema_version (version) VALUES (?)').run(index + 1);
  };
  const wanted = versions.map((_, index) => index).filter((index) => index >= stored && index < to);
  // A new database holds nothing that a step could take long for, and is made durable once.
  if (stored === 0) driver.transaction(() => wanted.forEach(step));
  else for (const index of wanted) driver.transaction(() => step(index));
  return done(undefined);
}
