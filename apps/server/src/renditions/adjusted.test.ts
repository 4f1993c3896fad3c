import { type AssetId, type Operation, plainRecipe, type Recipe, type RevisionId } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemTimers } from '../context.ts';
import { runHousekeeping } from '../housekeeping/run.ts';
import { type LiveResponse, send } from '../testing/live-server.ts';
import { Photographer, renditionServer, type RenditionServer, storedFiles, until } from '../testing/rendition-server.ts';
import { sha256Of } from '../testing/tus-requests.ts';

let server: RenditionServer;
let me: Photographer;
let id: AssetId;

beforeEach(async () => {
  server = await renditionServer({ timers: systemTimers });
  me = new Photographer(server, await server.person('a@example.com'));
  id = await me.adds('one');
});
afterEach(async () => {
  await server.close();
  const defects = server.logged.filter((line) => line.startsWith('request failed'));
  if (defects.length > 0) throw new Error(defects.join('\n'));
});

const hash = (text: string) => sha256Of(Buffer.from(text));
const revision = (digit: string) => digit.repeat(32) as RevisionId;
const bright = (exposure: number): Recipe => ({ ...plainRecipe, exposure });
const edit = (name: string, base: string | null, recipe: Recipe | null, over = 'one'): Operation => ({ op: 'asset.adjust', assetId: id, revision: { id: revision(name), base: base === null ? null : revision(base), over: hash(over), recipe }, dismiss: [] });
const get = async (name: string, v?: string): Promise<LiveResponse> => await send(server, me.device, 'GET', me.address(id, name) + (v === undefined ? '' : `?v=${v}`));
const shown = async (name: string, v?: string) => {
  const { status, body } = await get(name, v);
  return status === 200 ? body.toString() : status;
};
const key = (name: string, over = 'one') => revision(name) + hash(over).slice(0, 32);

