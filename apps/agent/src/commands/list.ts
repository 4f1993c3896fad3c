import type { Asset } from '@everroll/protocol';
import { formatCapture } from '../output/format.ts';
import { table, tone } from '../output/terminal.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, succeeded, wrongUse } from './outcome.ts';

export interface ListOptions {
  readonly album?: string;
  readonly favourites?: boolean;
  readonly hidden?: boolean;
  readonly archived?: boolean;
  readonly deleted?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: string;
}

/** Assets as this device shows them, newest first. */
export function listCommand(context: Context, options: ListOptions): Promise<Outcome> {
  return withLibrary(context, ({ engine }) => {
    const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Number(options.limit);
    const [from, to] = [dayStart(options.from), dayStart(options.to)];
    if (Number.isNaN(limit) || limit < 0 || Number.isNaN(from) || Number.isNaN(to)) return wrongUse('A date is written 2024-05-17, a limit as a number.');
    const albums = engine.albums();
    const chosen = options.album === undefined ? undefined : albums.find(({ album }) => album.name === options.album || album.id.startsWith(options.album ?? ''));
    if (options.album !== undefined && chosen === undefined) return wrongUse(`There is no album ${options.album}.`);
    const albumsOf = new Map<string, string[]>();
    for (const { album, items } of albums) for (const { assetId } of items) albumsOf.set(assetId, [...(albumsOf.get(assetId) ?? []), album.name]);

    const wanted = (asset: Asset): boolean =>
      (options.favourites !== true || asset.favourite) &&
      (options.hidden === true ? asset.hidden : !asset.hidden || options.deleted === true) &&
      (options.archived !== true || asset.archived) &&
      asset.capture.at >= (from ?? Number.NEGATIVE_INFINITY) &&
      asset.capture.at < (to === undefined ? Number.POSITIVE_INFINITY : to + 86_400_000);
    const all = engine.assets({ state: options.deleted === true ? 'trashed' : 'live' });
    const byId = new Map(all.map((asset) => [asset.id, asset]));
    const candidates = chosen === undefined ? all : chosen.items.flatMap(({ assetId }) => byId.get(assetId) ?? []);
    const assets = candidates.filter(wanted).slice(0, limit);
    return succeeded({ assets: assets.map((asset) => ({ ...asset, name: nameOf(asset), albums: albumsOf.get(asset.id) ?? [] })) }, describe(assets, albumsOf));
  });
}

export function nameOf(asset: Asset): string {
  return asset.resources.find(({ sha256 }) => sha256 === asset.primary)?.name ?? asset.resources[0]?.name ?? '';
}

function describe(assets: readonly Asset[], albumsOf: ReadonlyMap<string, readonly string[]>): string[] {
  if (assets.length === 0) return ['Nothing is here.'];
  return table(
    assets.map((asset) => [
      tone(asset.id.slice(0, 8), 'quiet'),
      formatCapture(asset.capture.at, asset.capture.offsetMinutes),
      nameOf(asset),
      asset.mediaKind.replace('_', ' '),
      [asset.favourite ? '♥' : '', asset.hidden ? 'hidden' : '', asset.archived ? 'archived' : '', asset.state === 'trashed' ? 'deleted' : ''].filter(Boolean).join(' '),
      [(albumsOf.get(asset.id) ?? []).join(', '), asset.caption === null ? '' : `“${asset.caption}”`].filter(Boolean).join('  '),
    ]),
  );
}

function dayStart(day: string | undefined): number | undefined {
  return day === undefined ? undefined : /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
}
