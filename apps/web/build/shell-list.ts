import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** What the service worker calls the list (src/service-worker/shell.ts), which only the end of the build knows. */
const NAME = 'EVERROLL_SHELL';

/** Tells the service worker which files make up the app, and under which name it keeps them. */
export function shellList(): Plugin {
  return {
    name: 'everroll:shell-list',
    apply: 'build',
    generateBundle(_options, bundle) {
      const worker = bundle['service-worker.js'];
      if (worker?.type !== 'chunk') this.error('the build has no service worker');
      const files = Object.keys(bundle).filter((file) => file.startsWith('assets/')).toSorted();
      const content = createHash('sha256');
      for (const file of [...files, 'index.html']) content.update(file);
      const page = bundle['index.html'];
      if (page?.type === 'asset') content.update(page.source);
      const shell = { name: content.digest('hex').slice(0, 16), files: ['/', ...files.map((file) => `/${file}`)] };
      if (!worker.code.includes(NAME)) this.error(`the service worker does not ask for ${NAME}`);
      worker.code = `const ${NAME} = ${JSON.stringify(shell)};\n${worker.code}`;
    },
  };
}
