import { UploadMetadata } from '@everroll/protocol';

/** The version of the tus protocol that is spoken, and the extensions of it (rule U1). https://tus.io/protocols/resumable-upload */
export const TUS_VERSION = '1.0.0';
export const TUS_EXTENSIONS = 'creation,creation-with-upload,expiration,termination';
export const PATCH_CONTENT_TYPE = 'application/offset+octet-stream';

/** tus has no status for a hash that differs; its checksum extension uses this one. */
export const CHECKSUM_MISMATCH = 460;

/** A file name of 255 characters is at most 1,020 bytes, 1,360 in base64; the rest is ids. */
const METADATA_MAX_LENGTH = 4096;

/** A header that holds a number of bytes. Plain decimal digits only: no sign, no exponent, no loss of precision. */
export function parseByteCount(header: string | undefined): number | undefined {
  if (header === undefined || !/^\d{1,16}$/.test(header)) return undefined;
  const bytes = Number(header);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

export type Metadata =
  | { readonly ok: true; readonly metadata: UploadMetadata }
  | { readonly ok: false; readonly detail: string };

/**
 * `Upload-Metadata` (tus 1.0.0, "Creation"): pairs `key base64` joined by commas, no key twice.
 * Keys that the protocol does not name are passed over, so that generic tus clients can add theirs.
 */
export function parseMetadata(header: string | undefined): Metadata {
  if (header === undefined) return refused('Upload-Metadata is missing');
  if (header.length > METADATA_MAX_LENGTH) return refused(`Upload-Metadata is longer than ${METADATA_MAX_LENGTH} characters`);
  const values = new Map<string, string>();
  for (const pair of header.split(',')) {
    const [key = '', encoded = '', ...rest] = pair.trim().split(' ');
    if (key === '' || rest.length > 0) return refused('Upload-Metadata is not a list of keys and base64 values');
    if (values.has(key)) return refused('Upload-Metadata names a key twice');
    const text = decodeBase64(encoded);
    if (text === undefined) return refused('a value of Upload-Metadata is not base64 of UTF-8');
    values.set(key, text);
  }
  const parsed = UploadMetadata.safeParse(Object.fromEntries(values));
  if (parsed.success) return { ok: true, metadata: parsed.data };
  const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  return refused(`Upload-Metadata: ${[...names].join(', ')} missing or not valid`);
}

/** The same as a header, for the answer to HEAD. */
export function formatMetadata(metadata: UploadMetadata): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',');
}

function refused(detail: string): Metadata {
  return { ok: false, detail };
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strict: one spelling per value (RFC 4648 section 3.5, padding bits zero), and valid UTF-8. */
function decodeBase64(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
