import { existsSync } from 'node:fs';
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSampleLibrary } from '../../packages/media/samples/index.ts';
import { writeLandscapes } from './landscapes.ts';

/** Files of many cameras, kept beside the repository; they are too large to be in it. */
const media = join(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))), 'shared', 'media');

/** Some of each: stills of several cameras, Live Photos, motion photos, a burst, a panorama, videos, animations. */
const folders = ['livephoto-jpg', 'motionphoto', 'burst', 'jpeg-iphone', 'gif', 'slowmo', 'panorama', 'metadata', 'screenshot'];

/** `some` or `all` of the media set, or photos that are `drawn` and nobody's. */
export type Wanted = 'some' | 'all' | 'drawn';

/** A folder of photos as cameras make them; where the media set is not there, drawn ones of the same kinds. */
export async function writePhotos(folder: string, wanted: Wanted = 'some'): Promise<'real' | 'drawn'> {
  await mkdir(folder, { recursive: true });
  if (wanted === 'drawn') {
    await writeLandscapes(folder, 80);
    return 'drawn';
  }
  if (!existsSync(join(media, 'MANIFEST.tsv'))) {
    await writeSampleLibrary(folder, { photos: 24, livePhotos: 3, videos: 2 });
    return 'drawn';
  }
  if (wanted === 'all') await cp(media, folder, { recursive: true });
  else for (const name of folders) await cp(join(media, name), join(folder, name), { recursive: true });
  return 'real';
}

/** The paths of some files of a folder, as a person picks them: photos that are whole by themselves. */
export async function pathsIn(folder: string, wanted: number): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name) && !/live|motion/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => basename(a).localeCompare(basename(b)))
    .slice(0, wanted);
}
