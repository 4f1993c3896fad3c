/** The limit to measure against: a Node server that receives, hashes and syncs each body, and nothing else. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const folder = process.argv[2] ?? '.';
/** As large as Everroll's own writes, so that the difference is not the size of a write. */
const WRITE_BYTES = 1024 * 1024;
let count = 0;

const server = createServer((incoming, outgoing) => {
  count += 1;
  void receive(incoming, join(folder, String(count))).then((hash) => outgoing.end(hash));
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

async function receive(incoming: IncomingMessage, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'w');
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    hash.update(chunk);
    batch.push(chunk);
    bytes += chunk.length;
    if (bytes < WRITE_BYTES) continue;
    await file.writev(batch);
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) await file.writev(batch);
  await file.sync();
  await file.close();
  return hash.digest('hex');
}
