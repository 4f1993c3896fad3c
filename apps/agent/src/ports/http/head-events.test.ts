import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceEvent } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { connect } from './connection.ts';
import { listenForHeads } from './head-events.ts';

const head = (seq: number): string => `event: head\ndata: ${JSON.stringify({ library: 'a'.repeat(32), epoch: 'b'.repeat(32), head: seq })}\n\n`;

const deviceEvent = (event: object): string => `event: device\ndata: ${JSON.stringify({ device: 'c'.repeat(32), ...event })}\n\n`;

/** Runs the listener against answers, one for each stream it opens, until `enough` of what it told is there. */
async function told(answers: ((response: ServerResponse) => void)[], enough: number): Promise<{ told: (number | 'unknown' | 'plan')[]; devices: DeviceEvent[]; pauses: number[] }> {
  const server = createServer((_, response) => (answers.shift() ?? answers[0] ?? ((last) => last.destroy()))(response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const connection = connect(() => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'secret' }));
  const stop = new AbortController();
  const heard: (number | 'unknown' | 'plan')[] = [];
  const devices: DeviceEvent[] = [];
  const pauses: number[] = [];
  const tell = (what: number | 'unknown' | 'plan'): void => {
    heard.push(what);
    if (heard.length >= enough) stop.abort();
  };
  await listenForHeads(
    connection,
    {
      onHead: (event) => tell(event.head),
      onPlan: () => tell('plan'),
      onDevice: (event) => void devices.push(event),
      onUnknown: () => tell('unknown'),
      sleep: async (ms) => {
        pauses.push(ms);
      },
      fraction: () => 1,
    },
    stop.signal,
  );
  await connection.close();
  server.closeAllConnections();
  server.close();
  return { told: heard, devices, pauses };
}

const stream = (...events: string[]) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(event);
};

const portal = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');

test('each head is told, also where it comes in pieces', async () => {
  const whole = head(7);
  expect(await told([stream(head(5), ':\n\n', whole.slice(0, 30), whole.slice(30))], 3)).toMatchObject({ told: ['unknown', 5, 7] });
});

test('a stream that breaks is opened anew, and what was missed meanwhile is asked for', async () => {
  const breaking = (response: ServerResponse): void => {
    stream(head(5))(response);
    response.end();
  };
  expect((await told([breaking, stream(head(9))], 4)).told).toEqual(['unknown', 5, 'unknown', 9]);
});

test('where no stream can be held it is a poll, with pauses that grow to a bound', async () => {
  const { told: heard, pauses } = await told(Array.from({ length: 12 }, () => portal), 12);
  expect(new Set(heard)).toEqual(new Set(['unknown']));
  expect(pauses.slice(0, 3)).toEqual([1000, 2000, 4000]);
  expect(Math.max(...pauses)).toBe(60_000);
});

test('Q5 room in the plan is told between the heads', async () => {
  expect((await told([stream(head(5), `event: plan\ndata: {"account":"${'c'.repeat(32)}"}\n\n`, head(6))], 4)).told).toEqual(['unknown', 5, 'plan', 6]);
});

test('what changed of a device is told, and is no head', async () => {
  const streamed = stream(deviceEvent({ changed: 'settings', version: 4 }), deviceEvent({ changed: 'status' }), deviceEvent({ changed: 'colour' }), head(3));
  expect(await told([streamed], 2)).toMatchObject({ told: ['unknown', 3], devices: [{ changed: 'settings', version: 4 }, { changed: 'status' }] });
});

test('what is no event of the protocol is passed over', async () => {
  expect((await told([stream('event: head\ndata: {"head":"seven"}\n\n', 'event: plan\ndata: {}\n\n', 'data: not json\n\n', head(3).replace('event: head', 'event: news'), head(3))], 2)).told).toEqual(['unknown', 3]);
});
