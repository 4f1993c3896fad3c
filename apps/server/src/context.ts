import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { PasswordHasher } from './accounts/passwords.ts';
import type { SessionIdentity } from './accounts/sessions.ts';
import type { Database } from './database/schema.ts';
import type { Events } from './events/events.ts';
import type { OriginalStore } from './originals/store.ts';
import type { Renditions } from './renditions/renditions.ts';

/**
 * Everything that the server takes from the world, so that a simulator can run it with a clock, a
 * random source and timers of its own. There are no globals beside it.
 */
export interface Services {
  readonly db: Kysely<Database>;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  readonly events: Events;
  readonly passwords: PasswordHasher;
  readonly originals: OriginalStore;
  /** null: none are made, nothing is read from originals. */
  readonly renditions: Renditions | null;
  readonly config: Config;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Random {
  /** 128 bits as 32 lower-case hex digits. */
  id(): string;
  /** 256 bits as 64 lower-case hex digits. */
  token(): string;
}

export interface Timers {
  /** Runs again and again until the returned function is called; never keeps the process alive. */
  every(milliseconds: number, run: () => void): () => void;
}

/** Fields hold no secrets and no names of photos: a log may be shown to a stranger who helps. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface Config {
  /** Folder of the database and the originals. */
  readonly dataFolder: string;
  /** A reverse proxy stands in front: its `X-Forwarded-*` are believed. */
  readonly trustProxy: boolean;
  /** Wanted by the set-up of the owner's account; null where that is done already. */
  readonly setupCode: string | null;
  /** Folder of the built web app; absent: this server gives out none. */
  readonly webFolder?: string;
}

export type AppEnv = {
  /** The Node request and response behind the Fetch ones; absent where the app is called without a socket. */
  Bindings: Partial<HttpBindings>;
  Variables: { session: SessionIdentity };
};

/** What a route module registers its routes on. */
export type App = OpenAPIHono<AppEnv>;

export const systemClock: Clock = { now: () => Date.now() };

export const systemRandom: Random = {
  id: () => randomBytes(16).toString('hex'),
  token: () => randomBytes(32).toString('hex'),
};

export const systemTimers: Timers = {
  every(milliseconds, run) {
    const timer = setInterval(run, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },
};
