import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Log } from './context.ts';
import type { Renditions } from './renditions/renditions.ts';

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
  readonly renditions: RenditionSettings;
  /** Folder of the built web app; null: none is given out. */
  readonly webFolder: string | null;
}

/** What the making of thumbnails, previews and details may cost this machine. */
export interface RenditionSettings {
  /** Processes that make them, started when there is work; 0: this server makes none. */
  readonly workers: number;
  /** Memory of each in bytes; a file that takes more is one that cannot be shown. null: what the machine affords. */
  readonly memoryBytes: number | null;
  /** How long one photo may take. null: what the slowest honest one needs. */
  readonly milliseconds: number | null;
  readonly videoPreviews: Renditions['videoPreviews'];
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
    renditions: renditionsFrom(env),
    webFolder: env['EVERROLL_WEB'] || null,
  };
}

/** Half of the cores: the other half serves requests, and the machine may have other things to do. */
function renditionsFrom(env: Readonly<Record<string, string | undefined>>): RenditionSettings {
  const cores = availableParallelism();
  const seconds = numberFrom(env, 'EVERROLL_RENDITION_SECONDS', { min: 1, max: 3_600 });
  const megabytes = numberFrom(env, 'EVERROLL_RENDITION_MEMORY_MB', { min: 256, max: 65_536 });
  const previews = env['EVERROLL_VIDEO_PREVIEWS'] || 'on_demand';
  if (previews !== 'on_demand' && previews !== 'idle') throw new Error('EVERROLL_VIDEO_PREVIEWS is on_demand or idle.');
  return {
    workers: numberFrom(env, 'EVERROLL_RENDITION_WORKERS', { min: 0, max: 256 }) ?? Math.max(1, Math.floor(cores / 2)),
    memoryBytes: megabytes === null ? null : megabytes * 1024 * 1024,
    milliseconds: seconds === null ? null : seconds * 1000,
    videoPreviews: previews,
  };
}

/** null where it is not set. */
function numberFrom(env: Readonly<Record<string, string | undefined>>, name: string, { min, max }: { readonly min: number; readonly max: number }): number | null {
  const text = env[name];
  if (!text) return null;
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) throw new Error(`${name} is a number from ${min} to ${max}.`);
  return number;
}

/** One line of JSON for each event, on standard error: standard output belongs to the command line. */
export function lineLog(write: (line: string) => void = (line) => void process.stderr.write(line)): Log {
  const at = (level: 'info' | 'warn' | 'error') => (message: string, fields: Record<string, unknown> = {}) =>
    write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
