/** Everything that can be done to the world, by people or by fate. */
export const actionKinds = [
  // time and work
  'sync',
  'wait',
  'wait long',
  'wait month',
  // people and their files
  'take',
  'take twin',
  'take live photo',
  'copy photo',
  'add to folder',
  'move file',
  'rename file',
  'overwrite file',
  'touch file',
  'delete file',
  'delete from folder',
  'write slowly',
  'not a photo',
  // people and the library
  'caption',
  'favourite',
  'trash',
  'recover',
  'purge',
  'add again',
  'album',
  'rename album',
  'delete album',
  'add to album',
  'remove from album',
  'order album',
  // people and settings
  'sync switch',
  'pause',
  'sign out',
  'retry',
  'answer guard',
  'change plan',
  // devices
  'restart device',
  'kill device',
  'doom device',
  'power cut device',
  'back up device',
  'restore device',
  'reinstall device',
  'clone device',
  'revoke session',
  'set clock',
  'unmount',
  'empty source',
  'unreadable',
  'device full',
  // network
  'bad network',
  'offline',
  // server
  'restart server',
  'kill server',
  'stop server',
  'doom server statement',
  'doom server disk',
  'power cut server',
  'back up server',
  'restore server',
  'housekeeping',
  'second process',
  'server disk full',
  'server sync fails',
  'slow disk',
  'server clock',
  'bit rot',
  // what may move
  'surroundings',
  'policy',
  'sync now',
  'ask',
  // what is set from elsewhere
  'set elsewhere',
  // in scenes and stories alone
  'take with companions',
  // optimised storage
  'optimise',
  'free space',
  'open original',
  // what photos are to look like
  'adjust',
  'undo look',
  'take look',
  'dismiss look',
  // browsers
  'choose files',
  'storage used up',
  'close page',
  // in stories alone
  'late answers',
  'hear of news',
] as const;
export type ActionKind = (typeof actionKinds)[number];

/**
 * One step of a run, as data: the numbers choose among what is there when it is done, so that a list
 * of actions with some taken out still means something. `salt` begins the chance of all that follows
 * until the next action, so that an action behaves the same with and without the ones before it.
 */
export interface Action {
  readonly do: ActionKind;
  readonly device: number;
  readonly x: number;
  readonly y: number;
  readonly salt: number;
}

export type Columns = 'paged' | 'kept';

export interface DeviceSetting {
  readonly account: number;
  /** It has a library folder. */
  readonly folder: boolean;
  readonly foldsNames: boolean;
  /** It works whenever something happens to it, as an agent that watches does; else only when asked. */
  readonly watches: boolean;
  /** Of its exchanges, how many meet a fault; which faults, bit by bit. 0: none. */
  readonly badNetwork: number;
  /** It takes snapshots in columns (rule C6): in pages of the run's length, or as the server keeps them. Else as JSON. */
  readonly columns?: Columns;
  /** A browser: no folders, files that a person chose, and storage that may be used up or cleared. */
  readonly browser?: boolean;
}

export interface Setting {
  readonly accounts: number;
  readonly devices: readonly DeviceSetting[];
  readonly pageLimit: number;
  /** Bytes of each account's plan. */
  readonly plan: number;
}

/** A whole run: nothing else decides what happens in it. */
export interface Scenario {
  readonly seed: number;
  readonly setting: Setting;
  readonly actions: readonly Action[];
}
