import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

export type Encoding = 'br' | 'gzip';
const endings: Readonly<Record<Encoding, string>> = { br: '.br', gzip: '.gz' };

/** A file of the built web app. */
export interface WebFile {
  readonly type: string;
  /** Its name follows from its content: whoever has it need not ask again. */
  readonly isNamedByContent: boolean;
  readonly etag: string;
  /** As the build has packed it, or as it is (`undefined`). Read at the first wish, then kept: all of them are some megabytes. */
  bytes(encoding: Encoding | undefined): Uint8Array<ArrayBuffer>;
  readonly encodings: readonly Encoding[];
}

/** Addresses of the web app that stands in a folder; undefined: none was built there. */
export function webFilesOf(folder: string): ReadonlyMap<string, WebFile> | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'));
  const packed = new Set(names);
  return new Map(
    names
      .filter((name) => extname(name) in types)
      .map((name) => {
        const encodings = (['br', 'gzip'] as const).filter((encoding) => packed.has(name + endings[encoding]));
        return [`/${name}`, fileAt(join(folder, name), name, encodings)] as const;
      }),
  );
}

function fileAt(path: string, name: string, encodings: readonly Encoding[]): WebFile {
  const kept = new Map<Encoding | undefined, Uint8Array<ArrayBuffer>>();
  const bytes = (encoding: Encoding | undefined): Uint8Array<ArrayBuffer> => {
    const known = kept.get(encoding);
    if (known !== undefined) return known;
    const read = new Uint8Array(readFileSync(encoding === undefined ? path : path + endings[encoding]));
    kept.set(encoding, read);
    return read;
  };
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    isNamedByContent: name.startsWith('assets/'),
    etag: `"${createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 32)}"`,
    bytes,
    encodings,
  };
}
