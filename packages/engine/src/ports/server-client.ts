import type { AssetId, ChangesPage, DeviceId, Epoch, KnownResponse, LibraryId, MutationsRequest, MutationsResponse, ReportAnswer, ReportRequest, Session, SettingsChange, SettingsDocument, Sha256, SnapshotPage, WrittenAt } from '@everroll/protocol';
import type { Result } from './failure.ts';

export type Bytes = AsyncIterable<Uint8Array>;

export type PreviewAnswer =
  /** The iteration throws as that of `download` does. */
  | { readonly state: 'made'; readonly mediaType: string; readonly body: Bytes }
  /** To be asked for again. */
  | { readonly state: 'making' };

export interface UploadProgress {
  /** The upload's address, to go on with later. */
  readonly upload: string;
  /** Bytes that the server has stored. Equal to the length: stored and verified (rule U5). */
  readonly offset: number;
}

/**
 * The server as a device sees it. An implementation validates every answer with the protocol's
 * schemas and turns every fault into a code of the table of reasons: a problem document's own code;
 * `offline`, `dns_failed`, `server_unreachable`, `tls_invalid` for a connection that fails;
 * `captive_portal` or `proxy_interferes` for an answer that is not Everroll's. It never retries.
 */
export interface ServerClient {
  session(signal: AbortSignal): Promise<Result<Session>>;
  /** @param after the cursor; which incarnations wrote what led to it, each with its last `seq` there (sent apart from their names, which is how an earlier version has them); what it was told of places beyond it (rule C3); and the generation of the last fork that it knows (rule C4). */
  changes(library: LibraryId, after: { readonly epoch: Epoch; readonly seq: number; readonly incarnations: readonly WrittenAt[]; readonly told: readonly WrittenAt[]; readonly generation: number }, signal: AbortSignal): Promise<Result<ChangesPage>>;
  /** @param next null begins a snapshot. */
  snapshot(library: LibraryId, next: string | null, signal: AbortSignal): Promise<Result<SnapshotPage>>;
  mutate(library: LibraryId, request: MutationsRequest, signal: AbortSignal): Promise<Result<MutationsResponse>>;
  known(library: LibraryId, hashes: readonly Sha256[], signal: AbortSignal): Promise<Result<KnownResponse>>;
  /** The same, with every byte read again by the server before it says `stored` (rule A5); its answer says that it did. At most `VERIFY_MAX`. */
  verified(library: LibraryId, hashes: readonly Sha256[], signal: AbortSignal): Promise<Result<KnownResponse>>;
  /**
   * The picture of screen size that shows an asset. Fails with `corrupt_media` or `unsupported_media`
   * where there can be none, `not_found` where the asset is unknown or the server makes none.
   */
  preview(library: LibraryId, asset: AssetId, signal: AbortSignal): Promise<Result<PreviewAnswer>>;
  /**
   * Creates an upload, or finds the unfinished one of this device for that hash (rule U3). `body` is
   * sent along (creation-with-upload) and is either the whole file or absent.
   */
  createUpload(
    resource: { library: LibraryId; sha256: Sha256; bytes: number; name: string },
    body: Bytes | null,
    signal: AbortSignal,
  ): Promise<Result<UploadProgress>>;
  /** Sends `length` bytes from `offset` on. */
  appendUpload(upload: string, offset: number, length: number, body: Bytes, signal: AbortSignal): Promise<Result<UploadProgress>>;
  /** The original's bytes from `from` to the end. The iteration throws a `TransferError` if the connection breaks. */
  download(library: LibraryId, sha256: Sha256, from: number, signal: AbortSignal): Promise<Result<Bytes>>;
  /** This device says how it stands (rule D1). */
  report(device: DeviceId, request: ReportRequest, signal: AbortSignal): Promise<Result<ReportAnswer>>;
  /** What is set for a device of the account (rule D2). */
  settings(device: DeviceId, signal: AbortSignal): Promise<Result<SettingsDocument>>;
  /** Fails with `settings_changed` where `base` is not the version that holds (rule D3). */
  changeSettings(device: DeviceId, change: SettingsChange, signal: AbortSignal): Promise<Result<SettingsDocument>>;
}
