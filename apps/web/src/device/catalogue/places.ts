import type { Driver, SqlRow } from '@everroll/engine';
import type { AssetId } from '@everroll/protocol';
import type { PlaceNames, Town } from '../../places/place-names.ts';
import { beginsIn, folded } from '../../places/folded.ts';
import { formatCountry } from '../../strings/format.ts';
import type { Places } from '../contract/assets.ts';
import { RowFlag } from '../contract/collections.ts';
import type { SearchQuery } from '../contract/search.ts';
import type { Catalogue } from './catalogue.ts';

/** Photos whose nearest town is the same. */
export interface TownGroup {
  readonly town: Town;
  /** Its country as people write it. */
  readonly country: string;
  readonly ids: readonly AssetId[];
}

interface Placed {
  readonly id: AssetId;
  readonly latitude: number;
  readonly longitude: number;
}

/** All that have a place, of what the timeline shows, newest capture first. */
export function placesOf(driver: Driver, { columns, live }: Catalogue): Places {
  const bySlot = new Map(placedIn(driver).map((placed) => [columns.find(placed.id), placed]));
  const wanted = RowFlag.placed;
  const rows = [...live].flatMap((slot) => {
    const placed = ((columns.data.flags[slot] ?? 0) & (wanted | RowFlag.hidden | RowFlag.archived)) === wanted ? bySlot.get(slot) : undefined;
    return placed === undefined ? [] : [placed];
  });
  return { ids: rows.map(({ id }) => id), latitudes: Float32Array.from(rows, ({ latitude }) => latitude), longitudes: Float32Array.from(rows, ({ longitude }) => longitude) };
}

/** Which town each photo was taken in. The towns' names are read when they are first wanted. */
export class Towns {
  readonly #driver: Driver;
  readonly #nearest = new Map<string, Town | null>();
  #names: PlaceNames | null = null;
  #groups: { readonly version: number; readonly groups: readonly TownGroup[] } | null = null;
  #onNames: () => void = () => undefined;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** @param then what a search found may be more, now that names are known. */
  onNames(then: () => void): void {
    this.#onNames = then;
  }

  async load(): Promise<void> {
    if (this.#names !== null) return;
    const names = await import('../../places/place-names.ts').then(({ loadPlaceNames }) => loadPlaceNames()).catch(() => null);
    if (names === null || this.#names !== null) return;
    this.#names = names;
    this.#onNames();
  }

  /** Empty until the names are there, which are asked for by this. */
  groups({ version }: Catalogue): readonly TownGroup[] {
    if (this.#names === null) {
      void this.load();
      return [];
    }
    if (this.#groups?.version !== version) this.#groups = { version, groups: this.#grouped(this.#names, placedIn(this.#driver)) };
    return this.#groups.groups;
  }

  /** The same of these assets alone. */
  among(ids: readonly string[]): readonly TownGroup[] {
    if (this.#names !== null) return this.#grouped(this.#names, placedAmong(this.#driver, ids));
    void this.load();
    return [];
  }

  /** Assets of towns and countries whose name begins with the word, or a word of it does. */
  named(catalogue: Catalogue, word: string): AssetId[] {
    const wanted = folded(word);
    return this.groups(catalogue).flatMap(({ town, country, ids }) => (beginsIn(folded(town.name), wanted) || beginsIn(folded(country), wanted) ? ids : []));
  }

  of(catalogue: Catalogue, place: NonNullable<SearchQuery['place']>): AssetId[] {
    return this.groups(catalogue).flatMap(({ town, ids }) => (town.country === place.country && (place.town === undefined || town.name === place.town) ? ids : []));
  }

  #grouped(names: PlaceNames, placed: readonly Placed[]): TownGroup[] {
    const groups = new Map<Town, { readonly town: Town; readonly country: string; readonly ids: AssetId[] }>();
    for (const { id, latitude, longitude } of placed) {
      const town = this.#town(names, latitude, longitude);
      if (town === null) continue;
      const group = groups.get(town) ?? { town, country: formatCountry(town.country), ids: [] };
      group.ids.push(id);
      groups.set(town, group);
    }
    return [...groups.values()].toSorted((a, b) => b.ids.length - a.ids.length);
  }

  /** Photos stand together: one question for some hundred metres. Each town is one object. */
  #town(names: PlaceNames, latitude: number, longitude: number): Town | null {
    const square = `${latitude.toFixed(2)} ${longitude.toFixed(2)}`;
    const known = this.#nearest.get(square);
    if (known !== undefined) return known;
    const found = names.near(latitude, longitude);
    const key = found === null ? null : `${found.country} ${found.name} ${found.latitude}`;
    const town = key === null ? null : (this.#nearest.get(key) ?? found);
    if (key !== null) this.#nearest.set(key, town);
    this.#nearest.set(square, town);
    return town;
  }
}

const PLACED = "SELECT substr(key, 7) AS id, row ->> '$.place.latitude' AS latitude, row ->> '$.place.longitude' AS longitude FROM entity WHERE kind = 'asset' AND state = 'live' AND row ->> '$.place' IS NOT NULL";

function placedIn(driver: Driver): Placed[] {
  return driver.prepare(PLACED).all().map(placedOf);
}

function placedAmong(driver: Driver, ids: readonly string[]): Placed[] {
  return driver
    .prepare(`${PLACED} AND key IN (SELECT 'asset:' || value FROM json_each(?))`)
    .all(JSON.stringify(ids))
    .map(placedOf);
}

const placedOf = (row: SqlRow): Placed => ({ id: String(row['id']) as AssetId, latitude: Number(row['latitude']), longitude: Number(row['longitude']) });
