import { drawAdjusted, type Pixels } from '@everroll/media/adjust';
import type { Recipe } from '@everroll/protocol';

/** As the server's thumbnails and previews: the shorter edge of one, the longest of the other. */
const THUMB_SHORT_PX = 250;
const QUALITY = 0.85;

export function pixelsOf(picture: ImageBitmap): Pixels {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('a canvas without a context');
  context.drawImage(picture, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, picture.width, picture.height);
  return { data, width, height, channels: 4 };
}

/** Draws what the server will draw, from the picture that is at hand: its whole for the viewer, small for the timeline. */
export async function drawLook(picture: Pixels, recipe: Recipe): Promise<{ readonly preview: Blob; readonly thumb: Blob }> {
  const drawn = drawAdjusted(picture, recipe);
  const whole = canvasOf(drawn);
  const scale = Math.min(1, THUMB_SHORT_PX / Math.min(drawn.width, drawn.height));
  const small = new OffscreenCanvas(Math.max(1, Math.round(drawn.width * scale)), Math.max(1, Math.round(drawn.height * scale)));
  const context = small.getContext('2d');
  if (context) context.imageSmoothingQuality = 'high';
  context?.drawImage(whole, 0, 0, small.width, small.height);
  // What is transparent stays so.
  const type = { type: 'image/webp', quality: QUALITY };
  return { preview: await whole.convertToBlob(type), thumb: await small.convertToBlob(type) };
}

export function canvasOf({ data, width, height }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
}
