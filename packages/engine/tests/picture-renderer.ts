import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeJpeg } from '@everroll/media/samples';
import { ScriptedRenderer } from '../../../apps/server/src/testing/scripted-renderer.ts';
import type { Rendered } from '../../../apps/server/src/renditions/renderer.ts';

/** Draws a small JPEG for every original, at once: what real pictures become of real files is the renderer's own test. */
export class PictureRenderer extends ScriptedRenderer {
  override async render(path: string, folder: string): Promise<Rendered> {
    for (const file of ['thumb.webp', 'preview.jpg']) await writeFile(join(folder, file), makeJpeg({ seed: basename(path) }));
    return {
      outcome: 'made',
      details: { width: 1, height: 1 },
      renditions: [{ name: 'thumb', file: 'thumb.webp', mediaType: 'image/webp' }, { name: 'preview', file: 'preview.jpg', mediaType: 'image/jpeg' }],
      lacking: [],
    };
  }
}
