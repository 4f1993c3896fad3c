import { OWNER } from './processes.ts';

/** What a server answered: its status, and its body where that is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Someone at the server's HTTP interface: a person in a browser, another device, its owner. */
export class Api {
  readonly #url: () => string;
  readonly token: string | null;

  constructor(url: () => string, token: string | null = null) {
    this.#url = url;
    this.token = token;
  }

  static async signIn(url: () => string, name: string, { email, password }: { readonly email: string; readonly password: string } = OWNER): Promise<Api> {
    const { body } = await new Api(url).ask('POST', '/api/v1/session', { email, password, device: { name, kind: 'agent' } }, 201);
    return new Api(url, String(body['token']));
  }

  async call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const isRaw = body instanceof Uint8Array;
    const response = await fetch(this.#url() + path, {
      method,
      headers: { ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }), ...(body === undefined || isRaw ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isRaw ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }

  /** The answer, which must have this status. */
  async ask(method: string, path: string, body?: unknown, status = 200): Promise<Answer> {
    const answer = await this.call(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} ended with ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  /** The account's own library as the session shows it. */
  async library(): Promise<{ readonly id: string; readonly epoch: string }> {
    const { body } = await this.ask('GET', '/api/v1/session');
    const [library] = body['libraries'] as { id: string; epoch: string }[];
    if (library === undefined) throw new Error('the account has no library');
    return library;
  }
}
