import type { Crop } from '@everroll/protocol';

/** What a person takes hold of: a corner, an edge. By compass. */
export const handles = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'] as const;
export type Handle = (typeof handles)[number];

/** No crop is smaller, as fractions of the frame: a finger has to find its corners. */
const LEAST = 0.05;

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), Math.max(least, most));

/**
 * The crop after one of its handles was moved.
 * @param by fractions of the frame
 * @param ratio width divided by height, both as fractions of the frame; null: any
 */
export function resized(crop: Crop, handle: Handle, by: { readonly x: number; readonly y: number }, ratio: number | null): Crop {
  const [west, north, east, south] = [handle.includes('w'), handle.includes('n'), handle.includes('e'), handle.includes('s')];
  const [right, bottom] = [crop.left + crop.width, crop.top + crop.height];
  const from = { left: west ? clamp(crop.left + by.x, 0, right - LEAST) : crop.left, top: north ? clamp(crop.top + by.y, 0, bottom - LEAST) : crop.top };
  const to = { right: east ? clamp(right + by.x, crop.left + LEAST, 1) : right, bottom: south ? clamp(bottom + by.y, crop.top + LEAST, 1) : bottom };
  let [width, height] = [to.right - from.left, to.bottom - from.top];
  if (ratio === null) return { left: from.left, top: from.top, width, height };

  if (!west && !east) width = height * ratio;
  else if (!north && !south) height = width / ratio;
  else [width, height] = [Math.max(width, height * ratio), Math.max(width, height * ratio) / ratio];
  // What is not moved stays where it is: the opposite corner, or the middle of the opposite edge.
  const [centreX, centreY] = [crop.left + crop.width / 2, crop.top + crop.height / 2];
  const roomX = west ? right : east ? 1 - crop.left : 2 * Math.min(centreX, 1 - centreX);
  const roomY = north ? bottom : south ? 1 - crop.top : 2 * Math.min(centreY, 1 - centreY);
  const fits = Math.min(1, roomX / width, roomY / height);
  const least = Math.max(1, LEAST / (width * fits), LEAST / (height * fits));
  [width, height] = [width * fits * least, height * fits * least];
  return within({
    left: west ? right - width : east ? crop.left : centreX - width / 2,
    top: north ? bottom - height : south ? crop.top : centreY - height / 2,
    width,
    height,
  });
}

export function moved(crop: Crop, by: { readonly x: number; readonly y: number }): Crop {
  return { ...crop, left: clamp(crop.left + by.x, 0, 1 - crop.width), top: clamp(crop.top + by.y, 0, 1 - crop.height) };
}

/** The largest of that ratio about the middle of the crop, moved in where it reaches out. */
export function ofRatio(crop: Crop, ratio: number): Crop {
  const width = Math.min(1, ratio);
  const height = width / ratio;
  return within({ left: crop.left + crop.width / 2 - width / 2, top: crop.top + crop.height / 2 - height / 2, width, height });
}

function within({ left, top, width, height }: Crop): Crop {
  const [w, h] = [Math.min(1, width), Math.min(1, height)];
  return { left: clamp(left, 0, 1 - w), top: clamp(top, 0, 1 - h), width: w, height: h };
}
