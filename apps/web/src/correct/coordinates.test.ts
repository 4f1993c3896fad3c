import { expect, test } from 'vitest';
import { coordinatesIn, coordinatesText } from './coordinates.ts';

test.each([
  ['48.137, 11.575', 48.137, 11.575],
  ['  -33.8688,151.2093 ', -33.8688, 151.2093],
  ['48.137° N, 11.575° E', 48.137, 11.575],
  ['33.8688° S 151.2093° E', -33.8688, 151.2093],
  ['48°08\'14.0"N 11°34\'31.0"E', 48.137222, 11.575278],
  ['−18.14 −178.44', -18.14, -178.44],
])('%s', (text, latitude, longitude) => {
  const place = coordinatesIn(text);
  expect(place?.latitude).toBeCloseTo(latitude, 5);
  expect(place?.longitude).toBeCloseTo(longitude, 5);
  expect(coordinatesIn(coordinatesText(place!))?.latitude).toBeCloseTo(latitude, 5);
});

test.each(['', '48', '91, 11', '48, 181', 'Munich', '48.1, 11.5, 3', '48.1 x 11.5'])('%j is no place', (text) => {
  expect(coordinatesIn(text)).toBeNull();
});
