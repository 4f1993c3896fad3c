import type { PickedFile } from '../contract/uploads.ts';
import { Asker } from '../rpc/asker.ts';
import type { Copying, Drawn, ToTab } from '../rpc/tab-messages.ts';
import { listen, startWorker } from './worker.ts';

/** This page's worker, and what is said to it alone. */
export interface TabWorker {
  readonly asker: Asker;
  pick(files: readonly PickedFile[]): Promise<{ readonly added: number; readonly passedOver: readonly string[] }>;
  stopCopying(ids: readonly string[] | null): void;
  onCopying(listener: (files: readonly Copying[]) => void): void;
  drawn(): void;
}

export function startTabWorker(): TabWorker {
  const worker = startWorker();
  // A module that waits while it is loaded lets messages pass before anybody listens, so they are held back until it does.
  let held: (ToTab | Drawn)[] | null = [];
  const send = (message: ToTab | Drawn): void => {
    if (held === null) worker.postMessage(message);
    else held.push(message);
  };
  const asker = new Asker(send);
  const picked = new Map<number, (answer: { readonly added: number; readonly passedOver: readonly string[] }) => void>();
  let onCopying: ((files: readonly Copying[]) => void) | undefined;
  let lastPick = 0;
  listen((data) => {
    switch (data.say) {
      case 'listening': {
        const waiting = held ?? [];
        held = null;
        for (const message of waiting) worker.postMessage(message);
        return;
      }
      case 'picked':
        picked.get(data.id)?.(data);
        picked.delete(data.id);
        return;
      case 'copying':
        onCopying?.(data.files);
        return;
      default:
        asker.take(data);
    }
  });
  return {
    asker,
    pick: (files) =>
      new Promise((resolve) => {
        lastPick += 1;
        picked.set(lastPick, resolve);
        send({ say: 'pick', id: lastPick, files: files.map(({ file, path }) => ({ file, path })) });
      }),
    stopCopying: (ids) => send({ say: 'stop copying', ids }),
    onCopying(listener) {
      onCopying = listener;
    },
    drawn: () => send({ say: 'drawn' }),
  };
}
