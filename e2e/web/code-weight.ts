import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';

const dist = join(import.meta.dirname, '..', '..', 'apps', 'web', 'dist');

export interface CodeWeight {
  /** Page, script and style, compressed with brotli as the server gives them out. */
  readonly kB: number;
  /** SQLite: its WebAssembly and the script around it. */
  readonly sqliteKb: number;
  readonly files: readonly string[];
}

/** Notes what a browser asks for, its workers included. @returns what that weighs until now. */
export function weighCode(context: BrowserContext): () => CodeWeight {
  const asked = new Set<string>();
  // Not what its service worker keeps for later: that waits until the page is there.
  context.on('request', (request) => request.serviceWorker() === null && asked.add(new URL(request.url()).pathname));
  return () => {
    const files = [...asked].filter((path) => /\.(?:js|css|wasm)$/.test(path) && path !== '/service-worker.js');
    const sum = (some: readonly string[]): number => some.reduce((bytes, path) => bytes + sizeOf(path), 0) / 1000;
    const isSqlite = (path: string): boolean => path.includes('sqlite');
    return { kB: sum(files.filter((path) => !isSqlite(path))), sqliteKb: sum(files.filter(isSqlite)), files: files.map((path) => `${path} ${sizeOf(path)}`) };
  };
}

function sizeOf(path: string): number {
  const file = join(dist, path);
  return statSync(existsSync(`${file}.br`) ? `${file}.br` : file).size;
}
