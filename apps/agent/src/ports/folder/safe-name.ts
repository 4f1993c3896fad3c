import { Buffer } from 'node:buffer';
import { extname } from 'node:path';
import { presentable } from './local-path.ts';

/** NAME_MAX of Linux and macOS file systems, in bytes; Windows counts 255 UTF-16 units, which is no less. */
const NAME_MAX_BYTES = 255;
/** Room for " (1234)" beside a name, and for what a copying program puts around it. */
const MARGIN_BYTES = 24;
/** A real ending is short; what is longer is a name with a dot in it. */
const EXTENSION_MAX_BYTES = 16;

/** Device names that Windows reserves with any ending (Naming Files, Paths, and Namespaces). */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=\.|$)/i;

/**
 * A file name that another device chose, made safe to create here and on a disk that is later read
 * by another system: no separator, no control character, no name that means something else, bounded
 * in bytes. The ending stays, since programs go by it.
 */
export function safeFileName(name: string): string {
  let safe = presentable(name)
    .replace(/[<>:"|?*]/g, '_')
    // What renders invisibly or turns the direction of text makes `gpj.exe` look like `exe.jpg`.
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '_')
    // Windows drops dots and spaces at the end; a dot in front hides a file and would hide it from the listing too.
    .replace(/[. ]+$/, '_')
    .replace(/^[. ]+/, '_');
  if (reserved.test(safe)) safe = `_${safe}`;
  return shortened(safe === '' ? '_' : safe);
}

/** The name beside it for the nth try; 0 is the name itself. */
export function numbered(name: string, attempt: number): string {
  if (attempt === 0) return name;
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)} (${attempt + 1})${extension}`;
}

/** A folder below the library folder, part by part; nothing in it can lead out. */
export function safeFolder(folder: string): string[] {
  return folder.split(/[\\/]+/).filter((part) => part !== '' && part !== '.').map(safeFileName);
}

function shortened(name: string): string {
  const room = NAME_MAX_BYTES - MARGIN_BYTES;
  if (Buffer.byteLength(name) <= room) return name;
  const ending = extname(name);
  const extension = Buffer.byteLength(ending) <= EXTENSION_MAX_BYTES ? ending : '';
  const stem = name.slice(0, name.length - extension.length);
  let kept = '';
  let bytes = Buffer.byteLength(extension);
  // By grapheme, so that no accent or emoji is cut in two.
  for (const { segment } of new Intl.Segmenter().segment(stem)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > room) break;
    kept += segment;
  }
  return `${kept.trimEnd() || '_'}${extension}`;
}
