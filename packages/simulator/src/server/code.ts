/** All that the simulator takes from the server: its own modules, none of them altered. */
export { createAccount } from '../../../../apps/server/src/accounts/accounts.ts';
export { createLocalSession } from '../../../../apps/server/src/accounts/local-session.ts';
export type { PasswordHasher } from '../../../../apps/server/src/accounts/passwords.ts';
export type { App, Services } from '../../../../apps/server/src/context.ts';
export { DatabaseFull, UniqueViolation } from '../../../../apps/server/src/database/errors.ts';
export { migrate } from '../../../../apps/server/src/database/migrations/index.ts';
export type { Database } from '../../../../apps/server/src/database/schema.ts';
export { inProcessEvents } from '../../../../apps/server/src/events/events.ts';
export { runHousekeeping } from '../../../../apps/server/src/housekeeping/run.ts';
export { readChanges } from '../../../../apps/server/src/log/changes.ts';
export { beginIncarnation } from '../../../../apps/server/src/log/incarnations.ts';
export { beginEpoch } from '../../../../apps/server/src/log/epochs.ts';
export { readSnapshot } from '../../../../apps/server/src/log/snapshot.ts';
export type { DiskEntry, DiskEntryStat, DiskFile, DiskFs } from '../../../../apps/server/src/originals/disk-fs.ts';
export { LocalDiskStore } from '../../../../apps/server/src/originals/local-disk.ts';
export type { OriginalStore } from '../../../../apps/server/src/originals/store.ts';
export { createServer } from '../../../../apps/server/src/server.ts';
export { openUploadDesk, type UploadDesk } from '../../../../apps/server/src/uploads/desk.ts';
