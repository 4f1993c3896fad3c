import type { Bytes } from '../ports/server-client.ts';
import { TransferError } from '../ports/source.ts';

/** An original has as many bytes as its row says. What sends more (a proxy, a hostile server) is not let fill the disk. */
export async function* atMost(bytes: number, body: Bytes): Bytes {
  let left = bytes;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0) throw new TransferError('proxy_interferes', `more came than the ${bytes} bytes that were asked for`);
    yield chunk;
  }
}
