import type { AssetView } from '../device/contract.ts';
import { formatBytes, formatClock, formatNarrowDay, formatPlace, DAY_MS } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';

/** What can tell copies of one photo apart, as it is read: the same line of each stands beside the others. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

export function factsOf({ asset, albums }: AssetView): Fact[] {
  const words = strings.duplicates;
  const { details, capture, place } = asset;
  const wallMs = capture.at + (capture.offsetMinutes ?? 0) * 60_000;
  const camera = details?.camera?.model ?? details?.camera?.make;
  return [
    { label: words.name, value: asset.resources.find(({ sha256 }) => sha256 === asset.primary)?.name ?? '' },
    { label: words.pixels, value: details?.width === undefined || details.height === undefined ? words.none : `${details.width} × ${details.height}` },
    { label: words.bytes, value: formatBytes(asset.resources.reduce((sum, { bytes }) => sum + bytes, 0)) },
    { label: words.format, value: asset.resources.map(({ role, mediaType }) => (role === 'photo' || role === 'video' ? (mediaType.split('/')[1] ?? mediaType).toUpperCase() : strings.viewer.roles[role])).join(' + ') },
    { label: words.taken, value: `${formatNarrowDay(Math.floor(wallMs / DAY_MS))}, ${formatClock(wallMs)}` },
    { label: words.camera, value: camera ?? words.none },
    { label: words.place, value: place === null ? words.none : formatPlace(place.latitude, place.longitude) },
    { label: words.caption, value: asset.caption ?? details?.caption ?? words.none },
    { label: words.albums, value: albums.length === 0 ? words.none : albums.map(({ name }) => name).join(', ') },
  ];
}

/** The labels of which not all have the same value. */
export function differing(all: readonly (readonly Fact[])[]): ReadonlySet<string> {
  const [first = []] = all;
  return new Set(first.filter(({ value }, at) => all.some((facts) => facts[at]?.value !== value)).map(({ label }) => label));
}
