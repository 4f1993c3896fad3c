import type { Conditions } from './conditions.ts';
import type { Driver } from './driver.ts';
import type { ServerClient } from './server-client.ts';
import type { LibraryFolder, Source } from './source.ts';

export interface Clock {
  /** Milliseconds since 1970; may be wrong and may step. Nothing is ordered by it. */
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Random {
  /** 128 random bits as 32 lower-case hex digits. */
  id(): string;
  /** In [0, 1). */
  fraction(): number;
}

/** All that the engine touches of the world. */
export interface Ports {
  readonly driver: Driver;
  readonly server: ServerClient;
  readonly clock: Clock;
  readonly random: Random;
  /** The source or library folder of a row of `source`; the same object for the same place. */
  openSource(source: { kind: 'source'; location: string }): Source;
  openFolder(folder: { kind: 'folder'; location: string }): LibraryFolder;
  conditions(): Conditions;
  /** Bytes that are free where this device keeps its state; absent or null: it cannot tell. */
  freeBytes?(): number | null;
}
