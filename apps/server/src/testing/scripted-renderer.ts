import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from '@everroll/protocol';
import type { ReadDetails, Rendered, RenderedFile, RenderedVideo, Renderer } from '../renditions/renderer.ts';

/**
 * A renderer that takes text for photos, so that a test says what becomes of each and when: `bad …` is
 * damaged, `kill …` never comes to an end, `motion …` has a video behind it. What processes do with real files is proved with these.
 */
export class ScriptedRenderer implements Renderer {
  slots = 2;
  /** The texts that were rendered, in the order in which they were begun. */
  readonly begun: string[] = [];
  readonly videos: string[] = [];
  /** Jobs wait until `open` is called. */
  #gate = Promise.withResolvers<void>();
  #closed = Promise.withResolvers<'closed'>();
  fault: string | null = null;
  /** What the machine has: `odd …` lacks a tool called `odd-reader` and is less without it. */
  readonly present = new Set<string>();
  /** The small picture inside every file. */
  quick: string | null = null;
  /** What the next previews of videos tell of their progress before they wait. */
  progress = 0.25;

  constructor({ isOpen = true } = {}) {
    if (isOpen) this.#gate.resolve();
  }

  open(): void {
    this.#gate.resolve();
  }

  shut(): void {
    this.#gate = Promise.withResolvers();
  }

  async render(path: string, folder: string): Promise<Rendered> {
    const text = await readFile(path, 'utf8');
    this.begun.push(text);
    const how = await Promise.race([text.startsWith('kill') ? new Promise<never>(() => undefined) : this.#gate.promise, this.#closed.promise]);
    if (how === 'closed') return { outcome: 'not_run', message: 'closed' };
    if (this.fault !== null) return { outcome: 'not_run', message: this.fault };
    if (text.startsWith('bad')) return { outcome: 'failed', code: 'corrupt_media', message: 'it says so', details: { width: 3 }, renditions: [], lacking: [] };
    await writeFile(join(folder, 'thumb.webp'), `thumb of ${text}`);
    await writeFile(join(folder, 'preview.jpg'), `preview of ${text}`);
    return {
      outcome: 'made',
      details: { width: text.length, height: 1, thumbhash: Buffer.from(text.slice(0, 20)).toString('base64'), camera: { model: text.slice(0, 20) }, ...(text.startsWith('motion') && { motionPhoto: { offset: 1, bytes: 1 } }) },
      renditions: [{ name: 'thumb', file: 'thumb.webp', mediaType: 'image/webp' }, { name: 'preview', file: 'preview.jpg', mediaType: 'image/jpeg' }],
      lacking: text.startsWith('odd') && !this.present.has('odd-reader') ? ['odd-reader'] : [],
    };
  }

  async details(path: string): Promise<ReadDetails> {
    return { outcome: 'made', details: { durationMs: (await readFile(path, 'utf8')).length } };
  }

  tools(): Promise<readonly string[]> {
    return Promise.resolve([...this.present]);
  }

  async adjust(path: string, folder: string, recipe: Recipe, size: 'screen' | 'full'): Promise<Rendered> {
    const text = await readFile(path, 'utf8');
    const as = `${text} at ${recipe.exposure}`;
    this.begun.push(`${as}, ${size}`);
    const how = await Promise.race([this.#gate.promise, this.#closed.promise]);
    if (how === 'closed') return { outcome: 'not_run', message: 'closed' };
    const names = size === 'full' ? (['edited'] as const) : (['thumb', 'preview'] as const);
    for (const name of names) await writeFile(join(folder, `${name}.jpg`), `${name} of ${as}`);
    return { outcome: 'made', details: { width: as.length, height: 2, thumbhash: 'AAAA' }, renditions: names.map((name) => ({ name, file: `${name}.jpg`, mediaType: 'image/jpeg' })), lacking: [] };
  }

  async quickThumb(_path: string, folder: string): Promise<RenderedFile | null> {
    if (this.quick === null) return null;
    await writeFile(join(folder, 'quick.webp'), this.quick);
    return { name: 'thumb', file: 'quick.webp', mediaType: 'image/webp' };
  }

  async videoPreview(path: string, file: string, onProgress: (fraction: number) => void): Promise<RenderedVideo> {
    const text = await readFile(path, 'utf8');
    this.videos.push(text);
    onProgress(this.progress);
    const how = await Promise.race([this.#gate.promise, this.#closed.promise]);
    if (how === 'closed') return { outcome: 'not_run', message: 'closed' };
    if (text.startsWith('bad')) return { outcome: 'failed', code: 'unsupported_media', message: 'it says so', lacking: this.present.has('odd-reader') ? [] : ['odd-reader'] };
    await writeFile(file, `video of ${text}`);
    return { outcome: 'made', mediaType: 'video/mp4' };
  }

  close(): Promise<void> {
    this.#closed.resolve('closed');
    return Promise.resolve();
  }
}
