import { DriverFull, type Driver, type Engine, type Ports, type Source } from '@everroll/engine';
import type { Folder, FolderFile } from '../folder/folder.ts';
import type { Life } from '../world/died.ts';
import { localIdOf, type StagedFile, stagedSource, type Store, Uploads } from './web.ts';

interface PageEvents {
  wait(): Promise<void>;
  /** Before it does anything to what is stored: it may be closed there. */
  step(isRemoval: boolean): void;
  removed(localId: string, file: FolderFile): void;
}

/** What a browser keeps of its site beside the database: copies of what a person chose, as long as the server lacks them. */
export class BrowserStorage {
  /** The copies, by the local ids that the engine has for them. */
  readonly folder: Folder;
  /** Of copies that are complete and that nobody has taken over. */
  readonly notes = new Map<string, StagedFile>();
  readonly #places = new Map<string, string>();

  constructor(folder: Folder) {
    this.folder = folder;
  }

  keep(file: StagedFile, content: Uint8Array): void {
    const localId = localIdOf(file);
    this.#places.set(file.id, localId);
    this.folder.write(localId, content, file.modifiedAt);
    this.notes.set(file.id, file);
  }

  clear(): void {
    this.folder.files.clear();
    this.notes.clear();
    this.#places.clear();
  }

  /** As one page sees it: when that is closed, nothing of it goes on. */
  openedBy(life: Life, page: PageEvents): Store {
    const live = async <T>(work: () => T, isRemoval = false): Promise<T> => {
      await page.wait();
      page.step(isRemoval);
      life.check();
      return work();
    };
    return {
      persisted: true,
      get: (id) =>
        live(() => {
          const content = this.folder.files.get(this.#places.get(id) ?? '')?.content;
          return content && blobOf(content);
        }),
      put: () => Promise.reject(new Error('what is chosen is copied by the page that it was chosen in')),
      remove: (id) =>
        live(() => {
          const localId = this.#places.get(id) ?? '';
          const file = this.folder.remove(localId);
          if (file) page.removed(localId, file);
        }, true),
      orphans: () => live(() => [...this.notes.values()]),
      settle: (id) => live(() => void this.notes.delete(id)),
      clear: () => live(() => this.clear()),
    };
  }
}

/** The parts of a Blob that are read here; one of the system would be read in a time that is not the run's. */
function blobOf(content: Uint8Array): Blob {
  const blob = { size: content.length, slice: (from = 0, to = content.length) => blobOf(content.slice(from, to)), arrayBuffer: () => Promise.resolve(content.slice().buffer) };
  return blob as unknown as Blob;
}

/** One open page of a browser: the real list of uploads over a simulated storage. */
export class Page {
  readonly uploads: Uploads;
  readonly #life: Life;
  readonly #threw: (error: unknown) => void;

  constructor(of: { engine: Engine; ports: Pick<Ports, 'driver' | 'clock' | 'server'>; store: Store; signal: AbortSignal; life: Life; threw: (error: unknown) => void }) {
    this.#life = of.life;
    this.#threw = of.threw;
    this.uploads = new Uploads(of);
  }

  static source(driver: Driver, store: Store): Source {
    return stagedSource(driver, store);
  }

  begin(): void {
    this.#attempt(this.uploads.begin());
  }

  add(files: readonly StagedFile[]): void {
    this.#attempt(this.uploads.add(files, null));
  }

  /** What the program does whenever something changed. */
  sweep(): void {
    this.#attempt(this.uploads.sweep());
  }

  cancel(id: string): void {
    this.#attempt(this.uploads.cancel([id]));
  }

  #attempt(work: Promise<void>): void {
    work.catch((error: unknown) => {
      // Without room nothing is noted; it is done when there is room, or the page is opened again.
      if (this.#life.alive && !(error instanceof DriverFull)) this.#threw(error);
    });
  }
}
