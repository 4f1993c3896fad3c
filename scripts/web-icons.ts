import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/**
 * Draws the icons of the web app, all from one drawing: `node scripts/web-icons.ts`. Only when the
 * drawing changes; what it writes is kept with the sources.
 */
const folder = join(import.meta.dirname, '..', 'apps', 'web', 'public', 'icons');
const SIZE = 512;

/** @param part of the icon's width that the mark takes; @param corner radius of the ground, as a part of the width. */
function drawing(part: number, corner: number): string {
  const scale = (SIZE * part) / 24;
  const begin = (SIZE - 24 * scale) / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}"><defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#2f6fed"/><stop offset="1" stop-color="#7a4df3"/></linearGradient></defs><rect width="${SIZE}" height="${SIZE}" rx="${SIZE * corner}" fill="url(#ground)"/><g transform="translate(${begin} ${begin}) scale(${scale})" fill="none" stroke="#fff" stroke-width="2"><rect x="3" y="3" width="18" height="18" rx="5"/><path d="M3 16.5 8.6 11l4 4 2.6-2.4L21 17.5" stroke-linejoin="round"/><circle cx="15.5" cy="8.5" r="1.6"/></g></svg>\n`;
}

const rounded = drawing(0.62, 0.22);
// A system that cuts icons to its own shape keeps the middle 80 % (W3C Manifest, "Icon masks").
const full = drawing(0.5, 0);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'everroll.svg'), rounded);
for (const [name, size, svg] of [
  ['everroll-192.png', 192, rounded],
  ['everroll-512.png', 512, rounded],
  ['everroll-maskable-512.png', 512, full],
  ['everroll-180.png', 180, full],
] as const) {
  await sharp(Buffer.from(svg)).resize(size, size).png({ compressionLevel: 9, palette: true }).toFile(join(folder, name));
}
