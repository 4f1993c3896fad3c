import { z } from 'zod';
import { FileName, Milliseconds, Seq } from './entities.ts';
import { AccountId, DeviceId, Epoch, Incarnation, LibraryId, MutationId, Sha256 } from './ids.ts';
import { Mutation } from './operations.ts';
import { reasonCodes } from './reasons.ts';

const Code = z.enum(reasonCodes);

// --- health -------------------------------------------------------------------------------------

/** The nonce comes back, so that a captive portal or a cache that answers in the server's place is seen. */
export const Nonce = z.string().regex(/^[0-9A-Za-z_-]{1,64}$/);

export const Health = z.object({
  name: z.literal('everroll'),
  version: z.string(),
  protocol: z.object({ min: z.int(), max: z.int() }),
  time: Milliseconds,
  nonce: Nonce.nullable(),
  /** `needed` until the owner's account exists. */
  setup: z.enum(['needed', 'done']),
});
export type Health = z.infer<typeof Health>;

// --- accounts, sessions, devices ------------------------------------------------------------------

export const Email = z.email().max(254).transform((text) => text.toLowerCase());
/** Length is what counts (NIST SP 800-63B, 3.1.1.2); the bound keeps hashing cheap to refuse. */
export const Password = z.string().min(10, 'a password has at least 10 characters').max(1024);
export const DeviceKind = z.enum(['agent', 'browser', 'phone']);
export const DeviceName = z.string().trim().min(1).max(100);

export const SetupRequest = z.object({ code: z.string().max(64), email: Email, name: z.string().trim().min(1).max(100), password: Password });

/** `id` is sent by a device that was registered before, so that it keeps its queue's numbers. */
export const DeviceIntroduction = z.object({ id: DeviceId.optional(), name: DeviceName, kind: DeviceKind });
export type DeviceIntroduction = z.infer<typeof DeviceIntroduction>;

export const SignInRequest = z.object({ email: Email, password: z.string().max(1024), device: DeviceIntroduction });

export const Account = z.object({ id: AccountId, email: z.string(), name: z.string(), role: z.enum(['owner', 'member']) });
export type Account = z.infer<typeof Account>;

export const Device = z.object({
  id: DeviceId,
  name: z.string(),
  kind: DeviceKind,
  createdAt: Milliseconds,
  lastSeenAt: Milliseconds,
  /** This very device, as seen by the one who asks. */
  current: z.boolean(),
});
export type Device = z.infer<typeof Device>;

export const Library = z.object({ id: LibraryId, name: z.string(), epoch: Epoch, head: Seq });
export type Library = z.infer<typeof Library>;

/** Who the bearer is. */
export const Session = z.object({ account: Account, device: Device, libraries: z.array(Library) });
export type Session = z.infer<typeof Session>;

/** `token` is shown once; browsers get it as a cookie instead and see an empty string. */
export const SignedIn = Session.extend({ token: z.string() });
export type SignedIn = z.infer<typeof SignedIn>;

// --- log --------------------------------------------------------------------------------------

/** How many incarnations a device remembers and shows with its cursor (rule C3). */
export const INCARNATIONS_MAX = 20;

/** A position in a log, and which incarnation wrote the change there; null for one before the first that is remembered. */
export interface WrittenAt {
  readonly seq: number;
  readonly by: Incarnation | null;
}

/** How many forks a page tells of, the newest ones. */
export const FORKS_MAX = 20;

/**
 * Where a *generation* of a history began (rule C4): what stands in it behind `from` was written in that generation, up to
 * where the next one began. Before the first fork it is 0. Of two epochs that a library went through the later one has the
 * larger number, also where the server has no memory of the other.
 */
export const Fork = z.object({ generation: z.int().min(1), from: Seq });
export type Fork = z.infer<typeof Fork>;

/** Oldest first; absent for none. */
const Forks = z.array(Fork).max(FORKS_MAX).optional();

/** In which generation the change at `seq` of a history with these forks was written. */
export const generationAt = (forks: readonly Fork[], seq: number): number => forks.findLast(({ from }) => from < seq)?.generation ?? 0;

/** What wrote the change at a position; null for changes before the first that is remembered. */
const WrittenBy = Incarnation.nullable();

/**
 * A page of the log: every entity whose latest change lies in `(from, to]`. A device takes it only
 * if `from` is its cursor. Entries are checked one by one, so that a bad one is parked alone (rule L4).
 */
