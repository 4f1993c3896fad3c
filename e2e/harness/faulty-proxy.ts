import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/**
 * A line that lies: connections are cut after some bytes, stall for a while, or are refused, by
 * turns that a seed decides. What passes is never changed; TCP's checksum sees to that outside too.
 */
export interface FaultyProxy {
  readonly url: string;
  /** Faults so far, by kind. */
  readonly faults: Record<'cut' | 'stalled' | 'refused', number>;
  /** The line is good at first, bad from here … */
  spoil(): void;
  /** … and good again from here. */
  mend(): void;
  close(): Promise<void>;
}

/** A connection is cut, at the latest, after so many bytes. */
const CUT_WITHIN_BYTES = 400_000;
const STALL_MS = 300;

export async function faultyProxy(serverPort: () => number, seed: number): Promise<FaultyProxy> {
  const faults = { cut: 0, stalled: 0, refused: 0 };
  const sockets = new Set<Socket>();
  const random = mulberry32(seed);
  let mended = true;

  const server = createServer((device) => {
    sockets.add(device);
    device.on('close', () => sockets.delete(device)).on('error', () => undefined);
    const fate = mended ? 1 : random();
    if (fate < 0.15) {
      faults.refused += 1;
      device.destroy();
      return;
    }
    const upstream = connect(serverPort(), '127.0.0.1');
    sockets.add(upstream);
    upstream.on('error', () => undefined).on('close', () => {
      sockets.delete(upstream);
      device.destroy();
    });
    device.on('close', () => upstream.destroy());
    let left = fate < 0.6 ? Math.floor(random() * CUT_WITHIN_BYTES) : Number.POSITIVE_INFINITY;
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0 && !mended) {
          faults.cut += 1;
          device.destroy();
          upstream.destroy();
          return;
        }
        if (!mended && random() < 0.01) {
          faults.stalled += 1;
          from.pause();
          setTimeout(() => from.resume(), STALL_MS);
        }
        if (!to.write(chunk)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
    };
    pass(device, upstream);
    pass(upstream, device);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    spoil() {
      mended = false;
    },
    mend() {
      mended = true;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Small and good enough to decide faults; public domain (Tommy Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
