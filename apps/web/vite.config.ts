import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { noJsonSchema } from './build/no-json-schema.ts';
import { noSqlComments } from './build/no-sql-comments.ts';
import { placeNames } from './build/place-names.ts';
import { precompressed } from './build/precompressed.ts';
import { shellList } from './build/shell-list.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * `vite build apps/web` writes `dist`, which the server gives out; `vite apps/web` serves the sources
 * for development beside a server at `EVERROLL_SERVER`.
 */
export default defineConfig({
  root: here('.'),
  resolve: { alias: { 'node:crypto': here('src/device/node/crypto.ts'), 'node:zlib': here('src/device/node/zlib.ts') } },
  plugins: [react(), noJsonSchema(), placeNames(), shellList(), precompressed()],
  build: {
    target: 'es2023',
    // What the styles ask for (`light-dark()`) has `:dir()` as well: it need not be spelled out as a list of languages.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing inline: the Content-Security-Policy allows files of this server alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: here('index.html'), 'service-worker': here('src/service-worker/service-worker.ts') },
      // A service worker is found under one name for good; all else is named by its content.
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
        // All that the timeline needs is one file: it compresses better than fifty, and is asked for once. What starts the worker goes before it.
        codeSplitting: {
          groups: [
            { name: 'boot', test: /page\/worker\.ts$|vite\/preload-helper/, priority: 1 },
            { name: 'app', test: /app\/main\.tsx$/ },
          ],
        },
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [noJsonSchema(), noSqlComments()],
    // What a test weighs apart is told by its name. What shows the timeline early is apart from the program, which would be loaded first.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'sqlite-module', test: /sqlite\/module\.ts$|vite\/preload-helper/, priority: 2, includeDependenciesRecursively: false }, { name: 'early', test: /catalogue\/early\.ts$|tab\/(?:lead|ask-early|early-answers|worker-scope)\.ts$|sqlite\/folder\.ts$/, priority: 1 }, { name: 'work', test: /tab\/work\.ts$/ }] }, chunkFileNames: ({ moduleIds }) => `assets/${moduleIds.some((id) => id.includes('/sqlite-wasm/')) ? 'sqlite3' : '[name]'}-[hash].js` } },
  },
  // It finds its .wasm beside itself.
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
  server: { host: '127.0.0.1', proxy: { '/api': process.env['EVERROLL_SERVER'] ?? 'http://127.0.0.1:4600' } },
});
