import type { AssetView } from '../device/contract.ts';

/** What browsers draw by themselves. Of other kinds the preview is the largest that can be shown here. */
const drawable = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/bmp', 'image/svg+xml']);

/** Whether the pixels of the file that is shown can be drawn by a browser in full. */
export function isDrawable({ asset, unadjusted }: AssetView): boolean {
  const resource = asset.resources.find(({ sha256 }) => sha256 === unadjusted);
  return resource !== undefined && drawable.has(resource.mediaType);
}
