/**
 * What part of the world a map shows. Web Mercator: the world is a square of side 1, x from the 180th
 * meridian eastwards, y from the north; at zoom z it is 256 · 2^z pixels wide, and it repeats sideways.
 */
export interface Camera {
  /** Of the middle of the map. */
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Degrees. */
export interface LatLon {
  readonly latitude: number;
  readonly longitude: number;
}

/** Here Web Mercator's world is as high as wide. */
export const NORTHMOST = 85.05112878;
/** Photos of one building are told apart; the coasts have long lost their detail. */
export const ZOOM_MAX = 17;

export const worldPx = (zoom: number): number => 256 * 2 ** zoom;

export function toWorld({ latitude, longitude }: LatLon): Point {
  const sine = Math.sin((Math.max(-NORTHMOST, Math.min(NORTHMOST, latitude)) * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}

export function toPlace({ x, y }: Point): LatLon {
  return { latitude: (Math.atan(Math.sinh((1 - 2 * y) * Math.PI)) * 180) / Math.PI, longitude: (x - Math.floor(x) - 0.5) * 360 };
}

/** Where a point of the world is on the map, in pixels from its upper left: the copy that is nearest to the middle. */
export function onMap(camera: Camera, size: Size, world: Point): Point {
  const px = worldPx(camera.zoom);
  const dx = world.x - camera.x;
  return { x: size.width / 2 + (dx - Math.round(dx)) * px, y: size.height / 2 + (world.y - camera.y) * px };
}

export function underPoint(camera: Camera, size: Size, at: Point): Point {
  const px = worldPx(camera.zoom);
  return { x: camera.x + (at.x - size.width / 2) / px, y: camera.y + (at.y - size.height / 2) / px };
}

/** No sea beyond the poles is shown, and nothing is enlarged without end. */
export function clamped(camera: Camera, size: Size): Camera {
  const least = Math.log2(Math.max(1, size.height) / 256);
  const zoom = Math.max(least, Math.min(ZOOM_MAX, camera.zoom));
  const half = size.height / worldPx(zoom) / 2;
  return { x: camera.x - Math.floor(camera.x), y: Math.max(half, Math.min(1 - half, camera.y)), zoom };
}

export function panned(camera: Camera, size: Size, dx: number, dy: number): Camera {
  const px = worldPx(camera.zoom);
  return clamped({ ...camera, x: camera.x - dx / px, y: camera.y - dy / px }, size);
}

/** What is under the point stays under it. */
export function zoomed(camera: Camera, size: Size, by: number, at: Point): Camera {
  const held = underPoint(camera, size, at);
  const zoom = clamped({ ...camera, zoom: camera.zoom + by }, size).zoom;
  const px = worldPx(zoom);
  return clamped({ x: held.x - (at.x - size.width / 2) / px, y: held.y - (at.y - size.height / 2) / px, zoom }, size);
}

/** Shows all of these points, with some room around them, or as many as the map can hold; the whole world where there are none. */
export function fitted(places: readonly LatLon[], size: Size, most = 11): Camera {
  if (places.length === 0) return clamped({ x: 0.5, y: 0.4, zoom: 0 }, size);
  const points = places.map(toWorld);
  const { from, to } = shortestSpan(points.map(({ x }) => x));
  const ys = points.map(({ y }) => y);
  const [top, bottom] = [ys.reduce((a, b) => Math.min(a, b)), ys.reduce((a, b) => Math.max(a, b))];
  const room = 0.76;
  const zoom = Math.min(most, Math.log2((size.width * room) / 256 / Math.max(to - from, 1e-9)), Math.log2((size.height * room) / 256 / Math.max(bottom - top, 1e-9)));
  const all = clamped({ x: (from + to) / 2, y: (top + bottom) / 2, zoom }, size);
  // A map that is higher than wide never shows the whole way round.
  const wide = (size.width * room) / worldPx(all.zoom);
  return to - from <= wide ? all : clamped({ ...all, x: fullest(points.map(({ x }) => x), wide) }, size);
}

/** The middle of the stretch, `wide` at most, that holds most of these. */
function fullest(xs: readonly number[], wide: number): number {
  const sorted = xs.toSorted((a, b) => a - b);
  const round = [...sorted, ...sorted.map((x) => x + 1)];
  let [first, best, middle] = [0, 0, 0.5];
  for (const [last, to] of round.entries()) {
    while (to - (round[first] ?? to) > wide) first += 1;
    if (last - first < best) continue;
    best = last - first + 1;
    middle = ((round[first] ?? to) + to) / 2;
  }
  return middle;
}

/** The shortest stretch of the circle that holds all of these: it may lie across the 180th meridian, then `to` is beyond 1. */
function shortestSpan(xs: readonly number[]): { readonly from: number; readonly to: number } {
  const sorted = xs.toSorted((a, b) => a - b);
  const last = sorted.at(-1) ?? 0;
  let [widest, at] = [(sorted[0] ?? 0) + 1 - last, 0];
  for (let next = 1; next < sorted.length; next += 1) {
    const gap = (sorted[next] ?? 0) - (sorted[next - 1] ?? 0);
    if (gap > widest) [widest, at] = [gap, next];
  }
  const from = sorted[at] ?? 0;
  return { from, to: at === 0 ? last : (sorted[at - 1] ?? 0) + 1 };
}

/** West, south, east, north in degrees; `west` is greater than `east` across the 180th meridian. */
export function seen(camera: Camera, size: Size, beyondPx = 0): readonly [west: number, south: number, east: number, north: number] {
  const px = worldPx(camera.zoom);
  const half = { x: (size.width / 2 + beyondPx) / px, y: (size.height / 2 + beyondPx) / px };
  const north = toPlace({ x: 0, y: Math.max(0, camera.y - half.y) }).latitude;
  const south = toPlace({ x: 0, y: Math.min(1, camera.y + half.y) }).latitude;
  if (half.x >= 0.5) return [-180, south, 180, north];
  return [toPlace({ x: camera.x - half.x, y: 0 }).longitude, south, toPlace({ x: camera.x + half.x, y: 0 }).longitude, north];
}

/** Between two views, for a movement: `part` from 0 to 1. The way round is the shorter one. */
export function between(from: Camera, to: Camera, part: number): Camera {
  const dx = to.x - from.x;
  return { x: from.x + (dx - Math.round(dx)) * part, y: from.y + (to.y - from.y) * part, zoom: from.zoom + (to.zoom - from.zoom) * part };
}

/** The view in which a point is not below what covers the right or the lower part; the same where it is not so now. */
export function uncovered(camera: Camera, size: Size, world: Point, cover: { readonly right: number; readonly below: number }): Camera {
  const { x, y } = onMap(camera, size, world);
  const edge = 48;
  const [right, bottom] = [size.width - cover.right - edge, size.height - cover.below - edge];
  if (x < right && y < bottom) return camera;
  return panned(camera, size, x < right ? 0 : (size.width - cover.right) / 2 - x, y < bottom ? 0 : (size.height - cover.below) / 2 - y);
}
