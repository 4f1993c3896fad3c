import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** Stands between devices and the server and counts; it knows nothing of HTTP but where a request begins. */
export interface CountingProxy {
  readonly url: string;
  /** Bytes from devices to the server. */
  sent(): number;
  /** Requests that carried bytes of originals. */
  uploads(): number;
  /** Resolves when so many more bytes have passed. */
  passed(bytes: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** @param bytesPerSecond how fast devices may send; a slow line makes a moment of a transfer long enough to be met. */
export async function countingProxy(serverPort: () => number, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<CountingProxy> {
  let sent = 0;
  let uploads = 0;
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  /** When the line is free again, in milliseconds of the process. */
  let freeAt = 0;

  const server = createServer((device) => {
    const upstream = connect(serverPort(), '127.0.0.1');
    for (const [one, other] of [
      [device, upstream],
      [upstream, device],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    upstream.pipe(device);
    device.on('data', (chunk: Buffer) => {
      sent += chunk.length;
      if (/^(?:POST \/api\/v1\/uploads|PATCH \/api\/v1\/uploads\/)/.test(chunk.toString('latin1', 0, 40))) uploads += 1;
      for (const look of waiting) look();
      freeAt = Math.max(freeAt, performance.now()) + (chunk.length / bytesPerSecond) * 1000;
      const isFull = !upstream.write(chunk);
      const pause = freeAt - performance.now();
      if (!isFull && pause < 1) return;
      device.pause();
      if (isFull) upstream.once('drain', () => setTimeout(() => device.resume(), Math.max(0, freeAt - performance.now())));
      else setTimeout(() => device.resume(), pause);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent: () => sent,
    uploads: () => uploads,
    passed: (bytes, signal) =>
      new Promise((resolve) => {
        const until = sent + bytes;
        const look = (): void => {
          if (sent < until && !signal.aborted) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        };
        waiting.add(look);
        signal.addEventListener('abort', look);
        look();
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
