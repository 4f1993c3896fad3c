import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { askHealth, type Call, httpServerClient } from '@everroll/engine/http';
import { problem } from '@everroll/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from './connection.ts';


/** What stands in the server's place: each fault has the code that a person is shown. */
const never = new AbortController().signal;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function answering(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createHttp((request, response) => {
    request.resume();
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function speaking(speak: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcp((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function sessionFrom(url: string, stall = {}): Promise<unknown> {
  const connection = connect(() => ({ url, token: 'secret' }), stall);
  cleanups.push(() => connection.close());
  const result = await httpServerClient(connection).session(never);
  return result.ok ? result.value : [result.failure.code, result.failure.evidence];
}

const html = { 'content-type': 'text/html; charset=utf-8' };
const json = { 'content-type': 'application/json' };

describe('a fault of the connection has the code of what is wrong', () => {
  test('a name that nobody knows', async () => {
    expect(await sessionFrom('http://no-such-host.invalid')).toMatchObject([expect.stringMatching(/^(dns_failed|offline)$/), {}]);
  });

  test('a port where nobody listens', async () => {
    const free = await speaking(() => undefined);
    for (const cleanup of cleanups.splice(0)) await cleanup();
    expect(await sessionFrom(`http://${free}`)).toMatchObject(['server_unreachable', {}]);
  });

  test('a connection that is closed, one that stands still, and an answer that stands still', async () => {
    expect(await sessionFrom(`http://${await speaking((socket) => socket.destroy())}`)).toMatchObject(['server_unreachable', {}]);
    expect(await sessionFrom(`http://${await speaking(() => undefined)}`, { headersMs: 300 })).toMatchObject(['server_unreachable', {}]);
    const halting = await answering((_, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{');
    });
    expect(await sessionFrom(halting, { bodyMs: 300 })).toMatchObject(['server_unreachable', {}]);
  });

  test('a connection that was kept and is closed at the next request: what may come twice goes once more, and nothing else', async () => {
    const asked: string[] = [];
    let open = 0;
    const url = await answering((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (open++ % 2 === 1) response.socket?.destroy();
      else response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem(404, 'not_found')));
    });
    const connection = connect(() => ({ url, token: 'secret' }));
    cleanups.push(() => connection.close());
    const ask = async (call: Pick<Call, 'method' | 'json' | 'repeatable'>): Promise<unknown> => {
      const answer = await connection.call({ path: '/x', signal: never, ...call });
      if (!answer.ok) return answer.failure.code;
      await buffer(answer.value.body);
      return answer.value.statusCode;
    };
    expect(await ask({ method: 'GET' })).toBe(404);
    expect(await ask({ method: 'GET' })).toBe(404);
    expect(await ask({ method: 'POST', json: {}, repeatable: true })).toBe(404);
    expect(await ask({ method: 'POST', json: {} })).toBe('server_unreachable');
    expect(asked).toEqual(['GET /x', 'GET /x', 'GET /x', 'POST /x', 'POST /x', 'POST /x']);
  });

  test('TLS that is none, and something that speaks no HTTP', async () => {
    expect(await sessionFrom(`https://${await speaking((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))}`)).toMatchObject(['tls_invalid', {}]);
    expect(await sessionFrom(`http://${await speaking((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))}`)).toMatchObject(['proxy_interferes', {}]);
  });

  test('no token: nothing is asked', async () => {
    const connection = connect(() => null);
    expect(await httpServerClient(connection).session(never)).toMatchObject({ ok: false, failure: { code: 'signed_out' } });
    await connection.close();
  });
});

describe('an answer that is not Everroll’s has the code of who gave it', () => {
  test.each<[string, number, Record<string, string>, string, string]>([
    ['a web page instead of an answer', 200, html, '<html>Welcome to the hotel</html>', 'captive_portal'],
    ['sending on to a sign-in page', 302, { location: 'http://portal.example/' }, '', 'captive_portal'],
    ['network authentication required', 511, html, '', 'captive_portal'],
    ['a proxy’s body limit', 413, html, '<html>nginx</html>', 'proxy_interferes'],
    ['a proxy that wants a password', 407, html, '', 'proxy_interferes'],
    ['a proxy that forbids', 403, html, 'blocked by policy', 'proxy_interferes'],
    ['another program’s JSON', 200, json, '{"hello":"world"}', 'proxy_interferes'],
    ['JSON that is cut', 200, json, '{"account":', 'proxy_interferes'],
    ['a reverse proxy whose server is down', 502, html, '<html>Bad gateway</html>', 'server_maintenance'],
    ['a load balancer that limits', 429, { 'retry-after': '7' }, '', 'rate_limited'],
    ['a problem document of somebody else', 400, { 'content-type': 'application/problem+json' }, '{"type":"https://example.com/x","title":"x"}', 'proxy_interferes'],
  ])('%s', async (_, status, headers, body, code) => {
    const url = await answering((_request, response) => response.writeHead(status, headers).end(body));
    expect(await sessionFrom(url)).toMatchObject([code, {}]);
  });

  test('what a proxy asks to wait is kept as evidence', async () => {
    const url = await answering((_, response) => response.writeHead(503, { 'retry-after': '120' }).end());
    expect(await sessionFrom(url)).toMatchObject(['server_maintenance', { retryAfter: 120 }]);
  });

  test('a problem document has its own code and evidence', async () => {
    const url = await answering((_, response) => response.writeHead(507, { 'content-type': 'application/problem+json', 'retry-after': '60' }).end(JSON.stringify(problem(507, 'quota_full', { shortBytes: 42 }))));
    expect(await sessionFrom(url)).toEqual(['quota_full', { shortBytes: 42, retryAfter: 60 }]);
  });

  test('an older answer to the health question is a cache’s', async () => {
    const url = await answering((_, response) => response.writeHead(200, json).end(JSON.stringify({ name: 'everroll', version: '0.1.0', protocol: { min: 1, max: 1 }, time: 0, nonce: 'older', setup: 'done' })));
    const connection = connect(() => ({ url, token: null }));
    expect(await askHealth(connection, never)).toMatchObject({ ok: false, failure: { code: 'proxy_interferes' } });
    await connection.close();
  });

  test('a server of another protocol says which side to update (V1)', async () => {
    expect([await healthOf(0, 0), await healthOf(1, 1), await healthOf(2, 3)]).toEqual(['server_too_old', 'ok', 'client_too_old']);
  });

  test('an upload’s address on another host never gets the token', async () => {
    const asked: (string | undefined)[] = [];
    const thief = await answering((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(204, { 'upload-offset': '3' }).end();
    });
    const url = await answering((request, response) => {
      if (request.method === 'POST') response.writeHead(201, { location: `${thief}/api/v1/uploads/abc`, 'upload-offset': '0' }).end();
      else response.writeHead(204, { 'upload-offset': '3' }).end();
    });
    const connection = connect(() => ({ url, token: 'secret' }));
    const client = httpServerClient(connection);
    const created = await client.createUpload({ library: 'a'.repeat(32) as never, sha256: 'b'.repeat(64) as never, bytes: 3, name: 'x.jpg' }, null, never);
    const upload = created.ok ? created.value.upload : '';
    expect(await client.appendUpload(upload, 0, 3, three(), never)).toMatchObject({ ok: true, value: { offset: 3 } });
    expect(asked).toEqual([]);
    await connection.close();
  });

  test('an answer in the middle of an upload is read, not taken for a broken connection', async () => {
    const url = await answering((_, response) => {
      response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem(409, 'offset_mismatch', { offset: 17 })));
    });
    const connection = connect(() => ({ url, token: 'secret' }));
    expect(await httpServerClient(connection).appendUpload('abc', 0, 50_000_000, zeros(50), never)).toMatchObject({ ok: false, failure: { code: 'offset_mismatch', evidence: { offset: 17 } } });
    await connection.close();
  });

  test('a range that was not asked for is not taken for the file', async () => {
    const url = await answering((_, response) => response.writeHead(206, { 'content-range': 'bytes 90-99/100', 'content-type': 'image/jpeg' }).end('0123456789'));
    const connection = connect(() => ({ url, token: 'secret' }));
    expect(await httpServerClient(connection).download('a'.repeat(32) as never, 'b'.repeat(64) as never, 10, never)).toMatchObject({ ok: false, failure: { code: 'proxy_interferes' } });
    await connection.close();
  });

  test('a download that is cut throws within its bytes', async () => {
    const url = await answering((_, response) => {
      response.writeHead(200, { 'content-length': '1000', 'content-type': 'image/jpeg' });
      response.write('0123456789', () => response.destroy());
    });
    const connection = connect(() => ({ url, token: 'secret' }));
    const got = await httpServerClient(connection).download('a'.repeat(32) as never, 'b'.repeat(64) as never, 0, never);
    const body = got.ok ? got.value : three();
    await expect(
      (async () => {
        for await (const chunk of body) expect(chunk.length).toBeGreaterThan(0);
      })(),
    ).rejects.toMatchObject({ name: 'TransferError', code: 'server_unreachable' });
    await connection.close();
  });
});

/** What a device says of a server that speaks these versions of the protocol. */
async function healthOf(min: number, max: number): Promise<string> {
  const url = await answering((request, response) => {
    const nonce = new URL(request.url ?? '', 'http://x').searchParams.get('nonce');
    response.writeHead(200, json).end(JSON.stringify({ name: 'everroll', version: '9', protocol: { min, max }, time: 0, nonce, setup: 'done' }));
  });
  const connection = connect(() => ({ url, token: null }));
  const health = await askHealth(connection, never);
  await connection.close();
  return health.ok ? 'ok' : health.failure.code;
}

async function* three(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(3);
}

async function* zeros(megabytes: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < megabytes; sent += 1) yield new Uint8Array(1_000_000);
}
