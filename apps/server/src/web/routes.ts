import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { App, AppEnv, Log } from '../context.ts';
import { type Encoding, type WebFile, webFilesOf } from './files.ts';

/**
 * Two rules that React Aria puts into the page, word for word (react-aria 3: usePress, usePreventScroll):
 * allowed by their hash, as any other style within the page is not.
 */
const ariaStyles = [
  '@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}',
  '@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}',
].map((style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`);

/**
 * The app may load and ask of this server alone, and run no script that stands in a page. SQLite is
 * WebAssembly; pictures of files that are still on their way, and originals that are looked at, are
 * blobs of the page's own.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  `style-src 'self' ${ariaStyles.join(' ')}`,
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The built web app. Every address that is neither a file of it nor the interface's is a page of the
 * app, which reads the address itself.
 * @returns whether there is one.
 */
export function registerWeb(app: App, folder: string, log: Log): boolean {
  const files = webFilesOf(folder);
  const page = files?.get('/index.html');
  if (files === undefined || page === undefined) {
    log.warn('the web app is not built', { folder });
    return false;
  }
  app.get('*', async (c, next) => {
    const file = files.get(c.req.path);
    if (file !== undefined) return answer(c, file);
    // What is asked for as a picture or a script and is not there is not found; so is what the interface does not have.
    const isPage = !c.req.path.startsWith('/api') && (c.req.header('accept') ?? '').includes('text/html');
    return isPage ? answer(c, page) : await next();
  });
  return true;
}

function answer(c: Context<AppEnv>, file: WebFile): Response {
  const headers: Record<string, string> = {
    'content-type': file.type,
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': file.isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  };
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers);
  const encoding = preferred(file.encodings, c.req.header('accept-encoding') ?? '');
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  return c.body(file.bytes(encoding), 200, headers);
}

/** The smallest that the browser takes (RFC 9110, section 12.5.3; a weight of zero refuses). */
function preferred(encodings: readonly Encoding[], accepted: string): Encoding | undefined {
  const taken = new Set(accepted.split(',').flatMap((part) => {
    const [name, weight] = part.split(';', 2);
    return weight !== undefined && /^\s*q=0(?:\.0*)?\s*$/.test(weight) ? [] : [name?.trim().toLowerCase()];
  }));
  return encodings.find((encoding) => taken.has(encoding));
}
