import { randomBytes } from 'node:crypto';
import { createServer, connect, type Socket } from 'node:net';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, sha256Of } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';

const SIZE = 200_000_000;

let server: LiveServer;
let device: TestDevice;

beforeAll(async () => {
  server = await liveServer();
  device = await server.person('someone@example.com');
});

afterAll(() => server.close());

it('U1 U4 a generic tus client uploads 200 MB over a line that breaks three times', async () => {
  const bytes = randomBytes(SIZE);
  const line = await breakingLine(server.port, [40_000_000, 60_000_000, 70_000_000]);
  try {
    const resumedAt = await uploadWith(line.port, bytes);
    expect(line.breaks()).toBe(3);
    // After each break it went on from what had arrived, not from the beginning.
    expect(resumedAt).toHaveLength(3);
    expect(Math.min(...resumedAt)).toBeGreaterThan(10_000_000);
  } finally {
    line.close();
  }
  const stored = await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(bytes)}`);
  expect(sha256Of(stored.body)).toBe(sha256Of(bytes));
  expect(await counters(server, device)).toMatchObject({ used: SIZE, usedSum: SIZE, reserved: 0 });
}, 120_000);

it('U3 a generic tus client that sends what is stored finds it complete', async () => {
  const bytes = randomBytes(5_000_000);
  await uploadWith(server.port, bytes);
  await uploadWith(server.port, bytes);
  expect(await counters(server, device)).toMatchObject({ used: SIZE + 5_000_000, usedSum: SIZE + 5_000_000, reserved: 0 });
});

/** Resolves with the offsets at which the client resumed. */
async function uploadWith(port: number, bytes: Buffer): Promise<number[]> {
  const resumedAt: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const upload = new Upload(bytes, {
      endpoint: `http://127.0.0.1:${port}/api/v1/uploads`,
      headers: { authorization: `Bearer ${device.token}` },
      metadata: { library: device.libraryId, sha256: sha256Of(bytes), filename: 'clip.mov', filetype: 'video/quicktime' },
      retryDelays: [0, 0, 10, 10],
      onAfterResponse: (request, response) => {
        if (request.getMethod() === 'HEAD') resumedAt.push(Number(response.getHeader('Upload-Offset')));
      },
      onSuccess: () => resolve(),
      onError: reject,
    });
    upload.start();
  });
  return resumedAt;
}

/** A TCP line to the server on which connection after connection breaks once so many bytes went up. */
async function breakingLine(port: number, breakAfter: number[]) {
  let breaks = 0;
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    sockets.add(near).add(far);
    let sent = 0;
    near.on('data', (chunk: Buffer) => {
      sent += chunk.length;
      const limit = breakAfter[0];
      if (limit === undefined || sent < limit) {
        if (!far.write(chunk)) near.pause();
        return;
      }
      breakAfter.shift();
      breaks += 1;
      near.destroy();
      far.destroy();
    });
    far.on('drain', () => near.resume());
    far.on('data', (chunk: Buffer) => near.write(chunk));
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const address = line.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    port: address.port,
    breaks: () => breaks,
    close: () => {
      for (const socket of sockets) socket.destroy();
      line.close();
    },
  };
}
