/**
 * One way to make renditions of one file, as often as it is asked, in a process that does nothing else: neither heap nor
 * compiled code is shared with what it is compared to. `rendition-way.ts FOLDER WAY PATH [PATH-BETWEEN]`
 */
import { readDetails } from '@everroll/media';
import { defaultLimits, quickThumb, render } from '@everroll/media/renditions';
import { layoutOf } from '../../packages/media/src/renditions/stills/heif/layout.ts';
import { openHeif } from '../../packages/media/src/renditions/stills/heif/container.ts';
import { decodeHeif } from '../../packages/media/src/renditions/stills/heif/decode-heif.ts';
import { nodeAvDecoder } from '../../packages/media/src/renditions/stills/heif/node-av.ts';
import { measured, onceAsked } from './own-cpu.ts';
import { encode } from '../../packages/media/src/renditions/stills/encode.ts';

const [, , folder = '.', way = '', path = '', between = ''] = process.argv;

/** Of one file; the details of a file take less than the clock's step. */
const DETAILS_A_ROUND = 200;

const whole = async (file: string): Promise<void> => {
  const outcome = await render({ path: file, folder, limits: defaultLimits });
  if (outcome.outcome !== 'made' || !['sharp', 'node-av'].includes(outcome.decoder)) throw new Error(`${file} was made by ${outcome.outcome === 'made' ? outcome.decoder : outcome.message}`);
};

const ways: Readonly<Record<string, () => Promise<number>>> = {
  render: () => measured(() => whole(path)),
  /** The same in a process that has just made another file: what that one left behind, this one pays for. */
  async mixed() {
    await whole(between);
    return await measured(() => whole(path));
  },
  'decoder alone': async () => await tilesAlone(),
  libheif: () =>
    measured(async () => {
      const decoded = await decodeHeif(path, defaultLimits, ['libheif']);
      if (decoded.outcome !== 'reduced') throw new Error(decoded.message);
      await encode(decoded, folder);
    }),
  'quick thumb': () => measured(() => quickThumb({ path, folder, limits: defaultLimits })),
  details: async () =>
    (await measured(async () => {
      for (let count = 0; count < DETAILS_A_ROUND; count += 1) await readDetails(path);
    })) / DETAILS_A_ROUND,
};

onceAsked(async () => (await ways[way]?.()) ?? Number.NaN);

/** The limit for a HEIC: its tiles decoded and thrown away. What reads the file and looks for them is not counted. */
async function tilesAlone(): Promise<number> {
  const file = await openHeif(path);
  const decoder = await nodeAvDecoder();
  try {
    const { primary } = file.items;
    if (primary === null || decoder === null) throw new Error('no picture, or no decoder');
    const { tiles } = await layoutOf(file.items, primary, async (item) => (await file.dataOf(item)).bytes);
    const coded = await Promise.all(tiles.map(async (tile) => ({ tile, data: (await file.dataOf(tile.item)).bytes })));
    return await measured(async () => {
      for (const { tile, data } of coded) if (decoder.decode(tile, data) === null) throw new Error('a tile is broken');
    });
  } finally {
    decoder?.close();
    await file.close();
  }
}