describe('E6 A8 renditions of an adjusted photo', () => {
  test('are of the look that is current, and the original stays', async () => {
    expect(await shown('preview')).toBe('preview of one');
    await me.does(edit('1', null, bright(0.5)));
    expect([await shown('preview'), await shown('thumb')]).toEqual(['preview of one at 0.5', 'thumb of one at 0.5']);
    await me.does(edit('2', '1', null));
    expect(await shown('preview')).toBe('preview of one');
    const original = await send(server, me.device, 'GET', `/api/v1/libraries/${me.device.libraryId}/resources/${hash('one')}`);
    expect(original.body.toString()).toBe('one');
  });

  test('are named by the revision: the address of the file gives the photo as it was taken', async () => {
    await me.does(edit('1', null, bright(0.5)));
    const answers = [await get('preview', key('1')), await get('preview', hash('one')), await get('preview', key('9'))];
    expect(answers.map(({ body, headers }) => [body.toString(), headers['cache-control']])).toEqual([
      ['preview of one at 0.5', 'private, max-age=2592000, immutable'],
      ['preview of one', 'private, max-age=2592000, immutable'],
      ['preview of one at 0.5', 'private, no-cache'],
    ]);
  });

  test('are made without anybody asking, and told of in the log with their size', async () => {
    await until(async () => expect((await me.asset(id)).details).not.toBeNull());
    await me.does(edit('1', null, bright(0.5)));
    await until(async () => expect((await me.asset(id)).details).toMatchObject({ width: 3, adjusted: { revision: revision('1'), width: 'one at 0.5'.length, height: 2, thumbhash: 'AAAA' } }));
    await me.does(edit('2', '1', null));
    await until(async () => expect((await me.asset(id)).details).not.toHaveProperty('adjusted'));
    expect(server.renderer.begun).toEqual(['one', 'one at 0.5, screen']);
  });

  test('the same look of two people’s libraries is drawn once, and one that comes back is there', async () => {
    const other = new Photographer(server, await server.person('b@example.com'));
    await other.adds('one');
    await me.does(edit('1', null, bright(0.5)));
    await until(async () => expect((await me.asset(id)).details?.adjusted).toBeDefined());
    await me.does(edit('2', '1', bright(0.1)));
    await until(async () => expect((await me.asset(id)).details?.adjusted?.revision).toBe(revision('2')));
    const theirs = (await other.log()).entries.flatMap((entry) => (entry.kind === 'asset' ? [entry.row.id] : []))[0]!;
    await other.does({ op: 'asset.adjust', assetId: theirs, revision: { id: revision('1'), base: null, over: hash('one'), recipe: bright(0.5) }, dismiss: [] });
    await until(async () => expect((await other.asset(theirs)).details?.adjusted).toBeDefined());
    expect(server.renderer.begun).toEqual(['one', 'one at 0.5, screen', 'one at 0.1, screen']);
  });

  test('a revision id that somebody else’s device chose, too, shows no other photo', async () => {
    const other = new Photographer(server, await server.person('b@example.com'));
    const theirs = await other.adds('two');
    await me.does(edit('1', null, bright(0.5)));
    await other.does({ op: 'asset.adjust', assetId: theirs, revision: { id: revision('1'), base: null, over: hash('two'), recipe: bright(-0.5) }, dismiss: [] });
    expect(await shown('preview', key('1'))).toBe('preview of one at 0.5');
    const answer = await send(server, other.device, 'GET', other.address(theirs, 'preview'));
    expect(answer.body.toString()).toBe('preview of two at -0.5');
  });

  test('an edit that comes as a file from a phone does not take the place of a look; reverting shows it', async () => {
    await me.does(edit('1', null, bright(0.5)));
    await me.adds('one', ['phone', 'rendered_edit', 'image/jpeg']);
    expect(await shown('preview')).toBe('preview of one at 0.5');
    await me.does(edit('2', '1', null, 'phone'));
    expect(await shown('preview')).toBe('preview of phone');
  });

  test('`edited` is a copy of the original’s size, made when asked for; there is none of what is not adjusted', async () => {
    expect((await get('edited')).status).toBe(404);
    await me.does(edit('1', null, bright(0.5)));
    const copy = await get('edited', key('1'));
    expect([copy.body.toString(), copy.headers['content-type'], copy.headers['cache-control']]).toEqual(['edited of one at 0.5', 'image/jpeg', 'private, max-age=2592000, immutable']);
    expect(server.renderer.begun.filter((text) => text.endsWith('full'))).toHaveLength(1);
  });

  test('what is drawn of looks that nobody has goes, and copies after a day; what is shown stays', async () => {
    await me.does(edit('1', null, bright(0.5)));
    await until(async () => expect((await me.asset(id)).details?.adjusted).toBeDefined());
    await get('edited');
    await me.does(edit('2', '1', bright(0.1)));
    await until(async () => expect((await me.asset(id)).details?.adjusted?.revision).toBe(revision('2')));
    expect(await storedFiles(server)).toHaveLength(7);
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    expect(await storedFiles(server)).toHaveLength(5);
    server.clock.time += 25 * 60 * 60_000;
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    expect(await storedFiles(server)).toHaveLength(4);
    expect([await shown('thumb'), await shown('preview', hash('one'))]).toEqual(['thumb of one at 0.1', 'preview of one']);
  });
});

describe('E2 E4 two devices', () => {
  test('edit from one base: both stand in the log and the snapshot, until a person takes one', async () => {
    const second = new Photographer(server, await me.device.another('second'));
    await me.does(edit('1', null, bright(0.1)));
    await second.does(edit('2', null, bright(0.2)));
    const named = async () => {
      const { adjustments } = await me.asset(id);
      return [adjustments?.current.id, ...(adjustments?.offered ?? []).map((each) => each.id)].map((each) => each?.[0]);
    };
    expect(await named()).toEqual(['2', '1']);
    expect((await me.asset(id)).adjustments?.current.at).toBe(server.clock.time);
    await me.does(edit('1', '2', bright(0.1)));
    expect(await named()).toEqual(['1']);
    // The same request again, as after an answer that was lost.
    await me.does(edit('1', '2', bright(0.1)));
    expect(await named()).toEqual(['1']);
  });

  test('what is no recipe is refused by itself, and what names no picture of the photo', async () => {
    expect(await me.does({ ...edit('1', null, null), revision: { id: revision('1'), base: null, over: hash('one'), recipe: { ...plainRecipe, exposure: 7 } } } as Operation)).toBe('invalid_request');
    expect(await me.does(edit('1', null, bright(0.1), 'another'))).toBe('resource_missing');
  });
});
