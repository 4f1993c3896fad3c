import { type IncomingMessage, type RequestListener, type Server, createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

/**
 * What stands between a device and the server, at one address for the whole of a test: it lets
 * everything pass, until it is switched to one of the faults that people meet on such a way.
 */
export interface SwitchedLine {
  readonly port: number;
  readonly url: string;
  switchTo(fault: Fault): void;
  /** Bytes of originals that passed to the server, since the line was laid. */
  readonly sent: number;
  close(): Promise<void>;
}

export type Fault =
  | { readonly kind: 'none' }
  /** Connections are cut as soon as they come. */
  | { readonly kind: 'cut' }
  /** Takes connections and never says a word. */
  | { readonly kind: 'silent' }
  /** Answers in the server's place: a hotel's page, or the way to it. */
  | { readonly kind: 'answers'; readonly answer: RequestListener }
  /** A reverse proxy with a limit for bodies, such as nginx's `client_max_body_size`. */
  | { readonly kind: 'limits bodies'; readonly bytes: number }
  /** Changes what the device says of itself. */
  | { readonly kind: 'rewrites'; readonly headers: Readonly<Record<string, string>> }
  /** Changes what the server answers. */
  | { readonly kind: 'answers otherwise'; readonly body: (path: string, body: string) => string }
  /** Cuts the connections that ask for such a path, and no other. */
  | { readonly kind: 'cuts'; readonly path: RegExp }
  /** Turns a bit of every original over on its way. */
  | { readonly kind: 'spoils originals' }
  /** Lets something happen while an original is on its way: the rest of it comes after. */
  | { readonly kind: 'during an original'; readonly happens: () => Promise<void> };

export async function switchedLine(serverPort: () => number, certificate?: { readonly key: string; readonly cert: string }): Promise<SwitchedLine> {
  let fault: Fault = { kind: 'none' };
  let sent = 0;
  const listener: RequestListener = (incoming, outgoing) => {
    const now = fault;
    const isOriginal = (incoming.method === 'POST' || incoming.method === 'PATCH') && incoming.url?.startsWith('/api/v1/uploads') === true;
    if (isOriginal) incoming.on('data', (chunk: Buffer) => (sent += chunk.length)).pause();
    switch (now.kind) {
      case 'cut':
        incoming.socket.destroy();
        return;
      case 'silent':
        return;
      case 'answers':
        incoming.resume();
        now.answer(incoming, outgoing);
        return;
      case 'limits bodies':
        if (Number(incoming.headers['content-length'] ?? 0) > now.bytes) {
          outgoing.writeHead(413, { 'content-type': 'text/html', connection: 'close' }).end('<html><h1>413 Request Entity Too Large</h1></html>');
          return;
        }
        pass(serverPort(), incoming, outgoing, {});
        return;
      case 'rewrites':
        pass(serverPort(), incoming, outgoing, now.headers);
        return;
      case 'answers otherwise':
        pass(serverPort(), incoming, outgoing, {}, now.body);
        return;
      case 'cuts':
        if (now.path.test(incoming.url ?? '')) incoming.socket.destroy();
        else pass(serverPort(), incoming, outgoing, {});
        return;
      case 'spoils originals':
        pass(serverPort(), incoming, outgoing, {}, undefined, isOriginal ? turnedOver : undefined);
        return;
      case 'during an original':
        if (isOriginal) void now.happens().then(() => pass(serverPort(), incoming, outgoing, {}));
        else pass(serverPort(), incoming, outgoing, {});
        return;
      case 'none':
        pass(serverPort(), incoming, outgoing, {});
    }
  };
  const server: Server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get sent() {
      return sent;
    },
    url: `${certificate ? 'https://localhost' : 'http://127.0.0.1'}:${port}`,
    switchTo(next) {
      fault = next;
      server.closeAllConnections();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** The lowest bit of the last byte of each piece. */
const turnedOver = (): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const spoilt = Buffer.from(chunk);
      spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
      done(null, spoilt);
    },
  });

function pass(port: number, incoming: IncomingMessage, outgoing: Parameters<RequestListener>[1], headers: Readonly<Record<string, string>>, body?: (path: string, body: string) => string, spoil?: () => Transform): void {
  const upstream = request({ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers: { ...incoming.headers, ...headers } }, (answer) => {
    if (body === undefined) {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      return;
    }
    let text = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    answer.on('end', () => {
      const otherwise = Buffer.from(body(incoming.url ?? '', text));
      const kept = { ...answer.headers, 'content-length': otherwise.length };
      delete kept['transfer-encoding'];
      outgoing.writeHead(answer.statusCode ?? 502, kept).end(otherwise);
    });
  });
  upstream.on('error', () => incoming.socket.destroy());
  outgoing.on('close', () => upstream.destroy());
  if (spoil === undefined) incoming.pipe(upstream);
  else incoming.pipe(spoil()).pipe(upstream);
}
