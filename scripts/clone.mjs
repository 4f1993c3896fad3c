import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const windows = process.platform === 'win32';

/** The Node that the product runs on: the npm package `node`, pinned by the lock file. */
export const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
