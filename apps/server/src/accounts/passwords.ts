import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { fail } from '../http/problem.ts';

/** A port, so that a simulator does not spend its time on hashing. */
export interface PasswordHasher {
  /** The hash in PHC string format. */
  hash(password: string): Promise<string>;
  /** `null` stands for an account that does not exist: it costs the same time and is false. */
  verify(password: string, hash: string | null): Promise<boolean>;
}

/** OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, 2 passes, 1 lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

/** At most so many at a time: each takes 19 MiB and a thread of four. */
const AT_ONCE = 2;

/** Who comes behind so many is told to wait: about two seconds' work on a small machine. */
const WAITING_MAX = 64;

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

export function argon2Hasher(): PasswordHasher {
  const turn = limited(AT_ONCE);
  /** Verified against where there is no account, so that the answer's time does not tell. */
  const nobody = phc(COST, randomBytes(SALT_BYTES), randomBytes(TAG_BYTES));

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const tag = await turn(() => derive('argon2id', { message: password, nonce: salt, tagLength: TAG_BYTES, ...COST }));
      return phc(COST, salt, tag);
    },
    async verify(password, hash) {
      const { cost, salt, tag } = parsePhc(hash ?? nobody);
      const derived = await turn(() => derive('argon2id', { message: password, nonce: salt, tagLength: tag.length, ...cost }));
      return timingSafeEqual(derived, tag) && hash !== null;
    },
  };
}

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

// PHC string format: https://github.com/P-H-C/phc-string-format; 19 is version 1.3 of Argon2 (RFC 9106).
function phc(cost: Cost, salt: Buffer, tag: Buffer): string {
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

function parsePhc(text: string): { cost: Cost; salt: Buffer; tag: Buffer } {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(text);
  const [, memory, passes, parallelism, salt, tag] = match ?? [];
  if (salt === undefined || tag === undefined) throw new Error('a stored password hash is not in PHC string format');
  return {
    cost: { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** Runs at most `most` at a time, the others in the order in which they came; beyond that it is refused. */
function limited(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (waiting.length >= WAITING_MAX) fail(429, 'rate_limited', { retryAfter: 5 });
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
