import { type IncomingMessage, type RequestListener, type Server, createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * What stands between a device and the server, at one address for the whole of a test: it lets
 * everything pass, until it is switched to one of the faults that people meet on such a way.
 */
export interface SwitchedLine {
  readonly port: number;
  readonly url: string;
  switchTo(fault: Fault): void;
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
  | { readonly kind: 'answers otherwise'; readonly body: (path: string, body: string) => string };

export async function switchedLine(serverPort: () => number, certificate?: { readonly key: string; readonly cert: string }): Promise<SwitchedLine> {
  let fault: Fault = { kind: 'none' };
  const listener: RequestListener = (incoming, outgoing) => {
    const now = fault;
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

function pass(port: number, incoming: IncomingMessage, outgoing: Parameters<RequestListener>[1], headers: Readonly<Record<string, string>>, body?: (path: string, body: string) => string): void {
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
  incoming.pipe(upstream);
}
