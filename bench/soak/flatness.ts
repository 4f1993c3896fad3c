import { median } from '../statistics.ts';

/** What was seen of a server at one moment of a soak. */
export interface Sample {
  readonly seconds: number;
  /** Of the server itself: processes that make renditions come with work and end without it. */
  readonly rss: number;
  readonly openFiles: number;
}

/** How much later samples may lie above earlier ones: what a garbage collector leaves lying differs by that. */
const RSS_SHARE = 0.1;
const RSS_MB = 15;
/** Connections come and go. */
const OPEN_FILES = 10;

export interface Flatness {
  readonly isFlat: boolean;
  /** Medians of the second and of the last quarter: the first is warming up. */
  readonly rss: readonly [before: number, after: number];
  readonly openFiles: readonly [before: number, after: number];
}

/** Whether memory and open files stayed where they were, from the samples of a whole soak in their order. */
export function flatness(samples: readonly Sample[]): Flatness {
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [samples.slice(quarter, quarter * 2), samples.slice(-quarter)];
  if (quarter === 0) throw new Error('a soak has at least four samples');
  const of = (key: 'rss' | 'openFiles'): readonly [number, number] => [median(early.map((sample) => sample[key])), median(late.map((sample) => sample[key]))];
  const [rss, openFiles] = [of('rss'), of('openFiles')];
  return { isFlat: rss[1] <= rss[0] + Math.max(RSS_MB, rss[0] * RSS_SHARE) && openFiles[1] <= openFiles[0] + OPEN_FILES, rss, openFiles };
}
