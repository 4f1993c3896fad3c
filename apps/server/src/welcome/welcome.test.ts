import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/test-server.ts';

const CODE = 'abcd-efgh-ijkl-mnop';
let server: TestServer;
beforeEach(async () => {
  server = await testServer({ config: { setupCode: CODE } });
});
afterEach(async () => await server.closeSound());

const form = { name: 'Owner', email: 'owner@example.com', password: 'correct horse', code: CODE };
const send = async (fields: Record<string, string>) => await server.app.request('/setup', { method: 'POST', body: new URLSearchParams(fields) });

describe('the page at /', () => {
  test('may run nothing and load nothing but its own style', async () => {
    const response = await server.app.request('/');
    const policy = response.headers.get('content-security-policy')!;
    const text = await response.text();
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(text)!;
    expect(policy).toContain(`style-src 'sha256-${createHash('sha256').update(style!).digest('base64')}'`);
    for (const directive of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]) expect(policy).toContain(directive);
    expect(policy).not.toContain('unsafe');
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('writes what it was given as text', async () => {
    const text = await (await server.app.request(`/?code=${encodeURIComponent('"><script>alert(1)</script>')}`)).text();
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;');
    const again = await (await send({ ...form, name: '<b>', email: '"><img src=x>' })).text();
    expect(again).not.toMatch(/<b>|<img/);
  });

  test('says which field is wrong and keeps the others, the password aside', async () => {
    const short = await send({ ...form, password: 'short' });
    const text = await short.text();
    expect(short.status).toBe(400);
    expect(text).toContain('A password has at least 10 characters.');
    expect(text).toContain('value="owner@example.com"');
    expect(text).not.toContain('value="short"');
    const wrong = await send({ ...form, code: 'wrong' });
    expect([wrong.status, await wrong.text()]).toEqual([403, expect.stringContaining('the set-up code is wrong') as string]);
  });

  test('makes the account and then says how a device is connected', async () => {
    expect((await send(form)).status).toBe(303);
    const text = await (await server.app.request('/', { headers: { host: 'photos.example.com' } })).text();
    expect(text).toContain('npx everroll sign-in http://photos.example.com <span>--email you@example.com');
    expect(text).not.toContain('<form');
    expect((await send(form)).status).toBe(403);
  });

  test('guessing the code is limited', async () => {
    const answers = [];
    for (let n = 0; n < 35; n += 1) answers.push((await send({ ...form, code: `${n}` })).status);
    expect(answers.filter((status) => status === 429)).toHaveLength(5);
  });

  test('what is no form is refused', async () => {
    expect((await server.app.request('/setup', { method: 'POST', body: '{' })).status).toBe(400);
    const body = new FormData();
    body.set('name', new Blob(['x']), 'x.txt');
    expect((await server.app.request('/setup', { method: 'POST', body })).status).toBe(400);
  });
});
