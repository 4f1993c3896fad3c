import type { PlantedBug } from './bug.ts';

const create = 'apps/server/src/uploads/create.ts';
const end = 'apps/server/src/uploads/end.ts';
const receive = 'apps/server/src/uploads/receive.ts';
const routes = 'apps/server/src/uploads/routes.ts';
const disk = 'apps/server/src/originals/local-disk.ts';
const apply = 'apps/server/src/mutations/apply.ts';
const hashes = 'apps/server/src/uploads/running-hashes.ts';
const changes = 'apps/server/src/log/changes.ts';
const fold = 'packages/protocol/src/fold.ts';
const kept = 'apps/server/src/log/kept-snapshot.ts';
const adjusting = 'packages/protocol/src/adjusting.ts';

/** Mistakes on the server's side, and in the rules that both share. */
export const serverBugs: readonly PlantedBug[] = [
  {
    name: 'sequence-before-commit',
    what: 'the sequence is taken before the transaction that commits it',
    patches: [
      { file: apply, find: '  const { response, moved } = await services.db.transaction()', replace: '  const early = await openLibrary(services.db, session, libraryId);\n  await new Promise((go) => setImmediate(go));\n  const { response, moved } = await services.db.transaction()' },
      { file: apply, find: '    const library = await lockLibrary(trx, libraryId);', replace: '    await lockLibrary(trx, libraryId);\n    const library = early;' },
    ],
  },
  {
    name: 'mutation-applied-twice',
    what: 'a mutation that comes again is applied again',
    patches: [{ file: 'apps/server/src/mutations/queue.ts', find: "return result?.id === mutation.id ? result : fail(409, 'duplicate_device_identity');", replace: "return result?.id === mutation.id ? null : fail(409, 'duplicate_device_identity');" }],
  },
  {
    name: 'epoch-ignored-by-server',
    what: 'a cursor of a lost epoch is served as if it were of this one',
    patches: [{ file: 'apps/server/src/log/epochs.ts', find: 'if (epoch === library.epoch) return;', replace: 'if (epoch === library.epoch || library.head >= 0) return;' }],
  },
  {
    name: 'quota-race',
    what: 'the plan is looked at before the transaction that reserves',
    patches: [
      { file: create, find: '  const { creation, replaced } = await db.transaction()', replace: '  const early = await db.transaction().execute(async (trx) => await lockPlan(trx, library.account_id));\n  await new Promise((go) => setImmediate(go));\n  const { creation, replaced } = await db.transaction()' },
      { file: create, find: '    const plan = await lockPlan(trx, library.account_id);', replace: '    const plan = early;' },
    ],
  },
  {
    name: 'reservation-leaked',
    what: 'an upload that ends without a result keeps its space',
    patches: [{ file: end, find: '    await changeReserved(trx, upload.account_id, -upload.reserved);\n    return true;', replace: '    return true;' }],
  },
  {
    name: 'device-offset-trusted',
    // The first two patches alone do no harm: the hash at the end is that of the file, and refuses what they spoil.
    what: 'an upload goes on where the device and a note in memory say, with the hash of what had come, whatever a power cut or a full disk left of it',
    patches: [
      { file: routes, find: 'if (standing.offset !== offset) return mismatch(standing.offset);', replace: '' },
      { file: disk, find: 'if (bytes < offset) throw new Error', replace: 'if (offset < 0) throw new Error' },
      { file: hashes, find: 'const KEPT_MAX = 1000;', replace: 'const KEPT_MAX = 1000;\nconst outliving = new Map<UploadId, RunningHash>();' },
      { file: hashes, find: '  readonly #kept = new Map<UploadId, RunningHash>();', replace: '  readonly #kept = outliving;\n  noted(upload: UploadId): number | undefined {\n    return this.#kept.get(upload)?.bytes;\n  }' },
      { file: hashes, find: '    this.#kept.delete(upload);\n    if (kept', replace: '    if (kept' },
      { file: receive, find: '    desk.hashes.forget(upload.id);\n    if (!isDiskFull', replace: '    if (!isDiskFull' },
      { file: receive, find: 'running.hash.update(chunk);', replace: 'running.hash.update(chunk);\n    running.bytes += chunk.byteLength;\n    desk.hashes.put(upload.id, running);' },
      { file: end, find: 'const offset = (await originals', replace: 'const offset = desk.hashes.noted(upload.id) ?? (await originals' },
    ],
  },
  {
    name: 'hash-not-compared',
    what: 'what arrived is stored under the hash that was announced',
    patches: [
      { file: end, find: "if (running.hash.digest('hex') !== upload.sha256) {", replace: "if (running.hash.digest('hex') === '') {" },
      { file: routes, find: 'if (standing.offset !== offset) return mismatch(standing.offset);', replace: '' },
    ],
  },
  {
    name: 'row-before-original',
    // Where the server looks at its disk before it says that it holds something, a row without its original harms nobody.
    what: 'the row is committed before the original is in its place, and counts by itself',
    patches: [
      { file: 'apps/server/src/resources/standings.ts', find: 'lost === null && (await presentBytes(originals, sha256)) === bytes)', replace: 'lost === null && (bytes > 0 || (await presentBytes(originals, sha256)) === bytes))' },
      { file: 'apps/server/src/originals/present.ts', find: 'lost === null && (await presentBytes(originals, sha256)) === bytes)', replace: 'lost === null && (bytes > 0 || (await presentBytes(originals, sha256)) === bytes))' },
      { file: end, find: "  if (!(await originals.commit(upload.id, upload.sha256))) return 'gone';\n  return await db.transaction()", replace: '  const done = await db.transaction()' },
      { file: end, find: '    return { libraries };\n  });\n}', replace: "    return { libraries };\n  });\n  if (done !== 'gone') await originals.commit(upload.id, upload.sha256);\n  return done;\n}" },
    ],
  },
  {
    name: 'file-not-synced',
    what: 'the content of an original is not made durable',
    patches: [{ file: disk, find: '      await file.sync();\n      this.#synced.add(upload);', replace: '      this.#synced.add(upload);' }],
  },
  {
    name: 'folder-not-synced',
    what: 'the name of an original is not made durable',
    patches: [{ file: disk, find: '    await this.#fs.syncFolder(folder);\n    return true;\n  }\n\n  async #syncStaged', replace: '    return true;\n  }\n\n  async #syncStaged' }],
  },
  {
    name: 'half-live-photo-committed',
    what: 'an asset is committed with a resource that is not stored',
    patches: [
      { file: fold, find: "  if (!operation.resources.every((resource) => rows.isStored(resource))) return rejected('resource_missing');\n", replace: '' },
      { file: 'packages/engine/src/items/live-photo.ts', find: 'if (other && isStored(other)) return', replace: 'if (other) return' },
    ],
  },
  {
    name: 'purge-resurrected-by-rescan',
    what: 'a photo that a person deleted for ever comes back from a source that still has it',
    patches: [
      { file: fold, find: 'if (!operation.again && (deleted || operation.resources.some((resource) => rows.wasPurged(resource.sha256)))) {', replace: "if (!operation.again && asset?.state === 'trashed') {" },
      { file: 'apps/server/src/resources/standings.ts', find: "for (const { sha256 } of purged) standings.set(sha256, 'deleted');", replace: 'void purged;' },
    ],
  },
  {
    name: 'purge-takes-shared-bytes',
    what: 'a purge lets go of bytes that another asset uses',
    patches: [{ file: 'apps/server/src/log/holdings.ts', find: 'if (!purged || (users !== undefined && users.size > 0)) return;', replace: 'if (!purged) return;' }],
  },
  {
    name: 'orphan-collected-before-its-row',
    what: 'the sweep removes originals that no asset names yet, at once and for good',
    patches: [
      { file: 'apps/server/src/housekeeping/originals.ts', find: '    await originals.setAside(sha256, now);', replace: '    await originals.setAside(sha256, now);\n    for await (const entry of originals.listSetAside(now + 86_400_000)) await originals.removeSetAside(entry);' },
      { file: 'apps/server/src/housekeeping/originals.ts', find: '  return await desk.locks.run(sha256, async () => {\n    if (await isNamed()) return false;', replace: '  return await (async () => {' },
      { file: 'apps/server/src/housekeeping/originals.ts', find: '    await originals.restore(sha256);\n    return false;\n  });', replace: '    await originals.restore(sha256);\n    return false;\n  })();' },
      { file: 'apps/server/src/housekeeping/originals.ts', find: 'return new Set([...stored, ...coming]', replace: 'void coming;\n  return new Set([...stored]' },
    ],
  },
  {
    name: 'known-in-another-library',
    what: 'bytes that a stranger has count as known',
    patches: [{ file: 'apps/server/src/resources/standings.ts', find: "const stored = await db.selectFrom('resource').select(['sha256', 'bytes', 'lost']).where('library_id', '=', library).where(", replace: "const stored = await db.selectFrom('resource').select(['sha256', 'bytes', 'lost']).where(" }],
  },
  {
    name: 'page-cut-inside-an-operation',
    what: 'a page of the log ends in the middle of what one operation changed',
    patches: [{ file: changes, find: 'const whole = entries.filter((entry) => entry.seq < cut);\n  if (whole.length > 0) return { ...page, to: cut - 1, entries: whole };', replace: 'const whole = entries.slice(0, limit);\n  if (whole.length > 0) return { ...page, to: whole.at(-1)?.seq ?? cut, entries: whole };' }],
  },
  {
    name: 'operation-in-several-places',
    what: 'an operation takes a place in the log for each row that it changes instead of one for all',
    patches: [{ file: 'apps/server/src/log/state.ts', find: '    for (const [index, entity] of entities.entries()) {\n      const key = keyText(keyOf(entity));', replace: '    for (const [index, entity] of entities.entries()) {\n      if (index > 0) this.#head += 1;\n      const key = keyText(keyOf(entity));' }],
  },
  {
    name: 'recently-deleted-emptied-early',
    what: 'Recently Deleted is emptied after one day instead of thirty',
    patches: [{ file: 'apps/server/src/housekeeping/retention.ts', find: 'export const RECENTLY_DELETED_MS = 30 * DAY_MS;', replace: 'export const RECENTLY_DELETED_MS = DAY_MS;' }],
  },
  {
    name: 'log-kept-short',
    what: 'the log goes back twelve changes, and a cursor before that gets what is left without a word',
    patches: [{ file: changes, find: 'const entries = await entriesOf(trx, library.id, { after, limit: limit + 1 });', replace: 'const entries = await entriesOf(trx, library.id, { after: Math.max(after, library.head - 12), limit: limit + 1 });' }],
  },
  {
    name: 'lost-counts-as-held',
    what: 'the server answers that it holds bytes whose row is there, though their file is lost',
    patches: [{ file: 'apps/server/src/resources/standings.ts', find: 'stored.map(async ({ sha256, bytes, lost }) => lost === null && (await presentBytes(originals, sha256)) === bytes)', replace: 'stored.map(async ({ sha256, bytes, lost }) => lost !== null || bytes > 0 || (await presentBytes(originals, sha256)) === bytes)' }],
  },
  {
    name: 'lost-untold',
    what: 'the server knows of bytes that it lost, and tells no device',
    patches: [{ file: 'apps/server/src/log/entries.ts', find: 'return wanted.length === 0 ? asset : { ...asset, wanted };', replace: 'return wanted.length < 0 ? { ...asset, wanted } : asset;' }],
  },
  {
    name: 'returned-untold',
    what: 'lost bytes that came again stay lost in the log',
    patches: [{ file: 'apps/server/src/scrub/lost.ts', find: "set({ lost: null, lost_at: null, scrubbed_at: now }).where('library_id', '=', id).where('sha256', '=', sha256).execute();\n    await renewAssets(trx, library, [sha256], now);", replace: "set({ lost: null, lost_at: null, scrubbed_at: now }).where('library_id', '=', id).where('sha256', '=', sha256).execute();" }],
  },
  {
    name: 'unreserved-given-back',
    what: 'what comes again at no charge gives back a reservation that it never had',
    patches: [{ file: end, find: 'bytes: upload.bytes, reserved: upload.reserved, now', replace: 'bytes: upload.bytes, reserved: upload.bytes, now' }],
  },
  {
    name: 'rot-not-seen',
    what: 'the scrub reads every original and compares no hash',
    patches: [{ file: 'apps/server/src/scrub/hash-once.ts', find: "return hash.digest('hex') === sha256 ? 'sound' : 'damaged';", replace: "return hash.digest('hex') === '' ? 'damaged' : 'sound';" }],
  },
  {
    name: 'offered-look-dropped',
    what: 'of two edits of one base the earlier one is gone instead of offered',
    patches: [{ file: adjusting, find: 'wentOn ? [] : [before.current];', replace: 'wentOn || before.current.at > 0 ? [] : [before.current];' }],
  },
  {
    name: 'unseen-look-dismissed',
    what: 'who dismisses one offered look dismisses all of them, also those that they have not seen',
    patches: [{ file: adjusting, find: 'const offered = before.offered.filter(({ id }) => !dismissed.has(id));', replace: 'const offered = dismissed.size > 0 ? [] : before.offered;' }],
  },
  {
    name: 'kept-snapshot-as-new',
    what: 'what is kept of a snapshot in columns is given out as if it were of this moment',
    patches: [
      { file: kept, find: 'const seq = place?.seq ?? kept?.seq ?? library.head;', replace: 'const seq = place?.seq ?? library.head;' },
      { file: kept, find: 'kept !== null && kept.seq >= seq && query.limit === undefined', replace: 'kept !== null && query.limit === undefined' },
    ],
  },
  {
    name: 'looks-not-in-columns',
    what: 'a snapshot in columns leaves out how photos are adjusted',
    patches: [{ file: kept, find: 'gzipSync(encodeColumns(entries), { level: 1 })', replace: "gzipSync(encodeColumns(entries.map((entry) => JSON.parse(JSON.stringify(entry, (name, value) => (name === 'adjustments' ? undefined : value))))), { level: 1 })" }],
  },
];
