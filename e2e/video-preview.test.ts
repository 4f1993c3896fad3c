import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadNodeAv } from '../packages/media/src/renditions/videos/node-av/library.ts';
import { makeVideoPreview } from '../packages/media/src/renditions/videos/preview.ts';
import { difference } from '../packages/media/src/renditions/videos/testing/colours.ts';
import { blue, green, makeVideo, red, white, type Fields, type VideoSample } from '../packages/media/src/renditions/videos/testing/make-video.ts';
import { presentDecoders } from '../packages/media/src/renditions/videos/testing/present.ts';
import { findChromium, HOW_TO_INSTALL, launch } from './harness/chromium.ts';

const executable = findChromium();
if (executable === undefined) console.warn(HOW_TO_INSTALL);
const library = await loadNodeAv();

interface Seen {
  readonly readyState: number;
  readonly width: number;
  readonly height: number;
  readonly duration: number;
  readonly ended: boolean;
  readonly quarters: Fields;
}

/** Runs in the page: plays the video to its end and looks at the middle of the four quarters of what it shows. */
const watch = `(async () => {
  const video = document.querySelector('video');
  const ended = new Promise((resolve, reject) => {
    video.onended = resolve;
    video.onerror = () => reject(new Error(video.error.message));
  });
  video.muted = true;
  await video.play();
  await ended;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d');
  canvas.drawImage(video, 0, 0);
  const at = (x, y) => [...canvas.getImageData(video.videoWidth * x, video.videoHeight * y, 1, 1).data].slice(0, 3);
  return {
    readyState: video.readyState, width: video.videoWidth, height: video.videoHeight, duration: video.duration, ended: video.ended,
    quarters: [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)],
  };
})()`;

describe.skipIf(executable === undefined || library === null)('video previews in a browser (their originals are made with node-av)', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    browser = await launch(executable!);
    folder = await mkdtemp(join(tmpdir(), 'everroll-previews-'));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  const turned: VideoSample = { width: 320, height: 192, matrix: [0, 1, -1, 0] };
  const hlg = 'zscale=t=arib-std-b67:npl=203:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le';

  test.each(presentDecoders.flatMap((decoder) => [[decoder, 'encoded'], [decoder, 'copied']] as const))('made by %s, %s: plays to its end, upright, in its colours', async (decoder, how) => {
    const sample: VideoSample = how === 'encoded' ? { ...turned, filters: hlg, sound: 'pcm_s16le' } : { ...turned, sound: 'aac' };
    const path = await makeVideo(library!, join(folder, `${decoder}-${how}.mov`), sample);
    const file = join(folder, `${decoder}-${how}.mp4`);
    expect(await makeVideoPreview({ path, file, decoders: [decoder] })).toMatchObject({ outcome: 'made', how, width: 192, height: 320 });

    const page = await browser.newPage();
    await page.setContent(`<video src="data:video/mp4;base64,${(await readFile(file)).toString('base64')}"></video>`);
    const seen: Seen = await page.evaluate(watch);
    await page.close();
    expect(seen).toMatchObject({ width: 192, height: 320, ended: true });
    expect(seen.readyState).toBeGreaterThanOrEqual(2);
    expect(seen.duration).toBeCloseTo(1, 0);
    expect(difference(seen.quarters, [blue, red, white, green])).toBeLessThanOrEqual(how === 'encoded' ? 60 : 12);
  });
});
