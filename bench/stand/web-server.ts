/**
 * `web-server.ts FOLDER`: the real server with the web app, on a made library. That has no originals, so each
 * thumbnail is one of some pictures that are drawn here and kept in memory; all else of a thumbnail's way
 * (session, rows, headers, the browser's cache) is as ever.
 */
import { builtWebApp, lineLog, type Renditions, settingsFrom, startServer } from '@everroll/server';
import sharp from 'sharp';

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const PICTURES = 24;
/** As the longer side of a thumbnail that the server makes. */
const SIDE = 512;

const [folder = '.'] = process.argv.slice(2);
const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, at) => draw(at)));
const refuse = (): never => {
  throw new Error('nothing is made here');
};
const renditions: Renditions = {
  videoPreviews: 'on_demand',
  renderer: { slots: 0, tools: () => Promise.resolve(null), render: refuse, adjust: refuse, details: refuse, quickThumb: refuse, videoPreview: refuse, close: () => Promise.resolve() },
  store: {
    workFolder: refuse,
    put: refuse,
    discard: () => Promise.resolve(),
    open(sha256) {
      const picture = pictures[Number.parseInt(sha256.slice(0, 4), 16) % PICTURES] ?? new Uint8Array();
      return Promise.resolve({ bytes: picture.length, stream: (start, end) => new Blob([picture.subarray(start, end)]).stream(), close: () => Promise.resolve() });
    },
    has: () => Promise.resolve(true),
    keep: () => Promise.resolve(),
    // oxlint-disable-next-line require-yield -- there are none to be compared with the rows
    async *list() {
      await Promise.resolve();
    },
    removeWorkBefore: () => Promise.resolve(0),
    freeBytes: () => Promise.resolve(1e12),
  },
};

const { url, services } = await startServer(settingsFrom({ EVERROLL_DATA: folder, EVERROLL_WEB: builtWebApp, EVERROLL_PORT: '0', EVERROLL_OWNER_EMAIL: 'bench@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' }), {
  log: { ...lineLog(), info: () => undefined, warn: () => undefined },
  renditions,
});
const files = JSON.stringify([{ name: 'thumb', file: 'thumb.webp', mediaType: 'image/webp' }]);
await services.db.updateTable('rendition').set({ files }).where('files', '=', '[]').execute();
process.send?.({ url });

/** Coloured noise under a gradient: some 20 KB, as a photo of that size has. */
async function draw(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [SIDE, (SIDE * 3) / 4];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < width * height; at += 1) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const grain = ((Math.imul(at + seed * 7919, 2654435761) >>> 16) & 31) - 16;
    pixels[at * 3] = 128 + 100 * Math.sin((x + seed * 40) / 90) + grain;
    pixels[at * 3 + 1] = 128 + 100 * Math.sin((y - seed * 25) / 70) + grain;
    pixels[at * 3 + 2] = 40 + seed * 8 + grain;
  }
  return new Uint8Array(await sharp(pixels, { raw: { width, height, channels: 3 } }).webp({ quality: 75 }).toBuffer());
}
