import type { Driver } from '@everroll/engine';
import type { Album } from '@everroll/protocol';
import { beginsIn, folded } from '../../places/folded.ts';
import type { CollectionKind } from '../contract/collections.ts';
import type { Suggestion } from '../contract/search.ts';
import type { Catalogue } from './catalogue.ts';
import { collectionKinds } from './kinds.ts';
import { countsOf } from './scopes.ts';
import { CAMERA, searchSlots } from './search.ts';

const MOST = 10;
/** Of one kind, so that the others are seen too. */
const MOST_OF_A_KIND = 4;

/** What the text may mean, the best first. Of data alone: a date, a camera, an album, a file; words of the interface it does not know, but for the kinds' own names. */
export function suggestionsFor(driver: Driver, catalogue: Catalogue, text: string): Suggestion[] {
  const typed = text.trim().toLowerCase();
  const matches = (label: string): boolean => label.toLowerCase().includes(typed);
  const found = [...dates(catalogue, typed), ...places(driver, catalogue, typed), ...kinds(catalogue, typed), ...cameras(driver, matches), ...albums(driver, catalogue, matches)];
  if (typed !== '') {
    const count = searchSlots(driver, catalogue, { text }).length;
    if (count > 0) found.push({ kind: 'name', label: text.trim(), query: { text: text.trim() }, count });
  }
  return found.filter(({ count }) => count > 0).slice(0, MOST);
}

function places(driver: Driver, catalogue: Catalogue, typed: string): Suggestion[] {
  const wanted = folded(typed);
  const groups = catalogue.towns.groups(catalogue);
  const towns = groups
    .filter(({ town, country }) => beginsIn(folded(`${town.name}, ${country}`), wanted))
    .slice(0, MOST_OF_A_KIND)
    .map(({ town, country }): Suggestion => ({ kind: 'place', label: `${town.name}, ${country}`, query: { place: { town: town.name, country: town.country } }, count: 0 }));
  const countries = [...new Map(groups.map(({ town, country }) => [town.country, country]))]
    .filter(([, country]) => typed !== '' && beginsIn(folded(country), wanted))
    .slice(0, 2)
    .map(([code, country]): Suggestion => ({ kind: 'place', label: country, query: { place: { country: code } }, count: 0 }));
  return [...countries, ...towns].slice(0, MOST_OF_A_KIND).map((suggestion) => ({ ...suggestion, count: searchSlots(driver, catalogue, suggestion.query).length }));
}

function dates({ columns, live }: Catalogue, typed: string): Suggestion[] {
  const years = new Map<string, number>();
  for (const slot of live) {
    const label = new Date(columns.data.localTimes[slot] ?? 0).toISOString().slice(0, typed.length > 4 ? (typed.length > 7 ? 10 : 7) : 4);
    if (label.startsWith(typed)) years.set(label, (years.get(label) ?? 0) + 1);
  }
  return [...years]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .slice(0, MOST_OF_A_KIND)
    .map(([label, count]) => ({ kind: 'date', label, query: daysOf(label), count }));
}

function daysOf(label: string): { readonly from: string; readonly to: string } {
  const [year = '', month, day] = label.split('-');
  const last = new Date(Date.UTC(Number(year), month === undefined ? 12 : Number(month), 0)).getUTCDate();
  return { from: `${year}-${month ?? '01'}-${day ?? '01'}`, to: `${year}-${month ?? '12'}-${day ?? String(last).padStart(2, '0')}` };
}

function kinds(catalogue: Catalogue, typed: string): Suggestion[] {
  const counts = countsOf(catalogue).kinds;
  return collectionKinds
    .filter((kind: CollectionKind) => kind.replaceAll('_', ' ').includes(typed))
    .map((kind): Suggestion => ({ kind: 'kind', label: kind, query: { kind }, count: counts[kind] }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, MOST_OF_A_KIND);
}

function cameras(driver: Driver, matches: (label: string) => boolean): Suggestion[] {
  return driver
    .prepare(`SELECT ${CAMERA} AS camera, count(*) AS n FROM entity WHERE kind = 'asset' AND state = 'live' AND row ->> '$.hidden' = 0 GROUP BY 1 ORDER BY n DESC`)
    .all()
    .filter((row) => row['camera'] !== null && matches(String(row['camera'])))
    .slice(0, MOST_OF_A_KIND)
    .map((row) => ({ kind: 'camera', label: String(row['camera']), query: { camera: String(row['camera']) }, count: Number(row['n']) }));
}

function albums(driver: Driver, catalogue: Catalogue, matches: (label: string) => boolean): Suggestion[] {
  return driver
    .prepare("SELECT row FROM entity WHERE kind = 'album' AND row IS NOT NULL")
    .all()
    .map((row) => JSON.parse(String(row['row'])) as Album)
    .filter((album) => !album.deleted && matches(album.name))
    .slice(0, MOST_OF_A_KIND)
    .map((album) => ({ kind: 'album', label: album.name, query: { album: album.id }, count: searchSlots(driver, catalogue, { album: album.id }).length }));
}
