import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Skies from above to the horizon, and the land below from far to near: morning, noon, evening, night, fog, autumn. */
const moods = [
  { sky: ['#f6c9a8', '#fbe6d0'], land: ['#c9a9a6', '#9c7f8e', '#5f5573'], sun: '#fff3df', at: 0.62 },
  { sky: ['#4f9be0', '#cfe8f7'], land: ['#9fc3a8', '#5f9a6f', '#2f6b4a'], sun: '#ffffff', at: 0.2 },
  { sky: ['#3c2f63', '#f08a5d'], land: ['#8a4a64', '#5c3357', '#2b1d3d'], sun: '#ffd9a0', at: 0.66 },
  { sky: ['#0c1530', '#2c4a7a'], land: ['#24365c', '#182645', '#0b1327'], sun: '#e9eefb', at: 0.24 },
  { sky: ['#c7ced1', '#eef0ee'], land: ['#b3bdbd', '#8d9b9b', '#5d6d6c'], sun: '#fbfbf8', at: 0.4 },
  { sky: ['#7fb4d6', '#f5e2b8'], land: ['#d9a35c', '#b8642f', '#6e3520'], sun: '#fff6d8', at: 0.35 },
] as const;

/** Photos for pictures of the app that may be shown to anybody: hills under a sky, drawn, with a camera and days of some years. */
export async function writeLandscapes(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  let day = Date.UTC(2026, 4, 30, 18, 20);
  for (let at = 0; at < count; at += 1) {
    const [width, height] = [[1600, 1200], [1200, 1600], [1600, 900], [1600, 1066]][(at * 7) % 4] as [number, number];
    if (at % 5 === 4) day -= (3 + ((at * 13) % 60)) * 86_400_000;
    day -= 17 * 60_000;
    const taken = new Date(day).toISOString().slice(0, 19).replaceAll('-', ':').replace('T', ' ');
    await sharp(Buffer.from(landscape(at, width, height)))
      .withExif({ IFD0: { Make: 'Everroll', Model: 'Sketchbook' }, IFD2: { DateTimeOriginal: taken, OffsetTimeOriginal: '+02:00' } })
      .jpeg({ quality: 88 })
      .toFile(join(folder, `IMG_${String(2100 + at)}.JPG`));
  }
}

function landscape(seed: number, width: number, height: number): string {
  const { sky, land, sun, at } = moods[(seed * 5 + Math.floor(seed / 6)) % moods.length] ?? moods[0];
  const random = (of: number): number => Math.abs(Math.sin(seed * 91.7 + of * 37.3)) % 1;
  const hills = land.map((colour, layer) => {
    const base = height * (0.58 + layer * 0.14);
    const points = Array.from({ length: 33 }, (_, step) => {
      const x = step / 32;
      const rise = Math.sin(x * (3 + random(layer) * 5) + random(layer + 7) * 6) * 0.07 + Math.sin(x * 17 + seed + layer * 2) * 0.014;
      return `${(x * width).toFixed(0)},${(base - rise * height).toFixed(0)}`;
    });
    return `<polygon fill="${colour}" points="0,${height} ${points.join(' ')} ${width},${height}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="0.75" stop-color="${sky[1]}"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#s)"/><circle cx="${(0.15 + 0.7 * random(3)) * width}" cy="${at * height * 0.85}" r="${height * (0.035 + 0.03 * random(5))}" fill="${sun}" opacity="0.95"/>${hills.join('')}</svg>`;
}
