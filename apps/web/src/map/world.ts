import { geoArea, geoCentroid, geoMercator, geoPath } from 'd3-geo';
import type { Feature, FeatureCollection, Polygon } from 'geojson';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import countries from 'world-atlas/countries-50m.json';
import { type Point, toWorld } from './camera.ts';

/**
 * The countries of the world from Natural Earth (public domain), 1:50 million, as paths to be drawn.
 * Their unit is a 4096th of the world, so that a path's own numbers stay exact enough at every zoom.
 */
export const UNITS = 4096;

/** Below this zoom the coarse paths are drawn: they have a fifth of the points, and nobody sees the others. */
export const COARSE_BELOW = 3.6;

export interface Country {
  readonly name: string;
  /** The middle of its largest part, and how wide that is, in worlds. */
  readonly at: Point;
  readonly width: number;
}

export interface World {
  readonly fine: { readonly land: Path2D; readonly borders: Path2D };
  readonly coarse: { readonly land: Path2D; readonly borders: Path2D };
  /** The widest first. */
  readonly countries: readonly Country[];
}

type Atlas = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

let drawn: World | undefined;

/** Made once for a page. */
export function world(): World {
  drawn ??= draw(countries as unknown as Atlas);
  return drawn;
}

function draw(atlas: Atlas): World {
  const projection = geoMercator()
    .scale(UNITS / (2 * Math.PI))
    .translate([UNITS / 2, UNITS / 2]);
  const land = feature(atlas, atlas.objects.land);
  const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
  const pathOf = (shape: Parameters<ReturnType<typeof geoPath>>[0], nearest: number): Path2D => {
    const path = new Path2D();
    geoPath(projection, thinned(path, nearest))(shape);
    return path;
  };
  // At the highest zoom of the coarse paths this is two thirds of a pixel.
  const nearest = (0.66 * UNITS) / (256 * 2 ** COARSE_BELOW);
  return {
    fine: { land: pathOf(land, 0), borders: pathOf(borders, 0) },
    coarse: { land: pathOf(land, nearest), borders: pathOf(borders, nearest) },
    countries: (feature(atlas, atlas.objects.countries) as FeatureCollection).features.map(countryOf).toSorted((a, b) => b.width - a.width),
  };
}

/** Draws lines without the points that stand nearer to the one before than `nearest`. */
function thinned(path: Path2D, nearest: number) {
  let [x, y] = [Number.NaN, Number.NaN];
  return {
    beginPath: () => undefined,
    moveTo(toX: number, toY: number) {
      [x, y] = [toX, toY];
      path.moveTo(toX, toY);
    },
    lineTo(toX: number, toY: number) {
      if (Math.abs(toX - x) < nearest && Math.abs(toY - y) < nearest) return;
      [x, y] = [toX, toY];
      path.lineTo(toX, toY);
    },
    closePath: () => path.closePath(),
    arc: () => undefined,
  };
}

/** A country's name stands on its largest part: that of France is in Europe. */
function countryOf(country: Feature): Country {
  const { geometry, properties } = country;
  const parts: readonly Polygon[] = geometry.type === 'MultiPolygon' ? geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates })) : geometry.type === 'Polygon' ? [geometry] : [];
  const largest = parts.toSorted((a, b) => geoArea(b) - geoArea(a))[0];
  const name = String(properties?.['name'] ?? '');
  if (largest === undefined) return { name, at: { x: 0.5, y: 0.5 }, width: 0 };
  const [longitude, latitude] = geoCentroid(largest);
  const xs = (largest.coordinates[0] ?? []).map(([lon]) => lon ?? 0);
  const width = (xs.reduce((a, b) => Math.max(a, b), -180) - xs.reduce((a, b) => Math.min(a, b), 180)) / 360;
  return { name, at: toWorld({ latitude, longitude }), width: Math.min(0.2, width) };
}
