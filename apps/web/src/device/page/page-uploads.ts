import type { UploadItem, Uploads, UploadSummary } from '../contract/uploads.ts';
import { done } from '../page/outcome.ts';
import type { Asker } from '../rpc/asker.ts';
import type { Copying } from '../rpc/tab-messages.ts';
import type { TabWorker } from './tab-worker.ts';
import { watched } from './watched-value.ts';

const none: UploadSummary = { total: 0, byState: { copying: 0, waiting: 0, uploading: 0, verified: 0, failed: 0, excluded: 0 }, totalBytes: 0, doneBytes: 0, bytesPerSecond: 0, secondsLeft: null, version: 0 };

/** What this page is copying, before what all tabs know of. */
export function pageUploads(asker: Asker, worker: TabWorker): Uploads {
  let copying: readonly Copying[] = [];
  let sent = none;
  let changed: (() => void) | undefined;
  let copied = 0;
  worker.onCopying((files) => {
    copying = files;
    copied += 1;
    changed?.();
  });
  return {
    summary: watched<UploadSummary>((tell) => {
      changed = () => tell(together(sent, copying, copied));
      const end = asker.watch('uploads', [], (summary) => {
        sent = summary;
        changed?.();
      });
      return () => {
        changed = undefined;
        end();
      };
    }),
    add: async (files) => done(await worker.pick(files)),
    async items(from, count) {
      const own = copying.slice(from, from + count).map(itemOf);
      const rest = await asker.call('uploadItems', Math.max(0, from - copying.length), count - own.length);
      return [...own, ...rest];
    },
    async cancel(ids) {
      worker.stopCopying(ids ?? null);
      await asker.call('cancelUploads', ids ?? null);
    },
    retry: (ids) => asker.call('retryUploads', ids ?? null),
    again: (id) => asker.call('uploadAgain', id),
    clearFinished: () => asker.call('clearFinishedUploads'),
  };
}

function together(sent: UploadSummary, copying: readonly Copying[], copied: number): UploadSummary {
  const failed = copying.filter((file) => file.failed !== null).length;
  const bytes = copying.reduce((sum, file) => sum + file.bytes, 0);
  return {
    ...sent,
    total: sent.total + copying.length,
    byState: { ...sent.byState, copying: copying.length - failed, failed: sent.byState.failed + failed },
    totalBytes: sent.totalBytes + bytes,
    version: sent.version + copied,
  };
}

function itemOf({ id, name, path, bytes, doneBytes, failed }: Copying): UploadItem {
  const reason = failed && { code: failed.code, evidence: { detail: failed.detail }, since: failed.since };
  return { id, name, path, bytes, doneBytes, state: failed === null ? 'copying' : 'failed', reason, attempts: 1, nextAt: null, assetId: null, survivesReload: false };
}
