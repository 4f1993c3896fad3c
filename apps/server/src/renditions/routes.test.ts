import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AssetId } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemTimers } from '../context.ts';
import { type LiveResponse, send } from '../testing/live-server.ts';
import { Photographer, renditionServer, type RenditionServer, until } from '../testing/rendition-server.ts';
import { ScriptedRenderer } from '../testing/scripted-renderer.ts';
import { newId } from '../testing/test-library.ts';
import { sha256Of } from '../testing/tus-requests.ts';

let server: RenditionServer;
let me: Photographer;

beforeEach(async () => {
  server = await renditionServer({ timers: systemTimers });
  me = new Photographer(server, await server.person('a@example.com'));
});
afterEach(async () => {
  await server.close();
  const defects = server.logged.filter((line) => line.startsWith('request failed'));
  if (defects.length > 0) throw new Error(defects.join('\n'));
});

const get = async (id: AssetId, name = 'thumb', headers: Record<string, string> = {}, method = 'GET', query = ''): Promise<LiveResponse> => await send(server, me.device, method, me.address(id, name) + query, headers);
const film = (text: string) => me.adds([text, 'video', 'video/quicktime']);
const hash = (text: string) => sha256Of(Buffer.from(text));

describe('a rendition', () => {
  test('is answered with its type and a tag, and asked for again by that', async () => {
    const id = await me.adds('one');
    const thumb = await get(id);
    expect([thumb.status, thumb.body.toString()]).toEqual([200, 'thumb of one']);
    expect(thumb.headers).toMatchObject({ 'content-type': 'image/webp', 'content-length': '12', 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' });
    const again = await get(id, 'thumb', { 'if-none-match': thumb.headers.etag! });
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, thumb.headers.etag]);
    const preview = await get(id, 'preview');
    expect([preview.body.toString(), preview.headers['content-type']]).toEqual(['preview of one', 'image/jpeg']);
    expect(preview.headers.etag).not.toBe(thumb.headers.etag);
    expect((await get(id, 'preview', { 'if-none-match': thumb.headers.etag! })).status).toBe(200);
  });

  test('may be kept where its address names the bytes that are shown', async () => {
    const id = await me.adds('one');
    const kept = async (text: string) => (await get(id, 'thumb', {}, 'GET', `?v=${hash(text)}`)).headers['cache-control'];
    expect(await kept('one')).toBe('private, max-age=2592000, immutable');
    expect(await kept('another')).toBe('private, no-cache');
    await me.adds('one', ['edited', 'rendered_edit', 'image/jpeg']);
    expect((await get(id)).body.toString()).toBe('thumb of edited');
    expect(await kept('one')).toBe('private, no-cache');
    expect(await kept('edited')).toContain('immutable');
  });

  test('is answered to HEAD without its bytes', async () => {
    const id = await me.adds('one');
    const answer = await get(id, 'thumb', {}, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '12', 0]);
  });

  test('that its owner deleted is made again when it is asked for', async () => {
    const id = await me.adds('one');
    const before = await get(id);
    await rm(join(server.folder, 'renditions'), { recursive: true });
    const after = await get(id);
    expect([after.status, after.body.toString()]).toEqual([200, 'thumb of one']);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(server.renderer.begun).toEqual(['one', 'one']);
  });

  test('of an older pipeline is shown until it is replaced', async () => {
    const id = await me.adds('one');
    await get(id);
    await server.services.db.updateTable('rendition').set({ version: 0 }).execute();
    server.renderer.shut();
    expect((await get(id)).body.toString()).toBe('thumb of one');
  });

  test.each(['bad', 'bad film'])('that cannot be made is none, with the reason: %s', async (text) => {
    const id = text === 'bad' ? await me.adds(text) : await film(text);
    const answer = await get(id, text === 'bad' ? 'preview' : 'video_preview');
    expect([answer.status, answer.json().code]).toEqual([404, text === 'bad' ? 'corrupt_media' : 'unsupported_media']);
  });
});

describe('a rendition that is not there yet', () => {
  beforeEach(() => server.renderer.shut());

  test('is waited for', async () => {
    const id = await me.adds('one');
    const answer = get(id);
    await until(() => expect(server.renderer.begun).toEqual(['one']));
    server.renderer.open();
    expect((await answer).body.toString()).toBe('thumb of one');
  });

  test('goes before everything else', async () => {
    const ids: AssetId[] = [];
    for (let n = 0; n < 6; n += 1) ids.push(await me.adds(`photo ${n}`));
    // Two are begun; the last one that is asked for comes next.
    await until(() => expect(server.renderer.begun).toHaveLength(2));
    const last = ids.findLast((_, n) => !server.renderer.begun.includes(`photo ${n}`))!;
    const first = ids.find((_, n) => !server.renderer.begun.includes(`photo ${n}`))!;
    const answers = [get(first)];
    answers.push(get(last));
    server.renderer.open();
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
    const asked = [first, last].map((id) => `photo ${ids.indexOf(id)}`);
    expect(server.renderer.begun.slice(2, 4).toSorted()).toEqual(asked.toSorted());
  });

  test('is told of after a while, with what is known', async () => {
    const id = await me.adds('one');
    const answer = await get(id);
    expect([answer.status, answer.headers['retry-after'], answer.headers['cache-control'], answer.json()]).toEqual([202, '2', 'no-store', { state: 'making', progress: null }]);
    server.renderer.open();
    expect((await get(id)).status).toBe(200);
  }, 20_000);

  test('is preceded by the small picture inside the file, which nobody keeps', async () => {
    server.renderer.quick = 'small';
    const id = await me.adds('one');
    const quick = await get(id);
    expect([quick.status, quick.body.toString(), quick.headers['cache-control'], quick.headers['content-type']]).toEqual([200, 'small', 'no-store', 'image/webp']);
    server.renderer.open();
    await until(async () => expect((await get(id)).body.toString()).toBe('thumb of one'));
  });

  test('does not keep a closing server waiting', async () => {
    const id = await me.adds('one');
    const answer = get(id);
    await until(() => expect(server.renderer.begun).toEqual(['one']));
    await server.stopWork();
    expect((await answer).status).toBe(202);
  });
});

