import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { toWorld } from '../map/camera.ts';
import { coloursOf, drawMap } from '../map/draw.ts';
import { formatPlace } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { type PlaceNames, loadPlaceNames } from '../places/place-names.ts';
import { placeName } from '../places/place-name.ts';

const SIZE = { width: 304, height: 180 };
/** A country is known by its shape, a town by its neighbours. */
const ZOOM = 6;

/** Where a photo was taken, on a map of open data that comes with the app. It leads to the large one. */
export default function PlaceMap({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [names, setNames] = useState<PlaceNames | null>(null);
  useEffect(() => {
    let isHere = true;
    void loadPlaceNames().then((loaded) => isHere && setNames(loaded));
    return () => {
      isHere = false;
    };
  }, []);
  useEffect(() => {
    if (canvas.current) drawMap(canvas.current, { ...toWorld({ latitude, longitude }), zoom: ZOOM }, SIZE, coloursOf(canvas.current), names);
  }, [latitude, longitude, names]);
  const name = names === null ? null : placeName(names, latitude, longitude);
  return (
    <>
      <Link href={`/map?at=${latitude.toFixed(5)},${longitude.toFixed(5)}`} className="map" aria-label={strings.map.open}>
        <canvas ref={canvas} width={SIZE.width * 2} height={SIZE.height * 2} />
        <span className="pin" aria-hidden="true" />
      </Link>
      {name !== null && <p className="strong">{name}</p>}
      <p className="quiet figures">{formatPlace(latitude, longitude)}</p>
    </>
  );
}
