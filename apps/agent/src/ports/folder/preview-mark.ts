import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';
import { Sha256 } from '@everroll/protocol';
import type { DiskPath } from './local-path.ts';

/**
 * A picture that stands for an original says so within itself, so that it is known wherever it is
 * moved or copied to, and with any database: in a comment (COM) right behind the start of a JPEG (ITU-T
 * T.81, B.2.4.5), in a chunk of its own at the end of a WebP, which readers pass over (RFC 9649, 2.3).
 */
const TEXT = 'Everroll: preview, the original is on the server. sha256 ';
const MARK_BYTES = TEXT.length + 64;

const START_OF_IMAGE = Buffer.from([0xff, 0xd8]);
const COMMENT = Buffer.from([0xff, 0xfe]);
/** Identifier and size, before the text. */
const CHUNK_HEADER_BYTES = 8;
const CHUNK = 'EVRL';

/** undefined: a type that has no place for it. */
export function withMark(content: Uint8Array, mediaType: string, sha256: Sha256): Buffer | undefined {
  const bytes = Buffer.from(content);
  const text = Buffer.from(TEXT + sha256, 'latin1');
  if (mediaType === 'image/jpeg' && bytes.subarray(0, 2).equals(START_OF_IMAGE)) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length + 2);
    return Buffer.concat([START_OF_IMAGE, COMMENT, length, text, bytes.subarray(2)]);
  }
  if (mediaType === 'image/webp' && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    const header = Buffer.alloc(CHUNK_HEADER_BYTES);
    header.write(CHUNK, 'latin1');
    header.writeUInt32LE(text.length, 4);
    const padding = Buffer.alloc(text.length % 2);
    const whole = Buffer.concat([bytes, header, text, padding]);
    whole.writeUInt32LE(whole.length - 8, 4);
    return whole;
  }
  return undefined;
}

/** The hash of the original for which a file stands; null: it is a file of its own. */
export async function markIn(path: DiskPath): Promise<Sha256 | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const markAt = async (position: number): Promise<Sha256 | null> => {
      if (position < 0) return null;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MARK_BYTES), 0, MARK_BYTES, position);
      const text = buffer.toString('latin1', 0, bytesRead);
      return text.startsWith(TEXT) ? (Sha256.safeParse(text.slice(TEXT.length)).data ?? null) : null;
    };
    return (await markAt(START_OF_IMAGE.length + COMMENT.length + 2)) ?? (await markAt(size - MARK_BYTES - (MARK_BYTES % 2)));
  } finally {
    await file.close();
  }
}
