import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssetId } from '@everroll/protocol';
import { violations } from './axe.ts';
import { chromium, desk, go, phone, toast, viewer, WebStand } from './stand.ts';

/** Only what hangs runs into it. */
const patient = { timeout: 60_000, interval: 250 };

/** Two browsers and an agent on one photo; what each step leaves is where the next one begins. */
describe.skipIf(chromium === undefined)('edits that change no file', () => {
  let stand: WebStand;
  let page: Page;
  let hand: Page;
  let id: AssetId;

  beforeAll(async () => {
    stand = await WebStand.open(chromium!);
    id = await someOblong(stand);
  });
  afterAll(() => stand?.close());

  const recipe = async () => {
    await stand.agent.sync();
    const asset = (await stand.agent.assets()).find((each) => each.id === id);
    return { current: asset?.adjustments?.current.recipe, offered: asset?.adjustments?.offered.length };
  };

  test('what is set by keyboard is seen at once, is what the server draws, and reaches the other browser and the agent', async () => {
    [page, hand] = [await stand.signedIn(desk), await stand.signedIn(phone)];
    for (const who of [page, hand]) {
      await go(who, `/?photo=${id}`);
      await viewer(who).locator('[data-current] img[data-here]').first().waitFor();
    }
    const before = await shape(page);
    const editor = await edit(page);
    await press(page, editor, 'Exposure', 'ArrowRight', 25);
    await editor.getByRole('radio', { name: 'Filters' }).click();
    await editor.getByRole('button', { name: 'Dramatic warm' }).click();
    await editor.getByRole('radio', { name: 'Crop' }).click();
    await editor.getByRole('button', { name: 'Rotate right' }).click();
    await editor.getByRole('button', { name: 'Square' }).click();
    await press(page, editor, 'Straighten', 'ArrowRight', 6);
    await editor.getByRole('button', { name: 'Lower right corner' }).focus();
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowLeft');
    await editor.getByRole('radio', { name: 'Light' }).click();
    await expect.poll(() => ratioOf(editor.locator('canvas')), patient).toBeCloseTo(1, 1);
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
    const drawn = await canvasTones(page);
    await editor.getByRole('button', { name: 'Done' }).click();
    await toast(page, 'The edit is saved').waitFor();
    await expect.poll(() => shape(page), patient).toBeCloseTo(1, 1);
    expect(before).not.toBeCloseTo(1, 1);

    expect((await recipe()).current).toMatchObject({ exposure: 0.25, straighten: 3, quarterTurns: 1, filter: { name: 'dramatic_warm', strength: 1 } });
    // The server's own rendition, from the original: what WebGL showed, but for JPEG and the sampling of pixels.
    await expect.poll(() => renditionTones(page), patient).not.toBeNull();
    const served = (await renditionTones(page))!;
    const apart = drawn.map((value, at) => Math.abs(value - served[at]!));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(5);

    await expect.poll(() => shape(hand), patient).toBeCloseTo(1, 1);
  });

  test('cancelled, nothing changes; a person is asked first', async () => {
    const editor = await edit(page);
    await press(page, editor, 'Contrast', 'ArrowRight', 5);
    for (const tool of ['Light', 'Filters', 'Crop']) {
      await editor.getByRole('radio', { name: tool }).click();
      expect(await violations(page)).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click();
    await editor.waitFor({ state: 'detached' });
    expect((await recipe()).current).toMatchObject({ contrast: 0 });
  });

  test('a finger drags a corner; reverting on the phone shows the photo as it was taken everywhere', async () => {
    const editor = await edit(hand);
    await editor.getByRole('radio', { name: 'Crop' }).tap();
    const frame = editor.locator('.crop-frame');
    const width = (await frame.boundingBox())!.width;
    await drag(hand, editor.getByRole('button', { name: 'Upper left corner' }), 40, 40);
    await expect.poll(async () => (await frame.boundingBox())!.width, patient).toBeLessThan(width - 20);
    await editor.getByRole('button', { name: 'Revert to original' }).tap();
    // A person sees that there is nothing left to revert before they press on.
    await editor.getByRole('button', { name: 'Revert to original', disabled: true }).waitFor();
    await editor.getByRole('button', { name: 'Done' }).tap();
    await toast(hand, 'The photo is as it was taken').waitFor();
    await expect.poll(() => shape(page), patient).not.toBeCloseTo(1, 1);
    expect((await recipe()).current).toBeNull();
  });

  test('offline, an edit is shown at once; two made beside each other are both kept, and a person takes one', async () => {
    await stand.server.stop();
    for (const [who, name] of [[page, 'Noir'], [hand, 'Fade']] as const) {
      const editor = await edit(who);
      await editor.getByRole('radio', { name: 'Filters' }).click();
      await editor.getByRole('button', { name }).click();
      await editor.getByRole('radio', { name: 'Crop' }).click();
      await editor.getByRole('button', { name: 'Square' }).click();
      await editor.getByRole('button', { name: 'Done' }).click();
      await toast(who, 'The edit is saved').waitFor();
      await viewer(who).locator('[data-current] img[data-here][src^="blob:"]').first().waitFor();
      await expect.poll(() => shape(who), patient).toBeCloseTo(1, 1);
    }
    await stand.server.start();
    await expect.poll(async () => (await recipe()).offered, patient).toBe(1);
    const current = (await recipe()).current?.filter?.name;
    await page.keyboard.press('i');
    const panel = page.getByRole('complementary', { name: 'Information' });
    await panel.getByRole('img', { name: 'Another edit of this photo' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Use this one' }).click();
    await panel.getByText('Another edit of this photo').waitFor({ state: 'detached' });
    await expect.poll(async () => (await recipe()).offered, patient).toBe(0);
    expect((await recipe()).current?.filter?.name).toBe(current === 'noir' ? 'fade' : 'noir');
  });

  test('an edit that comes from elsewhere while the editor is open closes nothing, and is kept beside', async () => {
    const picture = viewer(page).locator('[data-current] img').first();
    const before = await picture.getAttribute('src');
    const editor = await edit(page);
    await press(page, editor, 'Contrast', 'ArrowRight', 5);
    await stand.agent.ask(['edit', id, '--exposure', '20']);
    await stand.agent.sync();
    await expect.poll(() => picture.getAttribute('src'), patient).not.toBe(before);
    expect(await editor.getByRole('slider', { name: 'Contrast' }).inputValue()).toBe('5');
    await editor.getByRole('button', { name: 'Done' }).click();
    await toast(page, 'The edit is saved').waitFor();
    await expect.poll(recipe, patient).toMatchObject({ current: { contrast: 0.05, exposure: 0 }, offered: 1 });
  });
});

/** A photo that is no square, once the server has read it. */
async function someOblong({ agent }: WebStand): Promise<AssetId> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- asked again until it is read
    await agent.sync();
    // oxlint-disable-next-line no-await-in-loop
    const found = (await agent.assets()).find(({ mediaKind, details }) => mediaKind === 'photo' && details?.codec === 'jpeg' && details.marks === undefined && Math.abs(details.width! / details.height! - 1) > 0.2);
    if (found) return found.id;
  }
}

async function edit(page: Page): Promise<Locator> {
  await viewer(page).getByRole('button', { name: 'Edit' }).click();
  const editor = page.getByRole('dialog', { name: 'Edit photo' });
  await editor.locator('canvas[data-here]').first().waitFor();
  return editor;
}

async function press(page: Page, editor: Locator, slider: string, key: string, times: number): Promise<void> {
  await editor.getByRole('slider', { name: slider }).focus();
  for (let pressed = 0; pressed < times; pressed += 1) await page.keyboard.press(key);
}

async function ratioOf(element: Locator): Promise<number> {
  const { width, height } = (await element.first().boundingBox())!;
  return width / height;
}

/** Width by height of what the viewer shows. */
const shape = (page: Page): Promise<number> => ratioOf(viewer(page).locator('[data-current] .frame'));

/** A picture in 16 x 16 tones, as the page has it before it. */
const TONES = `(source) => { const small = new OffscreenCanvas(16, 16); const context = small.getContext('2d'); context.imageSmoothingQuality = 'high'; context.drawImage(source, 0, 0, 16, 16); return [...context.getImageData(0, 0, 16, 16).data].filter((_, at) => at % 4 < 3); }`;
const canvasTones = (page: Page): Promise<number[]> => page.evaluate(`(${TONES})(document.querySelector('.edit-picture canvas'))`);
/** Of the preview that comes from the server; null while it is being made. */
const renditionTones = (page: Page): Promise<number[] | null> =>
  page.evaluate(`(async () => {
    const picture = [...document.querySelectorAll('.viewer [data-current] img')].find((each) => each.src.includes('/renditions/preview'));
    const answer = picture && (await fetch(picture.src));
    return answer?.status === 200 ? (${TONES})(await createImageBitmap(await answer.blob())) : null;
  })()`);

/** One finger. */
async function drag(page: Page, element: Locator, dx: number, dy: number): Promise<void> {
  const box = (await element.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) => session.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x: x + dx * share, y: y + dy * share }] });
  await touch('touchStart', 0);
  for (let step = 1; step <= 5; step += 1) await touch('touchMove', step / 5);
  await touch('touchEnd', 1);
  await session.detach();
}
