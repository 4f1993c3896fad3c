import type { Identity } from '@everroll/engine';
import type { EverrollReady } from './everroll-server.ts';

/** Who a device of a server under measurement is. */
export function identityOf({ url, account, library, sessions }: EverrollReady, session: number): Identity {
  return {
    server: url,
    account: { id: account.id as never, email: account.email, name: 'bench', role: 'owner' },
    device: { id: sessions[session]?.deviceId as never, name: `device ${session}` },
    library: { id: library as never, name: 'bench' },
  };
}
