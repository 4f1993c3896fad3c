import { beforeAll, describe, expect, test } from 'vitest';
import { placeNamesFile } from '../../build/place-names.ts';
import { PlaceNames } from './place-names.ts';

describe('the names of places that ship with the app', () => {
  let names: PlaceNames;
  beforeAll(() => {
    const file = placeNamesFile();
    names = new PlaceNames(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  });

  test.each([
    ['Munich', 'DE', 48.1372, 11.5755],
    ['San Francisco', 'US', 37.7793, -122.4193],
    ['Sydney', 'AU', -33.8688, 151.2093],
    ['Suva', 'FJ', -18.1416, 178.4419],
    ['Reykjavík', 'IS', 64.1466, -21.9426],
  ])('%s is where it is', (name, country, latitude, longitude) => {
    expect(names.near(latitude, longitude)).toMatchObject({ name, country });
  });

  test('in the middle of an ocean there is no town', () => {
    expect(names.near(-48.9, -123.4)).toBeNull();
  });

  test('a name is found as people type it, the largest town first', () => {
    expect(names.search('zurich', 1)).toMatchObject([{ name: 'Zürich', country: 'CH' }]);
    expect(names.search('par', 3)[0]).toMatchObject({ name: 'Paris', country: 'FR' });
    expect(names.search('york', 3).map(({ name }) => name)).toContain('New York City');
    expect(names.search('  ', 3)).toEqual([]);
  });

  test('the largest towns of a part of the world, also across the 180th meridian', () => {
    expect(names.largest({ south: 47, west: 5.8, north: 55, east: 15 }, 2).map(({ name }) => name)).toContain('Berlin');
    const pacific = names.largest({ south: -25, west: 170, north: -10, east: -170 }, 40);
    expect(pacific.map(({ country }) => country)).toContain('FJ');
    expect(pacific.every(({ longitude }) => longitude >= 170 || longitude <= -170)).toBe(true);
  });
});
