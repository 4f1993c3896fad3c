import type { Context } from 'hono';
import { isIPv6 } from 'node:net';
import type { AppEnv, Clock, Config } from '../context.ts';
import { fail } from '../http/problem.ts';

/** So many attempts at once, then one per `everyMs`. */
interface Allowance {
  readonly burst: number;
  readonly everyMs: number;
}

/**
 * Of one e-mail from one address: a person mistypes a few times; 1,440 guesses a day find no password of
 * ten characters. Only together, as a stranger elsewhere would else keep a person from signing in.
 */
const PER_PERSON: Allowance = { burst: 10, everyMs: 60_000 };

/** Of one e-mail from wherever: who has many addresses gets no further than 8,640 guesses a day. */
const PER_EMAIL: Allowance = { burst: 100, everyMs: 10_000 };

/** A household behind one address. */
const PER_ADDRESS: Allowance = { burst: 30, everyMs: 20_000 };

/** Addresses and e-mails that are remembered of each sort, some hundred bytes each. */
const REMEMBERED_MAX = 10_000;

/**
 * Limits failed sign-ins (rule X3). An attempt is counted when it begins, so that many at once
 * cannot slip through, and given back when it succeeds. From an address where an e-mail has signed in
 * before, what is tried elsewhere does not count. It lives in memory: a restart forgives.
 */
export class Attempts {
  readonly #clock: Clock;
  /** By key, the time at which all of its allowance will be back. */
  readonly #fullAgainAt = new Map<string, number>();
  /** E-mails with addresses from which they have signed in, the last used last. */
  readonly #welcome = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts an attempt, or ends the request with 429. Returns what gives it back. */
  begin(address: string, email: string | null): () => void {
    const keys: [string, Allowance][] = [[`address ${address}`, PER_ADDRESS]];
    const person = `email ${email} at ${address}`;
    if (email !== null) keys.push([person, PER_PERSON]);
    if (email !== null && !this.#welcome.has(person)) keys.push([`email ${email}`, PER_EMAIL]);
    const now = this.#clock.now();
    const waits = keys.map(([key, { burst, everyMs }]) => Math.max(this.#fullAgainAt.get(key) ?? 0, now) - now - (burst - 1) * everyMs);
    const wait = Math.max(...waits);
    if (wait > 0) fail(429, 'rate_limited', { retryAfter: Math.ceil(wait / 1000) });
    for (const [key, { everyMs }] of keys) this.#remember(key, Math.max(this.#fullAgainAt.get(key) ?? 0, now) + everyMs);
    return () => {
      if (email !== null) this.#noteWelcome(person);
      for (const [key, { everyMs }] of keys) this.#remember(key, (this.#fullAgainAt.get(key) ?? 0) - everyMs);
    };
  }

  #noteWelcome(person: string): void {
    this.#welcome.delete(person);
    this.#welcome.add(person);
    if (this.#welcome.size > REMEMBERED_MAX) for (const oldest of this.#welcome) return void this.#welcome.delete(oldest);
  }

  #remember(key: string, fullAgainAt: number): void {
    this.#fullAgainAt.delete(key);
    if (fullAgainAt <= this.#clock.now()) return;
    this.#fullAgainAt.set(key, fullAgainAt);
    if (this.#fullAgainAt.size <= REMEMBERED_MAX) return;
    for (const oldest of this.#fullAgainAt.keys()) {
      this.#fullAgainAt.delete(oldest);
      break;
    }
  }
}

/** Where a request comes from; of IPv6 the network, since one subscriber has 2^64 addresses. */
export function addressOf(c: Context<AppEnv>, config: Config): string {
  const forwarded = config.trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined;
  // `app.request()` in the same process has no socket; then `c.env` is absent too.
  const address = forwarded ?? (c.env as AppEnv['Bindings'] | undefined)?.incoming?.socket.remoteAddress ?? 'this process';
  return isIPv6(address) && !address.startsWith('::ffff:') ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'), ...right];
  return groups.slice(0, 4).join(':');
}
