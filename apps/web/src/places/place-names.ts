import { around } from 'geokdbush';
import KDBush from 'kdbush';
import { beginsIn, folded } from './folded.ts';

/** The address of the file that build/place-names.ts writes. */
declare const EVERROLL_PLACE_NAMES: string;

/** Farther away than this a town does not say where a photo was taken. */
const NEAR_KM = 60;

export interface Town {
  readonly name: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly population: number;
}

/** Degrees; `west` may be greater than `east`. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/**
 * Towns of the world by name and by place, from a file that comes with the app: nobody is asked. The
 * file: how many (32 bits), then in columns of 16 bits latitude and longitude (0 to 65535 for -90 to 90
 * and -180 to 180 degrees: 300 m), 1000 times the binary logarithm of the population, the country's
 * number; then as text the countries and the names, an empty line between them.
 */
export class PlaceNames {
  readonly #names: readonly string[];
  readonly #folded: readonly string[];
  readonly #countries: readonly string[];
  readonly #latitudes: Uint16Array;
  readonly #longitudes: Uint16Array;
  readonly #populations: Uint16Array;
  readonly #countryOf: Uint16Array;
  /** The largest first. */
  readonly #bySize: Uint32Array;
  readonly #index: KDBush;

  constructor(file: ArrayBuffer) {
    const count = new DataView(file).getUint32(0, true);
    const column = (at: number): Uint16Array => new Uint16Array(file, 4 + at * 2 * count, count);
    [this.#latitudes, this.#longitudes, this.#populations, this.#countryOf] = [column(0), column(1), column(2), column(3)];
    const [countries = '', names = ''] = new TextDecoder().decode(new Uint8Array(file, 4 + 8 * count)).split('\n\n');
    this.#countries = countries.split('\n');
    this.#names = names.split('\n');
    this.#folded = this.#names.map(folded);
    this.#bySize = Uint32Array.from({ length: count }, (_, at) => at).toSorted((a, b) => (this.#populations[b] ?? 0) - (this.#populations[a] ?? 0));
    this.#index = new KDBush(count);
    for (let at = 0; at < count; at += 1) this.#index.add(this.#longitude(at), this.#latitude(at));
    this.#index.finish();
  }

  /** The town that a place is in or beside; null: none is near. */
  near(latitude: number, longitude: number): Town | null {
    const [at] = around(this.#index, longitude, latitude, 1, NEAR_KM);
    return at === undefined ? null : this.#town(at);
  }

  /** Towns whose name, or a word of it, begins with the text; the largest first. */
  search(text: string, most: number): Town[] {
    const wanted = folded(text.trim());
    const found: Town[] = [];
    for (const at of wanted === '' ? [] : this.#bySize) {
      if (!beginsIn(this.#folded[at] ?? '', wanted)) continue;
      found.push(this.#town(at));
      if (found.length === most) break;
    }
    return found;
  }

  /** The largest towns within bounds. */
  largest({ south, west, north, east }: Bounds, most: number): Town[] {
    const found: Town[] = [];
    for (const at of this.#bySize) {
      const [latitude, longitude] = [this.#latitude(at), this.#longitude(at)];
      if (latitude < south || latitude > north || (west <= east ? longitude < west || longitude > east : longitude < west && longitude > east)) continue;
      found.push(this.#town(at));
      if (found.length === most) break;
    }
    return found;
  }

  #town(at: number): Town {
    return {
      name: this.#names[at] ?? '',
      country: this.#countries[this.#countryOf[at] ?? 0] ?? '',
      latitude: this.#latitude(at),
      longitude: this.#longitude(at),
      population: Math.round(2 ** ((this.#populations[at] ?? 0) / 1000)),
    };
  }

  #latitude(at: number): number {
    return ((this.#latitudes[at] ?? 0) / 65_535) * 180 - 90;
  }

  #longitude(at: number): number {
    return ((this.#longitudes[at] ?? 0) / 65_535) * 360 - 180;
  }
}

let loading: Promise<PlaceNames | null> | undefined;

/** Once for a page or a worker, when it is first wanted; null: it could not be fetched, and is fetched again at the next wish. */
export function loadPlaceNames(): Promise<PlaceNames | null> {
  loading ??= fetch(EVERROLL_PLACE_NAMES)
    .then(async (answer) => (answer.ok ? new PlaceNames(await answer.arrayBuffer()) : null))
    .catch(() => null)
    .then((names) => {
      if (names === null) loading = undefined;
      return names;
    });
  return loading;
}
