import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { Address } from '../ports/http/connection.ts';
import { writeAtomically } from './atomic-file.ts';

/** The server and the token of this device; the token is null after signing out. */
const SessionFile = z.object({ server: z.string(), token: z.string().nullable() });
export type SessionFile = z.infer<typeof SessionFile>;

export function readSession(path: string): SessionFile | null {
  try {
    return SessionFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

export function writeSession(path: string, session: SessionFile): void {
  writeAtomically(path, `${JSON.stringify(session, null, 2)}\n`);
}

/** The address for the next call. A sign-in by another process counts from the next call on. */
export function watchedAddress(path: string): () => Address | null {
  let seen = '';
  let address: Address | null = null;
  return () => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    const now = stat === undefined ? '' : `${stat.ino}:${stat.mtimeNs}`;
    if (now !== seen) {
      seen = now;
      const session = readSession(path);
      address = session?.token ? { url: session.server, token: session.token } : null;
    }
    return address;
  };
}
