import type { AssetId } from '@everroll/protocol';
import { useCallback } from 'react';
import { useDevice, useMember } from '../app/device-context.tsx';
import { originalUrl } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { showToast } from '../ui/toast-queue.ts';
import { distinctName } from './distinct-name.ts';
import { editedCopy } from './edited-copy.ts';
import { zipOnDisk } from './zip-on-disk.ts';

/** Saves the originals of photos, all files of each: one as it is, several in a zip without compression. */
export function useDownload(): (assets: readonly AssetId[]) => Promise<void> {
  const device = useDevice();
  const { library } = useMember();
  return useCallback(
    async (assets) => {
      const views = await Promise.all(assets.map((id) => device.assets.get(id)));
      const files = views.flatMap((view) => view?.asset.resources ?? []);
      const [only] = files;
      if (only === undefined) return;
      if (files.length === 1) {
        save(originalUrl(library.id, only.sha256), only.name);
        return;
      }
      const { makeZip } = await import('client-zip');
      let failures = 0;
      const names = new Set<string>();
      async function* contents(): AsyncGenerator<{ readonly name: string; readonly input: Response }> {
        for (const [index, file] of files.entries()) {
          if (index % 10 === 0) showToast(strings.timeline.downloading(index, files.length));
          // oxlint-disable-next-line no-await-in-loop -- one after the other: the archive is written in order
          const response = await fetch(originalUrl(library.id, file.sha256)).catch(() => null);
          if (response?.ok === true) yield { name: distinctName(file.name, names), input: response };
          else failures += 1;
        }
      }
      const zip = (): ReadableStream<Uint8Array<ArrayBuffer>> => makeZip(contents()) as ReadableStream<Uint8Array<ArrayBuffer>>;
      let content: Blob;
      try {
        content = (await zipOnDisk(zip)) ?? (await new Response(zip()).blob());
      } catch (error) {
        showToast(error instanceof DOMException && error.name === 'QuotaExceededError' ? strings.timeline.downloadNoRoom : strings.timeline.downloadBroken);
        return;
      }
      const address = URL.createObjectURL(content);
      save(address, `${strings.product}.zip`);
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      if (failures > 0) showToast(strings.timeline.downloadFailed(failures));
    },
    [device, library.id],
  );
}

/** Saves an adjusted photo as it looks, at the size of its original. */
export function useDownloadEdited(): (asset: AssetId, shown: string) => Promise<void> {
  const { assets } = useDevice();
  const { library } = useMember();
  return useCallback(
    async (asset, shown) => {
      showToast(strings.editor.preparing);
      const [blob, view] = await Promise.all([editedCopy(library.id, asset, shown, new AbortController().signal), assets.get(asset)]);
      if (blob === null || view === null) {
        showToast(strings.editor.downloadFailed);
        return;
      }
      const name = view.asset.resources.find(({ sha256 }) => sha256 === view.look?.over)?.name ?? strings.product;
      const address = URL.createObjectURL(blob);
      save(address, `${name.replace(/\.[^.]*$/, '')}-edited.${blob.type === 'image/webp' ? 'webp' : 'jpg'}`);
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
    [assets, library.id],
  );
}

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
