import type { PlantedBug } from './bug.ts';

const observe = 'packages/engine/src/pull/observe.ts';
const results = 'packages/engine/src/outbox/results.ts';
const scan = 'packages/engine/src/items/scan.ts';
const uploads = 'apps/web/src/device/leader/uploads.ts';
const removals = 'packages/engine/src/folder/removals.ts';

/** Mistakes on the devices' side. */
export const engineBugs: readonly PlantedBug[] = [
  {
    name: 'cursor-before-page',
    what: 'the cursor is stored in a transaction of its own, before its page',
    patches: [
      {
        file: observe,
        find: "export function observeChanges(driver: Driver, page: ChangesPage, shown: Incarnations, now: number): 'stored' | 'stale' | 'unshown' {\n  return driver.transaction(() => {\n    const cursor = readMeta(driver, 'cursor');",
        replace:
          "export function observeChanges(driver: Driver, page: ChangesPage, shown: Incarnations, now: number): 'stored' | 'stale' | 'unshown' {\n  const cursor = readMeta(driver, 'cursor');\n  if (cursor.phase === 'log' && cursor.epoch === page.epoch && cursor.seq === page.from) writeMeta(driver, 'cursor', { ...cursor, seq: page.to });\n  return driver.transaction(() => {",
      },
    ],
  },
  {
    name: 'page-stored-in-pieces',
    what: 'the rows of a page are stored one by one, the cursor behind the last of them',
    patches: [
      {
        file: observe,
        find: "export function observeChanges(driver: Driver, page: ChangesPage, shown: Incarnations, now: number): 'stored' | 'stale' | 'unshown' {\n  return driver.transaction(() => {\n    const cursor = readMeta(driver, 'cursor');",
        replace:
          "export function observeChanges(driver: Driver, page: ChangesPage, shown: Incarnations, now: number): 'stored' | 'stale' | 'unshown' {\n  const at = readMeta(driver, 'cursor');\n  if (at.phase === 'log' && at.epoch === page.epoch && at.seq === page.from && page.to >= page.from) for (const entry of page.entries) driver.transaction(() => storeEntries(driver, [entry], at.snapshot, now));\n  return driver.transaction(() => {\n    const cursor = readMeta(driver, 'cursor');",
      },
      { file: observe, find: "    storeEntries(driver, page.entries, cursor.snapshot, now);\n    writeMeta(driver, 'cursor', { ...cursor, seq: page.to,", replace: "    writeMeta(driver, 'cursor', { ...cursor, seq: page.to," },
    ],
  },
  {
    name: 'stale-page-applied',
    what: 'a page that does not begin at the cursor is applied',
    patches: [{ file: observe, find: ' || cursor.seq !== page.from || page.to < page.from) return', replace: ') return' }],
  },
  {
    name: 'late-answer-believed',
    what: 'an answer to a change counts for what was read of its place since, whoever wrote that',
    patches: [{ file: 'packages/engine/src/database/meta.ts', find: "if (isRead(readMeta(driver, 'cursor'), place) ||", replace: "if (place.seq <= (readMeta(driver, 'cursor').seq ?? 0) ||" }],
  },
  {
    name: 'poisoned-entry-stops-page',
    what: 'an entry that cannot be read ends the page instead of being parked',
    patches: [{ file: observe, find: "driver.prepare('INSERT INTO parked_entry (seq, text, at) VALUES (?, ?, ?)').run(seq, JSON.stringify(text).slice(0, 100_000), now);", replace: 'throw new Error(`unknown entry ${seq}`);' }],
  },
  {
    name: 'poisoned-entry-skips-page',
    what: 'an entry that cannot be read ends the page, and the cursor goes on all the same',
    patches: [{ file: observe, find: "driver.prepare('INSERT INTO parked_entry (seq, text, at) VALUES (?, ?, ?)').run(seq, JSON.stringify(text).slice(0, 100_000), now);", replace: 'return void seq;' }],
  },
  {
    name: 'epoch-ignored-by-device',
    what: 'a device takes pages of another epoch for its own and offers nothing',
    patches: [
      { file: observe, find: 'cursor.epoch !== page.epoch || cursor.seq !== page.from', replace: 'cursor.seq !== page.from' },
      { file: observe, find: "const lost = driver.prepare('SELECT key, kind, seq, row, base, overlaid FROM entity WHERE seq > ?').all(forkedAt);", replace: "const lost = driver.prepare('SELECT key, kind, seq, row, base, overlaid FROM entity WHERE seq > ? AND 0').all(forkedAt);" },
    ],
  },
  {
    name: 'outbox-dropped-on-answer',
    what: 'a change is dropped when it is acknowledged, not when the cursor covers it',
    patches: [{ file: results, find: "driver.prepare('UPDATE outbox SET seq = ? WHERE number = ?').run(result.seq, result.number);", replace: 'drop(driver, [result.number], now);' }],
  },
  {
    name: 'rejection-forgotten',
    what: 'a refused change vanishes without a word',
    patches: [{ file: results, find: '} else if (!ofItems) {', replace: '} else if (!ofItems && response.head < 0) {' }],
  },
  {
    name: 'rows-unseen-kept',
    what: 'rows that a complete snapshot did not show stay in the replica',
    patches: [{ file: observe, find: 'dropUnseen(driver, cursor.snapshot, now);', replace: 'if (now < 0) dropUnseen(driver, cursor.snapshot, now);' }],
  },
  {
    name: 'folder-rename-read-as-delete',
    what: 'a file under a new name counts as deleted under its old one',
    patches: [
      { file: scan, find: "if (item.identity === '') return false;", replace: "if (item.identity !== '-') return false;" },
      // Else the file under its new name would be taken for one that was written over there.
      { file: scan, find: "if (item.identity === '' || item.stage === 'remove') return false;", replace: "if (item.identity !== '-') return false;" },
      { file: removals, find: "if (unread || source?.['scan_wanted'] !== 0) return", replace: "if (source?.['scan_wanted'] !== 0) return" },
      { file: removals, find: 'if (moved.length > 0) driver.transaction', replace: 'if (moved.length < 0) driver.transaction' },
    ],
  },
  {
    name: 'empty-folder-read-as-deletions',
    what: 'the guard does not ask when a library folder is suddenly empty',
    patches: [{ file: removals, find: " || (missing > 1 && missing * 2 > all) || source['emptied'] === 1;", replace: ';' }],
  },
  {
    name: 'parked-item-never-retried',
    what: 'what was set aside stays so, whatever a person asks',
    patches: [
      // For no longer than anything ever waits: what lies beyond that counts as of a clock that was wrong, and is tried at once.
      { file: 'packages/engine/src/backoff.ts', find: 'return attempts >= PARK_AFTER ? PARKED_FOR', replace: 'return attempts >= 3 ? PARKED_FOR' },
      { file: 'packages/engine/src/engine.ts', find: "SET next_at = 0, attempts = 0 WHERE code IS NOT NULL AND stage IN", replace: "SET next_at = 0, attempts = 0 WHERE code IS NOT NULL AND attempts < 3 AND stage IN" },
    ],
  },
  {
    name: 'retry-without-bound',
    what: 'what failed is tried again at once, and again',
    patches: [
      { file: 'packages/engine/src/backoff.ts', find: 'return Math.round(ceiling * (0.5 + random.fraction() / 2));', replace: 'return Math.round(ceiling * random.fraction() * 0);' },
      { file: 'packages/engine/src/backoff.ts', find: 'export const PARK_AFTER = 8;', replace: 'export const PARK_AFTER = 1e9;' },
    ],
  },
  {
    name: 'clock-order-used',
    what: 'a file that says it was written in the future waits until then',
    patches: [{ file: scan, find: '} else if (now - unchangedSince >= settleMs) {\n    advanceItem', replace: '} else if (entry.modifiedAt <= now && now - unchangedSince >= settleMs) {\n    advanceItem' }],
  },
  {
    name: 'works-while-switched-off',
    what: 'the switch "Sync this device" is not asked',
    patches: [{ file: 'packages/engine/src/policy/policy.ts', find: "if (!of.settings.sync) return", replace: "if (!of.settings.sync && of.now < 0) return" }],
  },
  {
    name: 'mobile-data-not-asked',
    what: 'the switch "Mobile data" holds nothing on a metered connection',
    patches: [{ file: 'packages/engine/src/policy/policy.ts', find: 'return of.settings.mobileData ? free', replace: 'return of.settings.mobileData || of.now > 0 ? free' }],
  },
  {
    name: 'allowance-not-counted',
    what: 'what goes over a metered connection is not counted against the allowance of the day',
    patches: [{ file: 'packages/engine/src/runner.ts', find: 'if (moved === 0 || !counts) return;', replace: 'if (moved >= 0 || !counts) return;' }],
  },
  {
    name: 'charger-not-asked',
    what: 'originals move on battery although the person chose the charger',
    patches: [{ file: 'packages/engine/src/policy/policy.ts', find: "if (settings.power === 'wifi_and_charging' && !charging) return", replace: "if (settings.power === 'wifi_and_charging' && !charging && now < 0) return" }],
  },
  {
    name: 'verified-before-the-log',
    what: 'a file counts as verified when its bytes arrived, before its asset is in the log',
    patches: [{ file: 'packages/engine/src/items/observe.ts', find: "  advanceItem(driver, item.id, 'commit');\n  wakeOtherHalf", replace: "  advanceItem(driver, item.id, 'verified');\n  wakeOtherHalf" }],
  },
  {
    name: 'quota-wait-never-ends',
    what: 'room in the plan wakes nobody who waits for it',
    patches: [
      { file: 'packages/engine/src/items/observe.ts', find: "  if (readMeta(driver, 'quotaRoom') === null) return;", replace: "  if (readMeta(driver, 'quotaRoom') !== -1) return;" },
      { file: 'packages/engine/src/plan/uploads.ts', find: "const candidates = fitting.length > 0 || planRoom === null ? fitting : dueItems('', 'bytes', 1);", replace: 'const candidates = fitting;' },
    ],
  },
  {
    name: 'duplicate-tidied-away',
    what: 'of two files with the same bytes in the library folder, one is removed as superfluous',
    patches: [
      {
        file: 'packages/engine/src/items/in-library.ts',
        find: "  advanceItem(driver, item.id, 'verified');\n  return true;",
        replace:
          "  const twin = driver.prepare(\"SELECT 1 FROM item JOIN source ON source.id = item.source_id WHERE source.kind = 'folder' AND source.id = ? AND item.sha256 = ? AND item.id <> ? AND item.stage = 'verified'\");\n  advanceItem(driver, item.id, twin.get(item.sourceId, item.sha256, item.id) ? 'remove' : 'verified');\n  return true;",
      },
    ],
  },
  {
    name: 'tombstone-without-place',
    what: 'what deletes a row is stored at the place in the log of the row that it deletes',
    patches: [
      {
        file: 'packages/engine/src/replica/entities.ts',
        find: '  write(driver, key, seq, snapshot, entity, overlay(driver, key, entity, now), stored?.base, now);',
        replace:
          "  const isGone = (entity.kind === 'asset' && entity.row.state === 'purged') || (entity.kind === 'album' && entity.row.deleted) || (entity.kind === 'album_item' && !entity.row.present);\n  write(driver, key, isGone && stored?.base ? stored.seq : seq, snapshot, entity, overlay(driver, key, entity, now), stored?.base, now);",
      },
    ],
  },
  {
    name: 'overlay-stays',
    what: 'a row is not shown anew when the change that lay over it is done',
    patches: [{ file: 'packages/engine/src/outbox/outbox.ts', find: '  for (const key of keys) refold(driver, key, now);\n}\n\n/**', replace: '  for (const key of keys) if (now < 0) refold(driver, key, now);\n}\n\n/**' }],
  },
  {
    name: 'empty-pushes',
    what: 'a device sends its changes whenever it asks for those of others, even where it has none',
    patches: [
      { file: 'packages/engine/src/plan/log.ts', find: ' : hasUnsent(driver));', replace: ' : hasUnsent(driver) || pullWanted);' },
      { file: 'packages/engine/src/effects/log.ts', find: 'if (!settling && !response.value', replace: 'if (!settling && request.mutations.length > 0 && !response.value' },
    ],
  },
  {
    name: 'chance-of-its-own',
    what: 'the pause before another attempt is drawn by a chance that no seed decides',
    patches: [{ file: 'packages/engine/src/backoff.ts', find: '(0.5 + random.fraction() / 2)', replace: '(0.5 + Math.random() / 2)' }],
  },
  {
    name: 'settings-from-elsewhere-ignored',
    what: 'a device notes the version of the settings that were set for it elsewhere, and goes on with its own',
    patches: [{ file: 'packages/engine/src/devices/settings.ts', find: "...readSettings(driver), ...moveSettings(document.settings, now - document.clock), ...sync", replace: '...readSettings(driver), ...(now < 0 && moveSettings(document.settings, now - document.clock)), ...sync' }],
  },
  {
    name: 'wanted-not-heard',
    what: 'a device goes on calling verified what the log says is lost',
    patches: [{ file: 'packages/engine/src/items/send-again.ts', find: "if (driver.prepare('SELECT 1 AS found FROM wanted WHERE sent = 0 LIMIT 1').get() === undefined) return;", replace: 'if (now > 0) return;' }],
  },
  {
    name: 'eviction-on-old-answer',
    what: 'an original is evicted because the server held it when it was saved; nobody asks again',
    patches: [{ file: 'packages/engine/src/effects/previews.ts', find: 'const answer = await server.verified(context.library, [sha256], context.signal);', replace: "const answer = done({ epoch: readMeta(driver, 'cursor').epoch, verified: true, standings: ['stored' as string] });\n  void server;" }],
  },
  {
    name: 'rejected-look-forgotten',
    what: 'an adjustment that is refused vanishes without a word',
    patches: [{ file: results, find: '} else if (!ofItems) {', replace: "} else if (!ofItems && operation.op !== 'asset.adjust') {" }],
  },
  {
    name: 'copy-given-up-unasked',
    what: 'a browser gives up its copy of a file because it was saved once; nobody asks the server again',
    patches: [{ file: uploads, find: 'const answer = await ports.server.verified(library, saved.map(({ sha256 }) => sha256), this.#home.signal);', replace: "const answer = { ok: true as const, value: { verified: true, epoch: engine.status().cursor?.epoch, standings: saved.map(() => 'stored' as string) } };" }],
  },
  {
    name: 'copy-left-by-a-closed-page',
    what: 'a page that is opened does not finish what one that was closed in the middle had noted of its copies',
    patches: [{ file: uploads, find: "    await this.#finishSaved();\n    await this.#forgetCancelled();\n    await this.add(", replace: '    await this.add(' }],
  },
];
