import { join } from 'node:path';
import type { Log } from './context.ts';

/** What a person sets (DESIGN section 1). */
export interface Settings {
  readonly dataFolder: string;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly databaseUrl: string;
  /** The owner's account is made at start, without a browser. */
  readonly owner: { readonly email: string; readonly password: string } | null;
  readonly trustProxy: boolean;
}

const DEFAULT_PORT = 4600;

/** Throws with a sentence for the person where a setting is none. */
export function settingsFrom(env: Readonly<Record<string, string | undefined>>): Settings {
  const dataFolder = env['EVERROLL_DATA'] || './data';
  const port = Number(env['EVERROLL_PORT'] || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('EVERROLL_PORT is a number from 0 to 65535.');
  const storage = env['EVERROLL_STORAGE_URL'];
  if (storage) throw new Error('EVERROLL_STORAGE_URL: this version stores originals in the data folder.');
  const [email, password] = [env['EVERROLL_OWNER_EMAIL'], env['EVERROLL_OWNER_PASSWORD']];
  if (Boolean(email) !== Boolean(password)) throw new Error('EVERROLL_OWNER_EMAIL and EVERROLL_OWNER_PASSWORD are set together or not at all.');
  return {
    dataFolder,
    host: env['EVERROLL_HOST'] || '127.0.0.1',
    port,
    databaseUrl: env['EVERROLL_DATABASE_URL'] || `sqlite:${join(dataFolder, 'everroll.db')}`,
    owner: email && password ? { email, password } : null,
    trustProxy: env['EVERROLL_TRUST_PROXY'] === '1',
  };
}

/** One line of JSON for each event, on standard error: standard output belongs to the command line. */
export function lineLog(write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const at = (level: 'info' | 'warn' | 'error') => (message: string, fields: Record<string, unknown> = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
