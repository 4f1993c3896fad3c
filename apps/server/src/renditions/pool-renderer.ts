import type { RenderLimits } from '@everroll/media/renditions';
import type { RenditionPool } from '@everroll/media/renditions/pool';
import type { Recipe } from '@everroll/protocol';
import type { Log } from '../context.ts';
import type { RenditionSettings } from '../environment.ts';
import type { NotRun, ReadDetails, Rendered, RenderedFile, RenderedVideo, Renderer } from './renderer.ts';

const closed: NotRun = { outcome: 'not_run', message: 'the renderer is closed' };

interface Open {
  readonly pool: RenditionPool;
  readonly limits: RenderLimits;
}

/** Renders in worker processes. Neither they nor the code that runs them is there before the first job. */
export class PoolRenderer implements Renderer {
  readonly slots: number;
  readonly #settings: RenditionSettings;
  readonly #log: Log;
  #open: Promise<Open> | undefined;
  #isClosed = false;

  constructor(settings: RenditionSettings, log: Log) {
    this.slots = settings.workers;
    this.#settings = settings;
    this.#log = log;
  }

  async render(path: string, folder: string): Promise<Rendered> {
    return await this.#still(({ pool, limits }) => pool.render({ path, folder, limits }));
  }

  async adjust(path: string, folder: string, recipe: Recipe, size: 'screen' | 'full'): Promise<Rendered> {
    return await this.#still(({ pool, limits }) => pool.adjust({ path, folder, limits, recipe, size }));
  }

  async #still(run: (open: Open) => ReturnType<RenditionPool['render']>): Promise<Rendered> {
    if (this.#isClosed) return closed;
    const outcome = await run(await this.#opened());
    return outcome.outcome === 'interrupted' ? { outcome: 'not_run', message: outcome.message } : outcome;
  }

  async details(path: string): Promise<ReadDetails> {
    if (this.#isClosed) return closed;
    const { pool } = await this.#opened();
    const details = await pool.details(path);
    return 'outcome' in details ? { outcome: 'not_run', message: details.message } : { outcome: 'made', details };
  }

  async tools(): Promise<readonly string[] | null> {
    if (this.#isClosed) return null;
    const { pool } = await this.#opened();
    return await pool.tools();
  }

  async quickThumb(path: string, folder: string): Promise<RenderedFile | null> {
    if (this.#isClosed) return null;
    const { pool, limits } = await this.#opened();
    const quick = await pool.quickThumb({ path, folder, limits });
    return quick.outcome === 'made' ? quick.rendition : null;
  }

  async videoPreview(path: string, file: string, onProgress: (fraction: number) => void): Promise<RenderedVideo> {
    if (this.#isClosed) return closed;
    const { pool } = await this.#opened();
    const outcome = await pool.videoPreview({ path, file }, { onProgress });
    if (outcome.outcome === 'interrupted') return { outcome: 'not_run', message: outcome.message };
    // Where nothing is installed that makes videos, none can be made here, whatever the file.
    if (outcome.outcome === 'failed' && outcome.code === 'no_encoder') return { ...outcome, code: 'unsupported_media' };
    return outcome as RenderedVideo;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#open)?.pool.close();
  }

  #opened(): Promise<Open> {
    this.#open ??= this.#begin();
    return this.#open;
  }

  async #begin(): Promise<Open> {
    const { workers, memoryBytes, milliseconds } = this.#settings;
    const { RenditionPool, defaultLimits } = await import('@everroll/media/renditions/pool');
    const pool = new RenditionPool({ workers, ...(memoryBytes === null ? {} : { memoryBytes }), log: (message) => this.#log.warn('a rendition worker ended', { message }) });
    return { pool, limits: { ...defaultLimits, ...(milliseconds === null ? {} : { milliseconds }) } };
  }
}
