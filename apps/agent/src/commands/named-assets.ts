import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Engine, Why } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';
import { type Outcome, wrongUse } from './outcome.ts';

/** A shorter prefix names too many photos in a large library, and is more likely a file name. */
const PREFIX_MIN = 6;

export type Named = { readonly ok: true; readonly assets: readonly Asset[] } | { readonly ok: false; readonly outcome: Outcome };

/** Assets by the beginning of their id, by the path of their file on this device, or by the file's name. */
export function namedAssets(engine: Engine, names: readonly string[]): Named {
  const found = new Map<string, Asset>();
  for (const name of names) {
    const matches = assetsNamed(engine, name);
    const [first, second] = matches;
    if (first === undefined) return { ok: false, outcome: wrongUse(`No photo of the library is named ${name}.`) };
    if (second !== undefined) return { ok: false, outcome: wrongUse(`${name} names several photos: ${matches.slice(0, 5).map(({ id }) => id.slice(0, 12)).join(', ')}. Name one by its id.`) };
    found.set(first.id, first);
  }
  return { ok: true, assets: [...found.values()] };
}

function assetsNamed(engine: Engine, name: string): Asset[] {
  if (new RegExp(`^[0-9a-f]{${PREFIX_MIN},32}$`).test(name)) {
    const byId = engine.assetsByPrefix(name);
    if (byId.length > 0) return byId;
  }
  const ids = new Set(filesNamed(engine, name).flatMap(({ assetId }) => (assetId === null ? [] : [assetId])));
  if (ids.size > 0) return [...ids].flatMap((id) => engine.assetsByPrefix(id, 1));
  return [...engine.assets(), ...engine.assets({ state: 'trashed' })].filter((asset) => asset.resources.some((resource) => resource.name === name));
}

/** Files of this device by path, or where no such path is in a source, by name. */
export function filesNamed(engine: Engine, name: string): Why[] {
  const byPath = engine.sources().flatMap((source) => spellings(name).flatMap((path) => (isBelow(source.location, path) ? engine.why({ sourceId: source.id, localId: relative(source.location, path) }) : [])));
  if (byPath.length > 0) return uniqueItems(byPath);
  return engine.why({ name: basename(name) });
}

/** As it was typed, and with the links in its folder followed. */
function spellings(name: string): string[] {
  const typed = resolve(name);
  try {
    return [...new Set([typed, join(realpathSync(dirname(typed)), basename(typed))])];
  } catch {
    return [typed];
  }
}

const isBelow = (folder: string, path: string): boolean => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

const uniqueItems = (items: readonly Why[]): Why[] => [...new Map(items.map((item) => [item.itemId, item])).values()];