describe('a video that every browser plays', () => {
  test('is made when somebody opens it, and says how far it is', async () => {
    const id = await film('film');
    expect((await get(id)).body.toString()).toBe('thumb of film');
    expect(server.renderer.videos).toEqual([]);
    server.renderer.shut();
    expect((await get(id, 'video_preview')).json()).toEqual({ state: 'making', progress: 0.25 });
    server.renderer.open();
    const whole = await get(id, 'video_preview');
    expect([whole.status, whole.body.toString(), whole.headers['content-type'], whole.headers['accept-ranges']]).toEqual([200, 'video of film', 'video/mp4', 'bytes']);
  }, 20_000);

  test('is streamed in ranges', async () => {
    const id = await film('film');
    const { headers } = await get(id, 'video_preview');
    const part = await get(id, 'video_preview', { range: 'bytes=9-10' });
    expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([206, 'fi', 'bytes 9-10/13']);
    expect((await get(id, 'video_preview', { range: 'bytes=13-' })).status).toBe(416);
    expect((await get(id, 'video_preview', { range: 'bytes=0-3', 'if-range': headers.etag! })).status).toBe(206);
    expect((await get(id, 'video_preview', { range: 'bytes=0-3', 'if-range': '"another"' })).status).toBe(200);
  });

  test('of a Live Photo is what moves in it; a still has none', async () => {
    const live = await me.adds('still', ['moving', 'paired_video', 'video/quicktime']);
    expect((await get(live, 'video_preview')).body.toString()).toBe('video of moving');
    expect((await get(live, 'preview')).body.toString()).toBe('preview of still');
    expect((await get(await me.adds('one'), 'video_preview')).json().code).toBe('not_found');
  });

  test('of a motion photo is what it has behind its still', async () => {
    const id = await me.adds('motion photo');
    await until(async () => expect((await me.asset(id)).details).not.toBeNull());
    const { headers, body } = await get(id, 'video_preview');
    expect([headers['content-type'], body.toString()]).toEqual(['video/mp4', 'video of motion photo']);
    const part = await get(id, 'video_preview', { range: 'bytes=0-4' });
    expect([part.status, part.body.toString(), part.headers['content-range']]).toEqual([206, 'video', 'bytes 0-4/21']);
  });

  test('is made without being asked for only where the owner wants it, and after every photo', async () => {
    const idle = await renditionServer({ renderer: Object.assign(new ScriptedRenderer({ isOpen: false }), { slots: 1 }), videoPreviews: 'idle' });
    try {
      const them = new Photographer(idle, await idle.person('b@example.com'));
      await them.adds(['film', 'video', 'video/quicktime']);
      await them.adds('one');
      await until(() => expect(idle.renderer.begun).toHaveLength(1));
      expect(idle.renderer.videos).toEqual([]);
      idle.renderer.open();
      await until(() => expect(idle.renderer.videos).toEqual(['film']));
      expect(idle.renderer.begun).toHaveLength(2);
    } finally {
      await idle.close();
    }
  });
});

describe('X1 whose it is', () => {
  test('X1 another account’s asset answers as one that is not there', async () => {
    const id = await me.adds('one');
    await get(id);
    const stranger = await server.person('b@example.com');
    const foreign = await send(server, stranger, 'GET', me.address(id));
    const none = await send(server, stranger, 'GET', me.address(id).replace(me.device.libraryId, newId()));
    expect([foreign.status, foreign.body.toString()]).toEqual([404, none.body.toString()]);
    expect((await send(server, stranger, 'GET', me.address(id).replace(me.device.libraryId, stranger.libraryId))).status).toBe(404);
    expect((await send(server, { token: 'none' }, 'GET', me.address(id))).status).toBe(401);
  });

  test.each(['original', '..%2f..%2feverroll.sqlite', '', 'THUMB'])('a name that is none is not found: %j', async (name) => {
    const id = await me.adds('one');
    expect((await get(id, name)).status).toBe(404);
  });

  test('what was purged is not found', async () => {
    const id = await me.adds('one');
    await get(id);
    await me.does({ op: 'asset.trash', assetIds: [id] });
    expect((await get(id)).status).toBe(200);
    await until(async () => expect((await me.asset(id)).details).not.toBeNull());
    await me.does({ op: 'asset.purge', assetId: id, saw: 99 });
    expect((await get(id)).status).toBe(404);
  });
});
