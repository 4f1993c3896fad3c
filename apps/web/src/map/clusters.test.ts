import type { AssetId } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { fitted } from './camera.ts';
import { Groups } from './clusters.ts';

const size = { width: 900, height: 600 };
const at = (points: readonly (readonly [latitude: number, longitude: number])[]) => ({
  ids: points.map((_, index) => index.toString(16).padStart(32, '0') as AssetId),
  latitudes: Float32Array.from(points, ([latitude]) => latitude),
  longitudes: Float32Array.from(points, ([, longitude]) => longitude),
});

test('what lies close together is one group with the newest photo as its face, and comes apart when one looks nearer', () => {
  const places = at([[48.1, 11.5], [48.11, 11.52], [-33.87, 151.2], [48.09, 11.49]]);
  const groups = new Groups(places);
  const world = groups.seen({ x: 0.5, y: 0.5, zoom: 1.3 }, size).toSorted((a, b) => b.count - a.count);
  expect(world.map(({ count, face }) => [count, face])).toEqual([[3, places.ids[0]], [1, places.ids[2]]]);
  expect(groups.photosOf(world[0]).ids).toEqual([places.ids[0], places.ids[1], places.ids[3]]);
  expect(groups.photosOf(world[1]).ids).toEqual([places.ids[2]]);
  const near = groups.seen(fitted([{ latitude: 48.1, longitude: 11.5 }, { latitude: 48.11, longitude: 11.52 }], size, 15), size);
  expect(near.length).toBeGreaterThan(1);
});

test('photos at exactly one place stay one group however near one looks', () => {
  const groups = new Groups(at([[10, 10], [10, 10], [10, 10]]));
  const near = groups.seen({ x: 10 / 360 + 0.5, y: 0.4721, zoom: 17 }, { width: 3000, height: 3000 });
  expect(near.map(({ count }) => count)).toEqual([3]);
});
