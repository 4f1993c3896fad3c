/** Runs the contract of the driver in a worker, as SQLite's access handles are for workers alone. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

type Told = { readonly names: readonly string[] } | { readonly name: string; readonly fault: string | null };

const names = new Promise<readonly string[]>((resolve, reject) => {
  worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
    if ('names' in data) resolve(data.names);
  });
  worker.addEventListener('error', ({ message }) => reject(new Error(message)));
});

/** @returns why the case failed; null: it passed. */
function run(name: string): Promise<string | null> {
  return new Promise((resolve) => {
    const heard = ({ data }: MessageEvent<Told>): void => {
      if (!('name' in data) || data.name !== name) return;
      worker.removeEventListener('message', heard);
      resolve(data.fault);
    };
    worker.addEventListener('message', heard);
    worker.postMessage(name);
  });
}

Object.assign(globalThis, { contract: { names, run } });
