import type { Recipe, RenditionName, Sha256 } from '@everroll/protocol';
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

/** Names one piece of work. */
export interface RenditionKey {
  readonly sha256: Sha256;
  readonly task: RenditionTask;
}

/** One piece of work: it depends on the bytes of an original, and on the recipe that its task is named by, alone. */
export interface RenditionJob extends RenditionKey {
  /** Of `adjusted` and `edited`. */
  readonly recipe?: Recipe;
}

/** A file of the store, as a row of `rendition` lists it. */
export interface StoredRendition {
  readonly name: RenditionName;
  /** Its name in the folder of its hash. Never used again for other bytes. */
  readonly file: string;
  readonly mediaType: string;
}

export type TaskKind = 'images' | 'details' | 'video_preview' | 'adjusted' | 'edited';

/**
 * Raised when what is made changes: everything is then made anew, what was there being shown until
 * it is replaced.
 */
export const pipelineVersions: Readonly<Record<TaskKind, number>> = { images: 2, details: 1, video_preview: 1, adjusted: 1, edited: 1 };

export function kindOf(task: RenditionTask): TaskKind {
  return task.split(':', 1)[0] as TaskKind;
}

export function versionOf(task: RenditionTask): number {
  return pipelineVersions[kindOf(task)];
}

/** Videos have a process of their own: they never hold up a photo. */
export type TaskLane = 'stills' | 'videos';

export function laneOf(task: RenditionTask): TaskLane {
  return task === 'video_preview' ? 'videos' : 'stills';
}

export function keyOfJob({ sha256, task }: RenditionKey): string {
  return `${task} ${sha256}`;
}
