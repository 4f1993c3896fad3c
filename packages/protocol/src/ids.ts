import { z } from 'zod';

/**
 * Identifiers are 128 random bits as 32 lower-case hex digits; hashes are SHA-256 as 64.
 * One spelling each, so that equal things are equal strings in every database and file name.
 */
const id = z.string().regex(/^[0-9a-f]{32}$/, 'expected 32 lower-case hex digits');

export const InvitationId = id.brand('InvitationId');
export type InvitationId = z.infer<typeof InvitationId>;

export const AccountId = id.brand('AccountId');
export type AccountId = z.infer<typeof AccountId>;

export const DeviceId = id.brand('DeviceId');
export type DeviceId = z.infer<typeof DeviceId>;

export const LibraryId = id.brand('LibraryId');
export type LibraryId = z.infer<typeof LibraryId>;

export const AssetId = id.brand('AssetId');
export type AssetId = z.infer<typeof AssetId>;

export const AlbumId = id.brand('AlbumId');
export type AlbumId = z.infer<typeof AlbumId>;

export const UploadId = id.brand('UploadId');
export type UploadId = z.infer<typeof UploadId>;

export const MutationId = id.brand('MutationId');
export type MutationId = z.infer<typeof MutationId>;

/** Names a look of a photo (rule E1). */
export const RevisionId = id.brand('RevisionId');
export type RevisionId = z.infer<typeof RevisionId>;

/** Names one unbroken history of a library's log (see rule C3 of docs/protocol.md). */
export const Epoch = id.brand('Epoch');
export type Epoch = z.infer<typeof Epoch>;

/** Names one start of a server on its database (see rule C3 of docs/protocol.md). */
export const Incarnation = id.brand('Incarnation');
export type Incarnation = z.infer<typeof Incarnation>;

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits')
  .brand('Sha256');
export type Sha256 = z.infer<typeof Sha256>;

/**
 * The id of the asset whose primary resource has this hash in this library (rule A1).
 *
 * The first 128 bits of the hash, XORed with the library's 128 bits: the same photo from two
 * devices gets the same id in one library without asking anybody; the id says nothing about the
 * bytes to someone who does not know the library; and no hash function is needed here, so it runs
 * wherever the protocol does. Two files with one id would need a collision in 128 bits of SHA-256,
 * and then only within their owner's own library: rows are keyed by library and asset.
 */
export function deriveAssetId(library: LibraryId, primary: Sha256): AssetId {
  return AssetId.parse(xor(library, primary));
}

/** The id that an asset of other bytes has in the library of this one, whose primary resource is `primary`. */
export function assetIdBeside(assetId: AssetId, primary: Sha256, other: Sha256): AssetId {
  return AssetId.parse(xor(xor(assetId, primary), other));
}

/** The first 128 bits of two numbers in hex. */
function xor(a: string, b: string): string {
  let hex = '';
  for (let digit = 0; digit < 32; digit += 8) {
    const mixed = Number.parseInt(a.slice(digit, digit + 8), 16) ^ Number.parseInt(b.slice(digit, digit + 8), 16);
    hex += (mixed >>> 0).toString(16).padStart(8, '0');
  }
  return hex;
}
