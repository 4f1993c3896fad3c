import { geoGraticule10, geoMercator, geoPath } from 'd3-geo';
import { type ReactNode, useMemo } from 'react';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import countries from 'world-atlas/countries-50m.json';
import { strings } from '../strings/strings.ts';

const WIDTH = 320;
const HEIGHT = 180;
/** Mercator's scale: about 25 degrees of longitude across, so that a country is known by its shape. */
const SCALE = 700;
/** Towards the poles Mercator grows without end. */
const NORTHMOST = 83;

const world = countries as unknown as Topology;
const land = world.objects['countries'];
const shapes = land === undefined ? null : feature(world, land);

/** Where a photo was taken, on a map of open data that ships with the app: nothing is asked of anybody. */
export default function PlaceMap({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): ReactNode {
  const { outline, grid, at } = useMemo(() => {
    const projection = geoMercator()
      .scale(SCALE)
      .translate([WIDTH / 2, HEIGHT / 2])
      .center([longitude, Math.min(NORTHMOST, Math.max(-NORTHMOST, latitude))])
      .rotate([0, 0])
      .clipExtent([[-1, -1], [WIDTH + 1, HEIGHT + 1]]);
    const path = geoPath(projection);
    return { outline: shapes === null ? null : path(shapes), grid: path(geoGraticule10()), at: projection([longitude, latitude]) ?? [WIDTH / 2, HEIGHT / 2] };
  }, [latitude, longitude]);
  return (
    <svg className="map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={strings.viewer.place}>
      <path d={grid ?? ''} fill="none" stroke="oklch(1 0 0 / 0.07)" />
      <path d={outline ?? ''} fill="oklch(0.38 0.012 120)" stroke="oklch(0.55 0.01 120)" strokeWidth="0.6" />
      <circle cx={at[0]} cy={at[1]} r="13" fill="oklch(0.76 0.125 45 / 0.25)" />
      <circle cx={at[0]} cy={at[1]} r="5" fill="oklch(0.76 0.14 45)" stroke="#fff" strokeWidth="1.5" />
    </svg>
  );
}
