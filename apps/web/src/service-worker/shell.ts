interface Shell {
  /** Follows from the content: another build is another shell. */
  readonly name: string;
  /** Paths of the page and of all that it loads. */
  readonly files: readonly string[];
}

/** The build writes it at the beginning of this file (build/shell-list.ts); unbuilt there is none, and nothing is kept. */
declare const EVERROLL_SHELL: Shell | undefined;
const shell: Shell = typeof EVERROLL_SHELL === 'undefined' ? { name: 'none', files: [] } : EVERROLL_SHELL;

const PREFIX = 'everroll-shell-';
const files: ReadonlySet<string> = new Set(shell.files);

export const isShellFile = (path: string): boolean => files.has(path);

/** All of it or nothing: a shell that lacks a file would not open. */
export async function keepShell(): Promise<void> {
  const cache = await caches.open(PREFIX + shell.name);
  await cache.addAll(shell.files.map((path) => new Request(path, { cache: path === '/' ? 'reload' : 'default' })));
}

export async function removeOldShells(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== PREFIX + shell.name) await caches.delete(name);
}

export async function shellFile(path: string, request: Request): Promise<Response> {
  return (await (await caches.open(PREFIX + shell.name)).match(path)) ?? fetch(request);
}
