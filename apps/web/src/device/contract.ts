/**
 * What the interface knows of this browser's device. It speaks of photos and people, never of
 * workers, databases or tabs: whichever tab does the work, each sees the same.
 *
 * - Everything that is asked is a promise of a `Result`: expected outcomes are values whose `code`
 *   the table of reasons words (`reasons` of the protocol). A promise that rejects is a defect.
 * - Everything that stays true is `Watched`: its value is at hand without waiting, and a listener is
 *   called when another one takes its place. `get` and `subscribe` fit `useSyncExternalStore`.
 * - What crosses is plain data. Pixels do not cross: they have addresses (`contract/renditions.ts`).
 */
export * from './contract/assets.ts';
export * from './contract/changes.ts';
export * from './contract/collections.ts';
export * from './contract/health.ts';
export * from './contract/ids.ts';
export * from './contract/people.ts';
export * from './contract/renditions.ts';
export * from './contract/search.ts';
export * from './contract/session.ts';
export * from './contract/settings.ts';
export * from './contract/storage.ts';
export * from './contract/uploads.ts';
export * from './contract/watched.ts';

import type { Assets } from './contract/assets.ts';
import type { Albums, Changes } from './contract/changes.ts';
import type { Collections } from './contract/collections.ts';
import type { Health } from './contract/health.ts';
import type { People } from './contract/people.ts';
import type { Search } from './contract/search.ts';
import type { Session } from './contract/session.ts';
import type { Settings } from './contract/settings.ts';
import type { Storage } from './contract/storage.ts';
import type { Uploads } from './contract/uploads.ts';

/** This browser's device. One for a page; `openDevice()` of `device/open.ts` makes it. */
export interface Device {
  readonly session: Session;
  readonly collections: Collections;
  readonly assets: Assets;
  readonly changes: Changes;
  readonly albums: Albums;
  readonly search: Search;
  readonly uploads: Uploads;
  readonly health: Health;
  readonly storage: Storage;
  readonly settings: Settings;
  readonly people: People;
}
