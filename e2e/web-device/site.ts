import { join } from 'node:path';
import { build } from 'vite';

const web = join(import.meta.dirname, '..', '..', 'apps', 'web');

/** Builds one of the pages of `apps/web/src/testing` into a folder that a server gives out. */
export async function buildSite(page: string, folder: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(web, 'src', 'testing', page),
    resolve: { alias: { 'node:crypto': join(web, 'src/device/node/crypto.ts'), 'node:zlib': join(web, 'src/device/node/zlib.ts'), vitest: join(web, 'src/testing/contract-page/vitest.ts') } },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023', minify: false, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    worker: { format: 'es' },
  });
}
