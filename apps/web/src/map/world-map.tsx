import { Minus, Plus } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { loadPlaceNames, type PlaceNames } from '../places/place-names.ts';
import { type Camera, clamped, type LatLon, type Point, type Size, toPlace, underPoint } from './camera.ts';
import { coloursOf, drawMap } from './draw.ts';
import { useMapGestures } from './gestures.ts';
import './world-map.css';

export interface WorldMapProps {
  readonly label: string;
  readonly camera: Camera;
  readonly onCamera: (camera: Camera) => void;
  /** Its size became known, or another one. */
  readonly onSize?: (size: Size) => void;
  readonly onTap?: (place: LatLon) => void;
  /** Lies on the map; given how to move it. */
  readonly children?: (size: Size, moveTo: (camera: Camera) => void) => ReactNode;
}

/** A map of the world from data that comes with the app: nothing is asked of anybody. */
export function WorldMap({ label, camera, onCamera, onSize, onTap, children }: WorldMapProps): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const [names, setNames] = useState<PlaceNames | null>(null);
  const [theme, setTheme] = useState(0);
  const within = size ?? { width: 1, height: 1 };
  const view = clamped(camera, within);
  const tapped = (at: Point): void => onTap?.(toPlace(underPoint(view, within, at)));
  const gestures = useMapGestures(frame, view, within, onCamera, tapped);

  useEffect(() => {
    let isHere = true;
    void loadPlaceNames().then((loaded) => isHere && setNames(loaded));
    return () => {
      isHere = false;
    };
  }, []);
  const told = useRef(onSize);
  useEffect(() => {
    told.current = onSize;
  });
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      if (next.width === 0 || next.height === 0) return;
      setSize(next);
      told.current?.(next);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const repaint = (): void => setTheme((before) => before + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', repaint);
    const chosen = new MutationObserver(repaint);
    chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      dark.removeEventListener('change', repaint);
      chosen.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const [element, around] = [canvas.current, frame.current];
    if (element === null || around === null || size === null) return;
    const density = Math.min(2, devicePixelRatio);
    const [width, height] = [Math.round(size.width * density), Math.round(size.height * density)];
    if (element.width !== width || element.height !== height) [element.width, element.height] = [width, height];
    drawMap(element, view, size, coloursOf(around), names);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the view is what it is made of
  }, [view.x, view.y, view.zoom, size, names, theme]);

  return (
    <div className="world-map">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the map is moved by keys */}
      <div ref={frame} className="frame" role="application" aria-roledescription={strings.map.role} aria-label={label} tabIndex={0} {...gestures.handlers}>
        <canvas ref={canvas} />
        {size !== null && children?.(size, gestures.moveTo)}
      </div>
      <div className="map-tools">
        <IconButton label={strings.viewer.zoomIn} onPress={() => gestures.zoomBy(1)}>
          <Plus />
        </IconButton>
        <IconButton label={strings.viewer.zoomOut} onPress={() => gestures.zoomBy(-1)}>
          <Minus />
        </IconButton>
      </div>
      <small className="map-credit">{strings.map.credit}</small>
    </div>
  );
}
