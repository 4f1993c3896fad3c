import type { AssetId } from '@everroll/protocol';
import Supercluster from 'supercluster';
import type { Places } from '../device/contract.ts';
import { type Camera, type LatLon, seen, type Size, ZOOM_MAX } from './camera.ts';

/** Pictures of groups stand so far apart, in pixels. */
const RADIUS_PX = 76;
/** A tile of the index has as many units as the map has pixels in it. */
const EXTENT = 256;

export interface Group {
  /** The same while the same photos are one group. */
  readonly key: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly count: number;
  /** The newest of them. */
  readonly face: AssetId;
  /** Inside the index. */
  readonly cluster: number | null;
}

export interface PhotosOfGroup {
  readonly ids: readonly AssetId[];
  readonly points: readonly LatLon[];
}

interface Newest {
  /** Position in `Places`: the lowest is the newest. */
  readonly newest: number;
}

/** Photos that lie close together, by how near the map is looked at. */
export class Groups {
  readonly #places: Places;
  readonly #index: Supercluster<Newest, Newest>;

  constructor(places: Places) {
    this.#places = places;
    this.#index = new Supercluster<Newest, Newest>({
      radius: RADIUS_PX,
      extent: EXTENT,
      maxZoom: ZOOM_MAX,
      map: ({ newest }) => ({ newest }),
      reduce: (whole, { newest }) => {
        (whole as { newest: number }).newest = Math.min(whole.newest, newest);
      },
    });
    this.#index.load(
      places.ids.map((_, at) => ({
        type: 'Feature',
        properties: { newest: at },
        geometry: { type: 'Point', coordinates: [places.longitudes[at] ?? 0, places.latitudes[at] ?? 0] },
      })),
    );
  }

  /** What is seen, and what reaches into it. */
  seen(camera: Camera, size: Size): Group[] {
    return this.#index.getClusters([...seen(camera, size, RADIUS_PX)], Math.round(camera.zoom)).flatMap((found) => {
      const [longitude = 0, latitude = 0] = found.geometry.coordinates;
      const face = this.#places.ids[found.properties.newest];
      if (face === undefined) return [];
      const cluster = 'cluster_id' in found.properties ? found.properties.cluster_id : null;
      const count = 'point_count' in found.properties ? found.properties.point_count : 1;
      return [{ key: `${face} ${count}`, latitude, longitude, count, face, cluster }];
    });
  }

  /** All of a group, newest capture first. */
  photosOf(group: Group): PhotosOfGroup {
    if (group.cluster === null) return { ids: [group.face], points: [group] };
    const positions = this.#index
      .getLeaves(group.cluster, Number.POSITIVE_INFINITY)
      .map(({ properties }) => properties.newest)
      .toSorted((a, b) => a - b);
    return {
      ids: positions.flatMap((at) => this.#places.ids[at] ?? []),
      points: positions.map((at) => ({ latitude: this.#places.latitudes[at] ?? 0, longitude: this.#places.longitudes[at] ?? 0 })),
    };
  }
}
