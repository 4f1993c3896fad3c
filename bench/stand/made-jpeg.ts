import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

/** A JPEG of 12 megapixels with edges, areas and noise, as a camera's has, where there is no real one. */
export async function madePhoto(): Promise<Buffer> {
  const small = await sharp({ create: { width: 504, height: 378, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer();
  return await sharp(small).resize(4032, 3024, { kernel: 'cubic' }).jpeg({ quality: 92 }).toBuffer();
}

export async function madeJpeg(path: string): Promise<string> {
  await writeFile(path, await madePhoto());
  return path;
}