export const ChangesPage = z.object({ epoch: Epoch, from: Seq, to: Seq, head: Seq, incarnation: WrittenBy, forks: Forks, entries: z.array(z.unknown()) });
export type ChangesPage = z.infer<typeof ChangesPage>;

/**
 * A page of the snapshot. `next` is null on the last one; then the log is read from `seq`. Its rows may be of any moment up
 * to `head`, which is told with the incarnation that wrote the change there, where it lies beyond `seq` (rule C3).
 */
export const SnapshotPage = z.object({ epoch: Epoch, seq: Seq, head: Seq, incarnation: WrittenBy, headIncarnation: WrittenBy.optional(), forks: Forks, next: z.string().max(200).nullable(), entries: z.array(z.unknown()) });
export type SnapshotPage = z.infer<typeof SnapshotPage>;



// --- mutations --------------------------------------------------------------------------------

export const MUTATIONS_MAX = 500;

export const MutationsRequest = z.object({
  epoch: Epoch,
  /** Results up to this number are stored by the device; the server may forget them. */
  acknowledged: z.int().min(0),
  mutations: z.array(Mutation).max(MUTATIONS_MAX),
});
export type MutationsRequest = z.infer<typeof MutationsRequest>;

export const MutationResult = z.discriminatedUnion('outcome', [
  /** It stands in the log at or before `seq`: the device drops it when its cursor covers that. */
  z.object({ number: z.int(), id: MutationId, outcome: z.literal('applied'), seq: Seq }),
  z.object({ number: z.int(), id: MutationId, outcome: z.literal('rejected'), code: Code }),
]);
export type MutationResult = z.infer<typeof MutationResult>;

/** `incarnation` wrote the newest of the changes that are told as applied (rule C3). */
export const MutationsResponse = z.object({ epoch: Epoch, head: Seq, incarnation: WrittenBy, lastNumber: z.int(), results: z.array(MutationResult) });
export type MutationsResponse = z.infer<typeof MutationsResponse>;

// --- resources and uploads ----------------------------------------------------------------------

export const KNOWN_MAX = 1000;
/** With `verify` the server reads every byte again before it says `stored`: few at a time. */
export const VERIFY_MAX = 8;
export const KnownRequest = z
  .object({ hashes: z.array(Sha256).max(KNOWN_MAX), verify: z.boolean().optional() })
  .refine(({ hashes, verify }) => verify !== true || hashes.length <= VERIFY_MAX, { error: `at most ${VERIFY_MAX} hashes are verified at once` });
export type KnownRequest = z.infer<typeof KnownRequest>;

/** `deleted`: a person purged it; `missing`: send it. In the order of the request. */
export const ResourceStanding = z.enum(['stored', 'missing', 'deleted']);
export type ResourceStanding = z.infer<typeof ResourceStanding>;
/** `verified`: every byte was read again before `stored` was said. A server of an earlier version does not know the wish, and does not say so. */
export const KnownResponse = z.object({ epoch: Epoch, standings: z.array(ResourceStanding), verified: z.boolean().optional() });
export type KnownResponse = z.infer<typeof KnownResponse>;

/** `Upload-Metadata` of a creation (tus 1.0.0, "Creation"): each value base64 of UTF-8. */
export const UploadMetadata = z.object({ library: LibraryId, sha256: Sha256, filename: FileName });
export type UploadMetadata = z.infer<typeof UploadMetadata>;



// --- usage -------------------------------------------------------------------------------------

export const Usage = z.object({
  /** Bytes; null is unlimited. */
  plan: z.int().nullable(),
  used: z.int(),
  reserved: z.int(),
  /**
   * Each stored byte once, so that the kinds add up to `used` (rule Q3). `edits` are rendered edits
   * and sidecars; `other` is what has arrived and belongs to no asset yet. Renditions are not charged.
   */
  byKind: z.object({ photos: z.int(), videos: z.int(), livePhotos: z.int(), raw: z.int(), edits: z.int().default(0), other: z.int(), recentlyDeleted: z.int() }),
});
export type Usage = z.infer<typeof Usage>;

// --- events ------------------------------------------------------------------------------------

/** The server-sent event `head`: a library's head has moved. */
export const HeadEvent = z.object({ library: LibraryId, epoch: Epoch, head: Seq });
export type HeadEvent = z.infer<typeof HeadEvent>;

/** The server-sent event `plan`: the account's storage plan may have room that it had not (rule Q5). */
export const PlanEvent = z.object({ account: AccountId });
export type PlanEvent = z.infer<typeof PlanEvent>;
