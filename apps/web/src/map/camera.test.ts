import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Camera, clamped, fitted, type LatLon, onMap, panned, seen, toPlace, toWorld, underPoint, worldPx, zoomed } from './camera.ts';

const size = { width: 900, height: 600 };
const place = fc.record({ latitude: fc.double({ min: -80, max: 80, noNaN: true }), longitude: fc.double({ min: -179.9, max: 179.9, noNaN: true }) });
const camera = fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }), zoom: fc.double({ min: 0, max: 17, noNaN: true }) }).map((any): Camera => clamped(any, size));

describe('what a map shows', () => {
  test('a place goes to the map and back', () => {
    fc.assert(
      fc.property(place, (there) => {
        const back = toPlace(toWorld(there));
        expect(back.latitude).toBeCloseTo(there.latitude, 6);
        expect(back.longitude).toBeCloseTo(there.longitude, 6);
      }),
    );
  });

  test('zooming keeps what is under the pointer, where the edge of the world allows it', () => {
    fc.assert(
      fc.property(camera, fc.double({ min: 0, max: 2, noNaN: true }), fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 600 }), (from, by, x, y) => {
        const before = underPoint(from, size, { x, y });
        const to = zoomed(from, size, by, { x, y });
        const at = onMap(to, size, before);
        const world = worldPx(to.zoom);
        expect(Math.min(Math.abs(at.x - x) % world, world - (Math.abs(at.x - x) % world))).toBeLessThan(0.01 + world * 1e-12);
        expect(at.y).toBeCloseTo(y, 1);
      }),
    );
  });

  test('the window never shows beyond a pole, however it is pulled', () => {
    fc.assert(
      fc.property(camera, fc.integer({ min: -5000, max: 5000 }), (from, dy) => {
        const to = panned(from, size, 0, dy);
        const half = size.height / worldPx(to.zoom) / 2;
        expect(to.y - half).toBeGreaterThanOrEqual(-1e-9);
        expect(to.y + half).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test('all places that it was fitted to are on it, also across the 180th meridian', () => {
    const isOn = (places: readonly LatLon[]): void => {
      const fit = fitted(places, size);
      for (const each of places) {
        const { x, y } = onMap(fit, size, toWorld(each));
        expect(x).toBeGreaterThan(-1);
        expect(x).toBeLessThan(size.width + 1);
        expect(y).toBeGreaterThan(-1);
        expect(y).toBeLessThan(size.height + 1);
      }
    };
    isOn([{ latitude: -18, longitude: 178 }, { latitude: -14, longitude: -171 }]);
    // Fiji and Samoa are neighbours: the map does not go around the world for them.
    expect(fitted([{ latitude: -18, longitude: 178 }, { latitude: -14, longitude: -171 }], size).zoom).toBeGreaterThan(4);
    isOn([{ latitude: 48, longitude: 11 }, { latitude: 48.01, longitude: 11.02 }]);
  });

  test('a narrow map that cannot hold them all shows where most of them are', () => {
    const phone = { width: 390, height: 760 };
    const there = [...Array.from({ length: 3 }, (_, at) => ({ latitude: 40, longitude: -100 + 20 * at })), { latitude: 30, longitude: 110 }, { latitude: -30, longitude: 150 }];
    const fit = fitted(there, phone);
    const on = there.map((each) => onMap(fit, phone, toWorld(each)).x).filter((x) => x > 0 && x < phone.width);
    expect(on).toHaveLength(3);
    // Two neighbours across the 180th meridian are more than one elsewhere.
    const across = fitted([{ latitude: 0, longitude: 175 }, { latitude: 0, longitude: -175 }, { latitude: 0, longitude: 0 }, { latitude: 60, longitude: 90 }, { latitude: -60, longitude: -90 }], phone);
    expect(Math.abs(toPlace(across).longitude)).toBeGreaterThan(120);
  });

  test('the part that is seen has its west beyond its east across the 180th meridian', () => {
    const [west, , east] = seen({ ...toWorld({ latitude: -18, longitude: 180 }), zoom: 5 }, size);
    expect(west).toBeGreaterThan(150);
    expect(east).toBeLessThan(-150);
  });
});
