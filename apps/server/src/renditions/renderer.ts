import type { MediaDetails, Recipe } from '@everroll/protocol';

/**
 * Where files of strangers are opened: a port, with processes behind it that can be killed. What a
 * file does to its reader never harms the server; a job that breaks a limit fails with `corrupt_media`.
 */
export interface Renderer {
  /** Jobs that it does at a time; 0 does none. */
  readonly slots: number;
  /** @param folder an empty folder, into which the files are written */
  render(path: string, folder: string): Promise<Rendered>;
  /** The same of a picture as a person adjusted it; `full`: one file `edited`, of the original's size. */
  adjust(path: string, folder: string, recipe: Recipe, size: 'screen' | 'full'): Promise<Rendered>;
  /** The details of a file of which nothing is drawn. */
  details(path: string): Promise<ReadDetails>;
  /** What this machine has beside what comes with the program; null where that cannot be told now. Asked seldom. */
  tools(): Promise<readonly string[] | null>;
  /** A `thumb` from the small picture that a camera put into the file; null where there is none, or it is none. */
  quickThumb(path: string, folder: string): Promise<RenderedFile | null>;
  /** @param file is written whole or not at all @param onProgress hears 0 to 1 */
  videoPreview(path: string, file: string, onProgress: (fraction: number) => void): Promise<RenderedVideo>;
  /** Ends what runs; that is then `not_run`. */
  close(): Promise<void>;
}

export interface RenderedFile {
  readonly name: 'thumb' | 'preview' | 'edited';
  /** Its name within the folder. */
  readonly file: string;
  readonly mediaType: string;
}

export type ReadDetails = { readonly outcome: 'made'; readonly details: MediaDetails } | NotRun;

/** `lacking`: tools that this machine does not have and that more might come out with. */
export type Rendered =
  | { readonly outcome: 'made'; readonly details: MediaDetails; readonly renditions: readonly RenderedFile[]; readonly lacking: readonly string[] }
  /** What could be shown all the same is in `renditions`. */
  | {
      readonly outcome: 'failed';
      readonly code: 'corrupt_media' | 'unsupported_media';
      readonly message: string;
      readonly details: MediaDetails;
      readonly renditions: readonly RenderedFile[];
      readonly lacking: readonly string[];
    }
  | NotRun;

export type RenderedVideo =
  | { readonly outcome: 'made'; readonly mediaType: string }
  | { readonly outcome: 'failed'; readonly code: 'corrupt_media' | 'unsupported_media'; readonly message: string; readonly lacking: readonly string[] }
  | NotRun;

/** No fault of the file: the disk is full, the system refused a process, the renderer was closed. To be tried again later. */
export interface NotRun {
  readonly outcome: 'not_run';
  readonly message: string;
}
