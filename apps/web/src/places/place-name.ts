import { formatCountry } from '../strings/format.ts';
import type { PlaceNames } from './place-names.ts';

/** `Munich, Germany`; null: far from every town. */
export function placeName(names: PlaceNames, latitude: number, longitude: number): string | null {
  const town = names.near(latitude, longitude);
  return town === null ? null : `${town.name}, ${formatCountry(town.country)}`;
}

/** So many of a group are looked at for its name, and so many countries named. */
const SAMPLE = 400;
const COUNTRIES_MOST = 3;

/** What all of these places are in: a town, a country, some countries; null: they have no name. */
export function commonName(names: PlaceNames, points: readonly { readonly latitude: number; readonly longitude: number }[]): string | null {
  const every = Math.ceil(points.length / SAMPLE);
  const towns = points.flatMap(({ latitude, longitude }, at) => (at % every === 0 ? (names.near(latitude, longitude) ?? []) : []));
  const countries = [...new Set(towns.map(({ country }) => formatCountry(country)))];
  const inTowns = [...new Set(towns.map(({ name, country }) => `${name}, ${formatCountry(country)}`))];
  if (inTowns.length <= 1) return inTowns[0] ?? null;
  return countries.length > COUNTRIES_MOST ? `${countries.slice(0, COUNTRIES_MOST).join(', ')} …` : countries.join(', ');
}
