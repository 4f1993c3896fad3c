/** Which of the library's pictures are kept, and how many: a thumbnail has some 15 KB, a preview some 300 KB. */
const limits = { thumb: 40_000, preview: 600 } as const;
/** After this many more the count is looked at again: counting reads all names. */
const LOOK_EVERY = 500;

const address = /^\/api\/v1\/libraries\/[0-9a-f]{32}\/assets\/[0-9a-f]{32}\/renditions\/(thumb|preview)$/;

export interface Kept {
  readonly name: keyof typeof limits;
}

/** The caches of pictures, for who removes everything from this browser. */
export const pictureCache = (name: keyof typeof limits): string => `everroll-${name}`;

/** undefined: it is no picture whose address names its bytes (rule A8). */
export function pictureOf(url: URL): Kept | undefined {
  const name = address.exec(url.pathname)?.[1];
  return (name === 'thumb' || name === 'preview') && url.searchParams.has('v') ? { name } : undefined;
}

export async function keptPicture({ name }: Kept, request: Request): Promise<Response> {
  const cache = await caches.open(pictureCache(name));
  const kept = await cache.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  // A first, small thumbnail is marked `no-store`: the full one follows it.
  if (answer.status === 200 && !(answer.headers.get('cache-control') ?? '').includes('no-store')) {
    await keep(cache, name, request.url, answer.clone()).catch(() => {
      // The browser has no room for it: the picture is shown all the same.
    });
  }
  return answer;
}

const added = { thumb: 0, preview: 0 };

async function keep(cache: Cache, name: keyof typeof limits, url: string, answer: Response): Promise<void> {
  await cache.put(url, answer);
  added[name] += 1;
  if (added[name] % Math.min(LOOK_EVERY, limits[name] / 4) !== 1) return;
  const names = await cache.keys();
  // The oldest stand first. More than the surplus goes, so that this is not done for each picture.
  const surplus = names.length - limits[name];
  if (surplus > 0) for (const old of names.slice(0, surplus + limits[name] / 10)) await cache.delete(old);
}
