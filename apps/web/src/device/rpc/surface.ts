import type { Progress, Result, Status, Why } from '@everroll/engine';
import type { AccountChange, AccountId, AssetId, CheckResult, DeviceId, DeviceOverview, DeviceSettings, FixAction, FreeUpPage, FreeUpSection, FreeUpSummary, ManagedAccount, PlanName, Usage } from '@everroll/protocol';
import type { AssetView, DuplicateGroup, Face, Memory, Places } from '../contract/assets.ts';
import type { AlbumSummary, Change, Changed, RefusedChange, Undo } from '../contract/changes.ts';
import type { CollectionCounts, CollectionIndex, CollectionRows, Scope } from '../contract/collections.ts';
import type { Fixed, Missed, Sought } from '../contract/health.ts';
import type { Suggestion } from '../contract/search.ts';
import type { AtRisk, Credentials, Link, SessionState, Surroundings } from '../contract/session.ts';
import type { SettingsView } from '../contract/settings.ts';
import type { UploadItem, UploadSummary } from '../contract/uploads.ts';
import type { StagedFile } from '../staging/staged.ts';

/**
 * What a page may ask of the worker that leads, as functions. Arguments and answers are cloned on
 * their way, and a question may be asked a second time of the next leader, where one ended before it
 * answered: each can be repeated without harm.
 */
export interface Calls {
  setUp(owner: Credentials & { readonly name: string; readonly code: string }): Promise<Result<void>>;
  signIn(who: Credentials): Promise<Result<void>>;
  signOut(): Promise<Result<void>>;
  leave(options: { readonly evenIfAtRisk: boolean }): Promise<Result<{ readonly left: true } | { readonly left: false; readonly atRisk: AtRisk }>>;
  confirmPassword(password: string): Promise<Result<void>>;
  tryNow(): void;
  inviteDevice(): Promise<Result<Link>>;
  join(code: string): Promise<Result<void>>;
  acceptInvitation(code: string, who: { readonly name: string; readonly password: string }): Promise<Result<void>>;

  rows(scope: Scope, version: number, from: number, count: number): CollectionRows | null;
  find(scope: Scope, asset: AssetId): { readonly version: number; readonly position: number } | null;
  ids(scope: Scope, version: number, from: number, count: number): readonly AssetId[] | null;
  counts(): CollectionCounts;

  asset(id: AssetId): AssetView | null;
  localPicture(id: AssetId): Promise<Blob | null>;
  mayFetch(bytes: number): Result<void>;
  faces(ids: readonly AssetId[]): readonly Face[];
  places(): Places;
  memories(day: string): Promise<readonly Memory[]>;
  duplicates(): Promise<readonly DuplicateGroup[]>;

  change(change: Change, newId: string): Promise<Result<Changed>>;
  undo(undo: Undo): Result<Changed>;
  suggest(text: string): Promise<readonly Suggestion[]>;

  /** @param contents where the asking tab has no store of files that all tabs share. */
  staged(files: readonly StagedFile[], contents: readonly Blob[] | null): Promise<void>;
  uploadItems(from: number, count: number): readonly UploadItem[];
  cancelUploads(ids: readonly string[] | null): Promise<void>;
  retryUploads(ids: readonly string[] | null): void;
  uploadAgain(id: string): Result<void>;
  clearFinishedUploads(): Promise<void>;

  waiting(from: number, count: number): readonly Why[];
  seek(missed: Missed): Promise<Result<Sought>>;
  fix(action: FixAction, retest: readonly CheckResult['check'][]): Promise<Result<Fixed>>;
  supportBundle(): Promise<Result<{ readonly fileName: string; readonly text: string }>>;
  settingsOf(id: DeviceId): Promise<Result<DeviceSettings>>;
  setDevice(id: DeviceId, change: Partial<DeviceSettings>): Promise<Result<DeviceSettings>>;
  renameDevice(id: DeviceId, name: string): Promise<Result<void>>;
  signOutDevice(id: DeviceId): Promise<Result<void>>;

  usage(): Promise<Result<Usage>>;
  freeUp(): Promise<Result<FreeUpSummary>>;
  freeUpItems(section: FreeUpSection, next: string | null, limit: number): Promise<Result<FreeUpPage>>;

  set(change: Partial<DeviceSettings>): Result<void>;

  accounts(): Promise<Result<readonly ManagedAccount[]>>;
  addAccount(account: { readonly email: string; readonly name: string; readonly password: string; readonly plan: PlanName }): Promise<Result<ManagedAccount>>;
  changeAccount(id: AccountId, change: AccountChange): Promise<Result<ManagedAccount>>;
  invitePerson(person: { readonly email: string; readonly plan: PlanName }): Promise<Result<Link>>;
}

/** What a page may follow: its arguments, and what is told again and again. */
export interface Watches {
  session: { args: []; value: SessionState };
  surroundings: { args: []; value: Surroundings };
  collection: { args: [Scope]; value: CollectionIndex };
  asset: { args: [AssetId]; value: AssetView | null };
  albums: { args: []; value: readonly AlbumSummary[] };
  pending: { args: []; value: { readonly count: number; readonly refused: readonly RefusedChange[] } };
  uploads: { args: []; value: UploadSummary };
  status: { args: []; value: Status };
  progress: { args: []; value: Progress };
  settings: { args: []; value: SettingsView };
  devices: { args: []; value: Result<readonly DeviceOverview[]> };
  /** Results as they come, then all of them. */
  diagnosis: { args: []; value: { readonly result: CheckResult } | { readonly ended: Result<readonly CheckResult[]> } };
}

export type CallName = keyof Calls;
export type WatchName = keyof Watches;

/** What the page and the tab's worker, and this and the one that leads, say to each other. */
export type Question =
  | { readonly say: 'call'; readonly id: number; readonly name: CallName; readonly args: readonly unknown[] }
  | { readonly say: 'watch'; readonly id: number; readonly name: WatchName; readonly args: readonly unknown[] }
  /** Ends a watch. */
  | { readonly say: 'end'; readonly id: number };

export type Reply =
  | { readonly say: 'answer'; readonly id: number; readonly value: unknown }
  /** The worker made a mistake. */
  | { readonly say: 'defect'; readonly id: number; readonly text: string }
  | { readonly say: 'value'; readonly id: number; readonly value: unknown };

