import { type Size, soundCrop } from '@everroll/media/adjust';
import type { Crop, Recipe } from '@everroll/protocol';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { strings } from '../strings/strings.ts';
import { type Handle, handles, moved, resized } from './crop-edit.ts';

const STEP = 0.01;
const LARGE_STEP = 0.05;
/** Crops that differ by less are the same: what is dragged against the picture's edge stops there. */
const SAME = 1e-6;

export interface CropFrameProps {
  readonly recipe: Recipe;
  readonly picture: Size;
  /** On the screen. */
  readonly shown: Size;
  /** Width by height, as fractions of the frame; null: any shape. */
  readonly ratio: number | null;
  readonly onChange: (crop: Crop) => void;
}

/** The part that is kept, with corners and edges to take hold of, by finger, mouse and arrow keys. */
export function CropFrame({ recipe, picture, shown, ratio, onChange }: CropFrameProps): ReactNode {
  const crop = soundCrop(recipe, picture);
  const drag = useRef<{ readonly crop: Crop; readonly x: number; readonly y: number } | null>(null);
  const change = (from: Crop, what: Handle | 'move', x: number, y: number): void => {
    const next = what === 'move' ? moved(from, { x, y }) : resized(from, what, { x, y }, ratio);
    const sound = soundCrop({ ...recipe, crop: next }, picture);
    if (Math.abs(sound.width - next.width) + Math.abs(sound.height - next.height) < SAME) onChange(next);
  };
  const held = (what: Handle | 'move') => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { crop, x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag.current === null || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
      change(drag.current.crop, what, (event.clientX - drag.current.x) / shown.width, (event.clientY - drag.current.y) / shown.height);
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onKeyDown: (event: KeyboardEvent) => {
      const step = event.shiftKey ? LARGE_STEP : STEP;
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      change(crop, what, way[0] ?? 0, way[1] ?? 0);
    },
  });
  const place = { left: `${crop.left * 100}%`, top: `${crop.top * 100}%`, width: `${crop.width * 100}%`, height: `${crop.height * 100}%` };
  return (
    <>
      <div className="crop-shade">
        <div style={place} />
      </div>
      <div className="crop-frame" style={place}>
        <button type="button" className="crop-inside" aria-label={strings.editor.frame} {...held('move')} />
        {handles.map((handle) => (
          <button key={handle} type="button" className={`crop-handle ${handle}`} aria-label={strings.editor.handle[handle]} {...held(handle)} />
        ))}
      </div>
    </>
  );
}
