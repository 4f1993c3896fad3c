import { resolve } from 'node:path';
import type { Log, Random } from '../context.ts';
import type { Settings } from '../environment.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { LocalRenditionStore } from './local-disk.ts';
import { PoolRenderer } from './pool-renderer.ts';
import type { Renditions } from './renditions.ts';

/** Renditions in the data folder, made by processes of this machine. */
export function renditionsOn({ dataFolder, renditions }: Pick<Settings, 'dataFolder' | 'renditions'>, random: Random, log: Log): Renditions {
  return {
    store: new LocalRenditionStore(nodeDiskFs, resolve(dataFolder), random),
    renderer: new PoolRenderer(renditions, log),
    videoPreviews: renditions.videoPreviews,
  };
}
