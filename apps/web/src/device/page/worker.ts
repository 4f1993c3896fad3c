import type { FromTab } from '../rpc/tab-messages.ts';

let worker: Worker | undefined;
const held: FromTab[] = [];
let listener = (message: FromTab): void => void held.push(message);

/** This page's worker. The first script of the page starts it, before the page's own program is loaded. */
export function startWorker(): Worker {
  if (worker !== undefined) return worker;
  worker = new Worker(new URL('../tab/worker.ts', import.meta.url), { type: 'module', name: 'everroll' });
  worker.addEventListener('message', (event: MessageEvent<FromTab>) => listener(event.data));
  return worker;
}

/** Hears what it says, and what it said before. */
export function listen(to: (message: FromTab) => void): void {
  listener = to;
  for (const message of held.splice(0)) to(message);
}
