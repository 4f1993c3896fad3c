import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

/** More than the system takes up on the way to a client that does not read. */
const ANSWER = Buffer.alloc(32 * 1024 * 1024, 'x');

let server: Server;
let begun: string[];
let answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
let sockets: Socket[];

beforeEach(async () => {
  begun = [];
  sockets = [];
  server = createServer(oneAtATime((incoming, outgoing) => (begun.push(incoming.url ?? ''), answer(incoming, outgoing))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function ask(count: number): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  socket.pause();
  socket.write(Array.from({ length: count }, (_, index) => `GET /${index} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  return socket;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('a client that reads nothing has one answer made, however many it asks for; when it reads, all come in order', async () => {
  answer = (incoming, outgoing) => outgoing.end(incoming.url === '/0' ? ANSWER : incoming.url);
  const socket = ask(20);
  await until(() => begun.length > 0);
  // Another client is answered meanwhile, and later than anything that the first one's requests would have begun.
  answer = (incoming, outgoing) => outgoing.end(incoming.url === '/0' ? 'other' : incoming.url);
  const other = ask(1);
  other.resume();
  await once(other, 'data');
  expect(begun).toEqual(['/0', '/0']);

  const text: string[] = [];
  socket.setEncoding('latin1').on('data', (chunk: string) => text.push(chunk));
  socket.resume();
  await until(() => text.slice(-5).join('').includes('/19'));
  const ends = text.join('').slice(ANSWER.length);
  expect([...ends.matchAll(/\r\n\r\n(\/\d+)/g)].map(([, url]) => url)).toEqual(Array.from({ length: 19 }, (_, index) => `/${index + 1}`));
});

test('a connection with more requests than anybody sends is closed', async () => {
  answer = (incoming, outgoing) => void (incoming.url === '/0' ? outgoing.write('the beginning of an answer that goes on') : outgoing.end());
  const socket = ask(200);
  socket.resume();
  await once(socket, 'close');
  expect(begun).toEqual(['/0']);
});

test('a request whose client goes away makes room for nothing more of that connection', async () => {
  let closed = 0;
  answer = (_incoming, outgoing) => void outgoing.once('close', () => (closed += 1));
  const socket = ask(3);
  await until(() => begun.length > 0);
  socket.destroy();
  await until(() => closed > 0);
  expect(begun).toEqual(['/0']);
});
