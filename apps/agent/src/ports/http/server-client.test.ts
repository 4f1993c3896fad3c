import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { serverClientContract } from '@everroll/engine/contracts';
import { httpServerClient } from '@everroll/engine/http';
import { createAccount, createLocalSession, settingsFrom, startServer } from '@everroll/server';
import { temporaryFolder } from '../../testing/folders.ts';
import { connect } from './connection.ts';


serverClientContract('HTTP to a server', async () => {
  const folder = await temporaryFolder();
  const dataFolder = join(folder.path, 'data');
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const server = await startServer(settingsFrom({ EVERROLL_DATA: dataFolder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet });
  const tokenOf = async (email: string): Promise<string> => {
    const account = await server.services.db.transaction().execute((trx) => createAccount(trx, server.services, { email, name: email, role: 'member', passwordHash: '' }));
    if (account === 'email_taken') throw new Error(email);
    return (await createLocalSession(server.services, account.id, { name: 'test', kind: 'agent' })).token;
  };
  const tokens = [await tokenOf('ada@example.com'), await tokenOf('eve@example.com'), randomBytes(32).toString('hex')];
  const connections = tokens.map((token) => connect(() => ({ url: server.url, token })));
  const [client, stranger, expired] = connections.map((connection) => httpServerClient(connection));
  return {
    client: client!,
    stranger: stranger!,
    expired: expired!,
    bytes(seed, length) {
      const content = new Uint8Array(Buffer.alloc(length, createHash('sha512').update(seed).digest()));
      return { content, sha256: createHash('sha256').update(content).digest('hex') };
    },
    async end() {
      await Promise.all(connections.map((connection) => connection.close()));
      await server.close();
      await folder.end();
    },
  };
});
