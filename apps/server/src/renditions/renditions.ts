import type { RenditionName, Sha256 } from '@everroll/protocol';
import type { RenditionTask } from '../database/schema.ts';
import type { Renderer } from './renderer.ts';
import type { RenditionStore } from './store.ts';

/** What the server needs to make and keep renditions. */
export interface Renditions {
  readonly store: RenditionStore;
  readonly renderer: Renderer;
  /** When videos that every browser plays are made: when somebody opens one, or for all of them once nothing else is to be done. */
  readonly videoPreviews: 'on_demand' | 'idle';
}

/** One piece of work: it depends on the bytes of an original alone. */
export interface RenditionJob {
  readonly sha256: Sha256;
  readonly task: RenditionTask;
}

/** A file of the store, as a row of `rendition` lists it. */
export interface StoredRendition {
  readonly name: RenditionName;
  /** Its name in the folder of its hash. Never used again for other bytes. */
  readonly file: string;
  readonly mediaType: string;
}

/**
 * Raised when what is made changes: everything is then made anew, what was there being shown until
 * it is replaced.
 */
export const pipelineVersions: Readonly<Record<RenditionTask, number>> = { images: 1, video_preview: 1 };

export function taskOf(name: RenditionName): RenditionTask {
  return name === 'video_preview' ? 'video_preview' : 'images';
}

export function keyOfJob({ sha256, task }: RenditionJob): string {
  return `${task} ${sha256}`;
}
