import type { Question, Reply } from './surface.ts';

/** A file that is being copied into this browser's store by the tab in which it was chosen. */
export interface Copying {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly doneBytes: number;
  /** It could not be read, or there is no room: what the browser says. */
  readonly failed: { readonly code: 'unreadable' | 'device_full'; readonly detail: string; readonly since: number } | null;
}

/** What a page says to its own worker. */
export type ToTab =
  | Question
  | { readonly say: 'pick'; readonly id: number; readonly files: readonly { readonly file: File; readonly path: string }[] }
  | { readonly say: 'stop copying'; readonly ids: readonly string[] | null };

/** And this, for the worker's start: the first pictures are on screen, or cannot come. */
export interface Drawn {
  readonly say: 'drawn';
}

/** What the worker says to its page. */
export type FromTab =
  | Reply
  /** It listens from now on; what was said before may be lost. */
  | { readonly say: 'listening' }
  | { readonly say: 'picked'; readonly id: number; readonly added: number; readonly passedOver: readonly string[] }
  | { readonly say: 'copying'; readonly files: readonly Copying[] };
