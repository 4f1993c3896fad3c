import { done, failed, type Result } from '@everroll/engine';
import { type AssetId, deriveAssetId, type Sha256 } from '@everroll/protocol';
import type { AssetView } from '../contract/assets.ts';
import type { Found, Missed, Sought } from '../contract/health.ts';
import { sha256Of } from '../staging/sha256.ts';
import { assetView } from './asset-view.ts';
import type { Home } from './home.ts';

/** So many answers to a name; a longer one tells them apart. */
const MOST = 20;

/** "Why is this photo not here?": what the library and this browser know of a file or of a name. */
export async function seek(home: Home, missed: Missed): Promise<Result<Sought>> {
  if ('name' in missed) return done(byName(home, missed.name.trim().normalize('NFC')));
  const sha256 = await sha256Of(missed.file).catch(() => null);
  return sha256 === null ? failed('unreadable') : done(byFile(home, sha256));
}

function byFile({ engine, ...home }: Home, sha256: Sha256): Sought {
  const library = engine.identity()?.library.id;
  const ids = new Set(home.ports.driver.prepare('SELECT DISTINCT asset_id AS id FROM original WHERE sha256 = ?').all(sha256).map((row) => String(row['id']) as AssetId));
  // What was deleted for good has no files any more, and is known by its id alone.
  if (ids.size === 0 && library !== undefined) ids.add(deriveAssetId(library, sha256));
  const found = [...ids].flatMap((id) => describe({ engine, ...home }, id, (file) => file.sha256 === sha256));
  return { found, waiting: found.length > 0 ? [] : engine.why({ sha256 }) };
}

function byName(home: Home, name: string): Sought {
  if (name === '') return { found: [], waiting: [] };
  const like = `%${name.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const ids = home.ports.driver.prepare(String.raw`SELECT DISTINCT asset_id AS id FROM original WHERE name LIKE ? ESCAPE '\' ORDER BY captured_at DESC LIMIT ?`).all(like, MOST);
  const found = ids.flatMap((row) => describe(home, String(row['id']) as AssetId, (file) => file.name.toLowerCase().includes(name.toLowerCase())));
  return { found, waiting: home.engine.why({ name }).filter(({ assetId }) => !found.some(({ asset }) => asset === assetId)) };
}

function describe(home: Home, id: AssetId, isIt: (file: AssetView['asset']['resources'][number]) => boolean): Found[] {
  const view = assetView(home, id);
  if (view === null) {
    const row = home.ports.driver.prepare("SELECT state FROM entity WHERE key = ? AND state = 'purged'").get(`asset:${id}`);
    return row === undefined ? [] : [{ asset: id, name: '', shown: '', place: 'purged', onServer: false, purgedAt: null, reason: null }];
  }
  const { asset, shown, onServer, purgedAt, here } = view;
  const file = asset.resources.find(isIt) ?? asset.resources[0];
  const place = asset.state === 'trashed' ? 'deleted' : asset.hidden ? 'hidden' : asset.archived ? 'archive' : 'timeline';
  return [{ asset: id, name: file?.name ?? '', shown, place, onServer, purgedAt, reason: onServer ? null : (here.find(({ reason }) => reason !== null)?.reason ?? null) }];
}
