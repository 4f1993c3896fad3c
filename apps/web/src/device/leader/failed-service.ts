import { type Failure, done } from '@everroll/engine';
import { removeCatalogueFile } from '../catalogue/columns-file.ts';
import type { Service } from '../rpc/answerer.ts';
import { removeDatabase } from '../sqlite/open.ts';

/**
 * What pages are answered where the database cannot be opened: the one thing that is known, and the
 * two ways out of it. All else fails with that code, or is empty.
 */
export function failedService(failure: Failure, giveUp: () => void): Service {
  const failed = { ok: false, failure } as const;
  const startAnew = async (): Promise<void> => {
    // First what the next start would show without asking the database.
    await removeCatalogueFile();
    await removeDatabase();
    setTimeout(giveUp);
  };
  const calls = {
    async leave() {
      await startAnew();
      return done({ left: true });
    },
    async fix(action: string) {
      if (action === 'rebuild_database') await startAnew();
      return failed;
    },
  };
  return {
    calls: new Proxy(calls as unknown as Service['calls'], { get: (known, name) => (name in known ? known[name as keyof typeof known] : () => failed) }),
    watches: new Proxy({} as Service['watches'], {
      get: (_, name) => (name === 'session' ? (_args: unknown, tell: (value: unknown) => void) => (tell({ phase: 'failed', failure }), () => undefined) : () => () => undefined),
    }),
  };
}
