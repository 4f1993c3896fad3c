import type { AssetId, Evidence, ReasonCode } from '@everroll/protocol';
import type { Result, Watched } from './watched.ts';

/** A file as a person chose it. */
export interface PickedFile {
  readonly file: File;
  /** Its path in the folder that was chosen or dropped, or its bare name. Parts of one photo lie in one folder. */
  readonly path: string;
}

export type UploadState =
  /** Its bytes are being copied into this browser's own store and hashed. Until then the page must stay open. */
  | 'copying'
  | 'waiting'
  | 'uploading'
  /** The server holds it: it may be closed, deleted from the camera, anything. */
  | 'verified'
  | 'failed'
  /** Left out by a rule: empty, no photo, deleted from the library before. */
  | 'excluded';

export interface UploadItem {
  /** Names it here; the same over reloads. */
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly state: UploadState;
  /** Why it waits, failed or was left out; null for what is copied, sent or verified. */
  readonly reason: { readonly code: ReasonCode; readonly evidence: Evidence; readonly since: number } | null;
  /** Copied, or stored by the server. */
  readonly doneBytes: number;
  readonly attempts: number;
  readonly nextAt: number | null;
  /** As soon as it is known: it may have been in the library before. */
  readonly assetId: AssetId | null;
  /** It goes on after the page was closed and opened again. False while it is copied, and where this browser has no room or no place for a copy. */
  readonly survivesReload: boolean;
}

export interface UploadSummary {
  readonly total: number;
  readonly byState: Readonly<Record<UploadState, number>>;
  readonly totalBytes: number;
  readonly doneBytes: number;
  readonly bytesPerSecond: number;
  /** null: not known yet, or nothing moves. */
  readonly secondsLeft: number | null;
  /** Grows when any item changed: ask `items` again. */
  readonly version: number;
}

export interface Uploads {
  /** Takes the files over. Resolves as soon as they are listed; each then goes through its states. */
  add(files: readonly PickedFile[]): Promise<Result<{ readonly added: number; /** No photo, no video, no sidecar by its name. */ readonly passedOver: readonly string[] }>>;
  readonly summary: Watched<UploadSummary>;
  /** What needs a look first: failed, then on its way, waiting, excluded, verified; a page of it. */
  items(from: number, count: number): Promise<readonly UploadItem[]>;
  /** Not to be sent any more; what the server holds already stays there. Without ids: everything unfinished. */
  cancel(ids?: readonly string[]): Promise<void>;
  /** Tries again what failed or waits. Without ids: everything. */
  retry(ids?: readonly string[]): Promise<void>;
  /** Brings back what was deleted from the library (`deleted_from_library`). */
  again(id: string): Promise<Result<void>>;
  /** Takes what is verified or excluded off the list. */
  clearFinished(): Promise<void>;
}
