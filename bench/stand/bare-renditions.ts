/** The limit to measure renditions against: `bare-renditions.ts FOLDER PATH`, nothing of Everroll in its process. */
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { measured, onceAsked } from './own-cpu.ts';

const [, , , path = ''] = process.argv;

// As the pool does: a process for each core, one thread in each; no file is opened twice.
sharp.concurrency(1);
sharp.cache(false);

onceAsked(() => measured(bare));

/** What sharp's documentation leads to for the same three results, in memory: one decode, the same sizes and formats, their defaults. */
async function bare(): Promise<void> {
  const { data, info } = await sharp(path).autoOrient().resize(1440, 1440, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
  const raw = { raw: info };
  await sharp(data, raw).jpeg({ quality: 80 }).toBuffer();
  await sharp(data, raw).resize(250, 250, { fit: 'outside' }).webp().toBuffer();
  const small = await sharp(data, raw).resize(100, 100, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(small.info.width, small.info.height, small.data);
}
