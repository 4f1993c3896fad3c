import { MapPin } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import { useDevice } from '../app/device-context.tsx';
import { useOfLibrary } from '../app/of-library.ts';
import { useIsNarrow } from '../app/media-query.ts';
import type { Places } from '../device/contract.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { strings } from '../strings/strings.ts';
import { useUp } from '../timeline/up.ts';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/progress.tsx';
import { type Camera, fitted, type LatLon, type Size, toWorld, uncovered } from './camera.ts';
import { type Group, Groups, type PhotosOfGroup } from './clusters.ts';
import { GroupPanel } from './group-panel.tsx';
import { GroupPictures } from './group-pictures.tsx';
import './map-page.css';
import { WorldMap } from './world-map.tsx';

/** A library that is being read is looked at again not more often than this. */
const AGAIN_MS = 1000;
/** Near enough to see the streets' distance between groups. */
const PLACE_ZOOM = 12;

/** Where the photos were taken. `?at=` begins at a place. */
export function MapPage(): ReactNode {
  const places = usePlaces();
  const groups = useMemo(() => (places === null ? null : new Groups(places)), [places]);
  const [params] = useSearchParams();
  const [begin] = useState(() => placeIn(params.get('at')));
  const [camera, setCamera] = useState<Camera | null>(() => (begin === null ? lastCamera : { ...toWorld(begin), zoom: PLACE_ZOOM }));
  const [size, setSize] = useState<Size | null>(null);
  // With its photos of that moment: the library may change, and the groups with it, while it is open.
  const [chosen, setChosen] = useState<{ readonly group: Group; readonly photos: PhotosOfGroup } | null>(null);
  const up = useUp();
  useEffect(() => {
    if (camera !== null) lastCamera = camera;
  }, [camera]);
  // The first time all of it is shown, as soon as both are known.
  if (camera === null && size !== null && places !== null) setCamera(fitted(placesAsPoints(places), size));
  const isNarrow = useIsNarrow();
  const choose = (group: Group, photos: PhotosOfGroup, from: Camera, within: Size, moveTo: (to: Camera) => void): void => {
    setChosen({ group, photos });
    moveTo(uncovered(from, within, toWorld(group), isNarrow ? { right: 0, below: within.height * 0.62 } : { right: Math.min(PANEL_PX, within.width / 2), below: 0 }));
  };
  const count = places?.ids.length ?? 0;
  return (
    <>
      <TopBar title={strings.map.title} {...(count > 0 && { detail: strings.timeline.count(count) })} {...up} />
      <main className="map-page" {...(chosen && { 'data-chosen': '' })}>
        <WorldMap label={strings.map.title} camera={camera ?? { x: 0.5, y: 0.4, zoom: 1 }} onCamera={setCamera} onSize={setSize} onTap={() => setChosen(null)}>
          {(within, moveTo) => groups && camera && <GroupPictures groups={groups.seen(camera, within)} camera={camera} size={within} chosen={chosen?.group ?? null} onChoose={(group) => choose(group, groups.photosOf(group), camera, within, moveTo)} />}
        </WorldMap>
        {places === null && <Loading />}
        {places !== null && count === 0 && (
          <div className="map-empty">
            <Empty sign={<MapPin />} title={strings.map.emptyTitle} text={strings.map.emptyText} />
          </div>
        )}
        {chosen && <GroupPanel key={chosen.group.key} {...chosen} onClose={() => setChosen(null)} />}
      </main>
    </>
  );
}

/** The panel and the room around it: map-page.css. */
const PANEL_PX = 440;

/** Where the map was left, for as long as the page is open. */
let lastCamera: Camera | null = null;

function usePlaces(): Places | null {
  const { assets } = useDevice();
  return useOfLibrary(useCallback(() => assets.places(), [assets]), AGAIN_MS);
}

function placesAsPoints({ latitudes, longitudes }: Places): LatLon[] {
  return Array.from(latitudes, (latitude, at) => ({ latitude, longitude: longitudes[at] ?? 0 }));
}

function placeIn(text: string | null): LatLon | null {
  const [latitude = Number.NaN, longitude = Number.NaN] = (text ?? '').split(',').map(Number.parseFloat);
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
