import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** What lies between browsers and the server: it can cut what a test wants cut, and tells what went through. */
export class Wire {
  readonly #server: Server;
  readonly url: string;
  /** Requests that got through. */
  readonly passed: Passed[] = [];
  /** Nothing gets through. */
  cut = false;
  /** What does not get through besides. */
  cuts: (asked: Passed) => boolean = () => false;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async open(to: () => string): Promise<Wire> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const wire = new Wire(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => wire.#pass(to(), incoming, outgoing));
    return wire;
  }

  #pass(to: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const asked = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    if (this.cut || this.cuts(asked)) {
      incoming.socket.destroy();
      return;
    }
    this.passed.push(asked);
    const onward = request(to + asked.path, { method: asked.method, headers: asked.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing, () => undefined);
    });
    pipeline(incoming, onward, (error) => {
      if (error) incoming.socket.destroy();
    });
    onward.on('error', () => incoming.socket.destroy());
    outgoing.on('close', () => onward.destroy());
  }

  /** What is open breaks, a stream of events too. */
  cutOff(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.cutOff();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
