import type { Sha256 } from '@everroll/protocol';
import type { Want } from '../folder/wants.ts';
import type { Evictable } from '../optimise/evictable.ts';
import type { Item } from '../items/item.ts';

/** One step of work. `key` names it: an effect is not begun while another of its key runs. */
export type Effect =
  | { readonly do: 'scan'; readonly key: string; readonly sourceId: number }
  | { readonly do: 'stat'; readonly key: string; readonly item: Item }
  | { readonly do: 'inspect'; readonly key: string; readonly item: Item }
  | { readonly do: 'known'; readonly key: string; readonly hashes: readonly Sha256[] }
  | { readonly do: 'upload'; readonly key: string; readonly item: Item & { readonly sha256: Sha256 } }
  | { readonly do: 'push'; readonly key: string }
  | { readonly do: 'pull'; readonly key: string }
  | { readonly do: 'download'; readonly key: string; readonly want: Want; readonly sourceId: number }
  | { readonly do: 'confirm-gone'; readonly key: string; readonly sourceId: number; readonly items: readonly Item[] }
  | { readonly do: 'settings'; readonly key: string }
  | { readonly do: 'report'; readonly key: string }
  | { readonly do: 'remove'; readonly key: string; readonly items: readonly Item[] }
  /** There is no room for the original: a picture is to stand for it. */
  | { readonly do: 'preview'; readonly key: string; readonly want: Want; readonly sourceId: number }
  | { readonly do: 'evict'; readonly key: string; readonly evictable: Evictable };

/**
 * How many of a kind run at once. Uploads and downloads overlap their round trips, and
 * downloads their waits for the disk, on which each file is made durable; hashing takes a core; of what moves the log there is only ever one, as its order matters. Pictures are made by the
 * server when they are asked for: two at a time leave it room for others.
 */
export const limits: Record<Effect['do'], number> = { 'scan': 1, 'stat': 4, 'inspect': 2, 'known': 1, 'upload': 4, 'push': 1, 'pull': 1, 'download': 12, 'confirm-gone': 1, 'remove': 1, 'settings': 1, 'report': 1, 'preview': 2, 'evict': 2 };

/** Which kinds speak to the server. */
export const isCall: Record<Effect['do'], boolean> = { 'scan': false, 'stat': false, 'inspect': false, 'known': true, 'upload': true, 'push': true, 'pull': true, 'download': true, 'confirm-gone': false, 'remove': true, 'settings': true, 'report': true, 'preview': true, 'evict': true };

/** The kind of the effect that a key names. */
export const kindOf = (key: string): Effect['do'] => key.slice(0, key.indexOf(':')) as Effect['do'];

/** There is one report at a time. */
export const REPORT_KEY = 'report:';

/** Which kinds go on while sync is off or paused: by them a device hears that it is switched on again. */
export const isOfDevices = (kind: Effect['do']): boolean => kind === 'settings' || kind === 'report';
