import type { HeadEvent } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { albumId, Outbox } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let device: TestDevice;
let outbox: Outbox;
let beats: (() => void)[];

beforeEach(async () => {
  beats = [];
  server = await testServer({
    timers: {
      every: (_milliseconds, run) => {
        beats.push(run);
        return () => void beats.splice(beats.indexOf(run), 1);
      },
    },
  });
  device = await server.person('a@example.com');
  outbox = new Outbox(device);
});
afterEach(async () => await server.closeSound());

const listen = async (who: TestDevice = device) => {
  const response = await who.request('GET', '/api/v1/events');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  return {
    next: async () => (await reader.read()).value,
    heads: async () => ((await reader.read()).value ?? '').split('\n\n').filter(Boolean).map((text) => JSON.parse(text.replace(/^event: head\ndata: /, '')) as HeadEvent),
    stop: async () => await reader.cancel(),
  };
};
const change = async () => await outbox.do({ op: 'album.create', albumId: albumId(), name: 'a' });

describe('events', () => {
  test('say the head at the beginning, then each time it moved, and nothing else', async () => {
    const stream = await listen();
    expect(await stream.next()).toBe(`event: head\ndata: {"library":"${device.libraryId}","epoch":"${device.epoch}","head":0}\n\n`);
    await change();
    expect(await stream.heads()).toEqual([{ library: device.libraryId, epoch: device.epoch, head: 1 }]);
    await stream.stop();
  });

  test('a reader that does not read finds the latest head alone', async () => {
    const stream = await listen();
    await stream.heads();
    for (let n = 0; n < 50; n += 1) await change();
    const seen = [...(await stream.heads()), ...(await Promise.race([stream.heads(), Promise.resolve([])]))];
    expect(seen.length).toBeLessThanOrEqual(2);
    await stream.stop();
  });

  test('of another account are not heard (X1)', async () => {
    const stranger = await server.person('b@example.com');
    const stream = await listen(stranger);
    await stream.heads();
    await change();
    await new Outbox(stranger).do({ op: 'album.create', albumId: albumId(), name: 'b' });
    expect((await stream.heads()).map((head) => head.library)).toEqual([stranger.libraryId]);
    await stream.stop();
  });

  test('a silent connection is kept open by comments', async () => {
    const stream = await listen();
    await stream.heads();
    beats.forEach((beat) => beat());
    expect(await stream.next()).toBe(':\n\n');
    await stream.stop();
  });

  test('end with the session, whichever way it ends', async () => {
    const other = await device.another('phone');
    const [signedOut, revoked, elsewhere, disabled] = [await listen(await device.another('x')), await listen(other), await listen(await device.another('y')), await listen()];
    for (const stream of [signedOut, revoked, elsewhere, disabled]) await stream.heads();
    await device.request('DELETE', `/api/v1/devices/${other.deviceId}`);
    expect(await revoked.next()).toBeUndefined();
    // As another process does it: this one hears nothing, and sees it at the next heartbeat.
    await server.services.db.deleteFrom('session').execute();
    beats.slice().forEach((beat) => beat());
    for (const stream of [signedOut, elsewhere, disabled]) {
      // The heartbeat may go out before the session is looked at.
      const last = await stream.next();
      expect(last === ':\n\n' ? await stream.next() : last).toBeUndefined();
    }
  });

  test('Q5 a plan that was assigned is told to the account’s devices, and to no other', async () => {
    const member = await server.person('b@example.com', 'member');
    const streams = await Promise.all([member, await member.another('phone'), device].map(listen));
    for (const stream of streams) await stream.heads();
    await device.request('PATCH', `/api/v1/accounts/${member.accountId}`, { plan: '50GB' });
    for (const stream of streams.slice(0, 2)) expect(await stream.next()).toBe(`event: plan\ndata: {"account":"${member.accountId}"}\n\n`);
    beats.forEach((beat) => beat());
    expect(await streams[2]!.next()).toBe(':\n\n');
    for (const stream of streams) await stream.stop();
  });

  test('end when the account is disabled', async () => {
    const member = await server.person('b@example.com', 'member');
    const stream = await listen(member);
    await stream.heads();
    await device.request('PATCH', `/api/v1/accounts/${member.accountId}`, { disabled: true });
    expect(await stream.next()).toBeUndefined();
  });

  test('leave nothing behind', async () => {
    for (let n = 0; n < 5; n += 1) await (await listen()).stop();
    expect(beats).toEqual([]);
  });

  test('are limited for each account, and places come back', async () => {
    const streams = await Promise.all(Array.from({ length: 100 }, async () => await listen()));
    expect((await device.request('GET', '/api/v1/events')).status).toBe(429);
    for (const stream of streams) await stream.stop();
    await (await listen()).stop();
  });
});
