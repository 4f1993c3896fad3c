import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asset, AssetEntry, type AssetId, type Entry, type Resource, type ResourceRole } from '@everroll/protocol';
import { vi } from 'vitest';
import { systemRandom } from '../context.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { LocalRenditionStore } from '../renditions/local-disk.ts';
import type { Renditions } from '../renditions/renditions.ts';
import { startRenditions } from '../renditions/start.ts';
import { type LiveServer, type LiveServerOptions, liveServer } from './live-server.ts';
import { ScriptedRenderer } from './scripted-renderer.ts';
import { addOf, Outbox, pageOf } from './test-library.ts';
import type { TestDevice } from './test-server.ts';
import { createWith, sha256Of } from './tus-requests.ts';

/** A live server that makes renditions of text files, one test's worth of photos. */
export interface RenditionServer extends LiveServer {
  readonly renderer: ScriptedRenderer;
  /** Ends the work as a closing server does. */
  stopWork(): Promise<void>;
}

export interface RenditionServerOptions extends Omit<LiveServerOptions, 'renditions'> {
  readonly renderer?: ScriptedRenderer;
  readonly videoPreviews?: Renditions['videoPreviews'];
  /** Does not begin to work by itself. */
  readonly isIdle?: boolean;
}

export async function renditionServer({ renderer = new ScriptedRenderer(), videoPreviews = 'on_demand', isIdle = false, ...options }: RenditionServerOptions = {}): Promise<RenditionServer> {
  const server = await liveServer({ ...options, renditions: (folder) => ({ store: new LocalRenditionStore(nodeDiskFs, folder, systemRandom), renderer, videoPreviews }) });
  const work = isIdle ? { stop: () => Promise.resolve() } : startRenditions(server.services, server.renditions);
  return {
    ...server,
    renderer,
    stopWork: () => work.stop(),
    async close() {
      await work.stop();
      await server.close();
    },
  };
}

/** A text or a real file, with what it is in an asset. */
export type Part = string | Uint8Array | readonly [content: string | Uint8Array, role: ResourceRole, mediaType: string];

/** A device that uploads photos and adds them to its library. */
export class Photographer {
  readonly device: TestDevice;
  readonly #server: LiveServer;
  readonly #outbox: Outbox;

  constructor(server: LiveServer, device: TestDevice) {
    this.#server = server;
    this.device = device;
    this.#outbox = new Outbox(device);
  }

  async adds(...parts: readonly Part[]): Promise<AssetId> {
    const resources: Resource[] = [];
    for (const part of parts) {
      const [content, role, mediaType] = typeof part === 'string' || part instanceof Uint8Array ? ([part, 'photo', 'image/heic'] as const) : part;
      const bytes = Buffer.from(content);
      await createWith(this.#server, this.device, bytes);
      resources.push({ role, sha256: sha256Of(bytes), bytes: bytes.length, name: 'IMG_0001', mediaType });
    }
    const operation = addOf(this.device, resources, {}, true);
    const done = await this.does(operation);
    if (typeof done !== 'number') throw new Error(done);
    return operation.assetId;
  }

  async does(operation: Parameters<Outbox['do']>[0]): Promise<number | string> {
    return await this.#outbox.do(operation);
  }

  async log(after = 0): Promise<{ readonly head: number; readonly entries: readonly Entry[] }> {
    return await pageOf(this.device, after);
  }

  async asset(id: AssetId): Promise<Asset> {
    const entry = (await this.log()).entries.find((each) => each.kind === 'asset' && each.row.id === id);
    return AssetEntry.parse(entry).row;
  }

  address(id: AssetId, name = 'thumb'): string {
    return `/api/v1/libraries/${this.device.libraryId}/assets/${id}/renditions/${name}`;
  }
}

/** Waits until the rule holds, for as long as a test may take. */
export async function until(rule: () => Promise<void> | void, timeout = 20_000): Promise<void> {
  await vi.waitFor(rule, { timeout, interval: 10 });
}

/** The names of all that is stored as renditions. */
export async function storedFiles(server: LiveServer): Promise<string[]> {
  const names: string[] = [];
  for await (const name of glob('??/??/*/*', { cwd: join(server.folder, 'renditions') })) names.push(name);
  return names.toSorted();
}
