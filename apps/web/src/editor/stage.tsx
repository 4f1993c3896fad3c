import { adjustedSize, frameOf, frameToPicture, identity, outputToPicture } from '@everroll/media/adjust';
import { type Crop, plainRecipe, type Recipe } from '@everroll/protocol';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useElementSize } from '../viewer/element-size.ts';
import { fit } from '../viewer/zoom.ts';
import { CropFrame } from './crop-frame.tsx';
import { glPainter, type Painter, type Scene } from './gl-painter.ts';
import { plainPainter } from './plain-painter.ts';

export interface StageProps {
  readonly picture: ImageBitmap;
  readonly recipe: Recipe;
  /** All of the picture is shown, and the part that is kept can be changed. */
  readonly isCropping: boolean;
  /** As fractions of the frame; null: any shape. */
  readonly ratio: number | null;
  /** As it was taken, while it is held. */
  readonly isComparing: boolean;
  readonly onCrop: (crop: Crop) => void;
}

/** Around a picture that is cropped, so that its corners can be taken hold of. */
const MARGIN_PX = 28;

export function Stage({ picture, recipe, isCropping, ratio, isComparing, onCrop }: StageProps): ReactNode {
  const element = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter | null>(null);
  const room = useElementSize(element);
  const scene = sceneOf(picture, isComparing ? plainRecipe : recipe, isCropping && !isComparing);
  const size = room === null ? null : fit(scene.region, { width: Math.max(1, room.width - 2 * MARGIN_PX), height: Math.max(1, room.height - 2 * MARGIN_PX) });

  // A graphics processor may be busy, reset or missing; then another canvas takes over, as one that had its context gives no other.
  const [by, setBy] = useState<'graphics' | 'plain'>('graphics');
  useEffect(() => {
    const target = canvas.current;
    if (target === null) return;
    const made = by === 'graphics' ? glPainter(target, picture) : plainPainter(target, picture);
    painter.current = made;
    const giveUp = (): void => setBy('plain');
    if (made === null && by === 'graphics') giveUp();
    target.addEventListener('webglcontextlost', giveUp);
    return () => {
      target.removeEventListener('webglcontextlost', giveUp);
      made?.release();
      painter.current = null;
    };
  }, [picture, by]);
  useEffect(() => {
    if (size === null) return;
    // Once a frame, however often a slider moves between two.
    const frame = requestAnimationFrame(() => painter.current?.draw(scene, { width: Math.max(1, Math.round(size.width * devicePixelRatio)), height: Math.max(1, Math.round(size.height * devicePixelRatio)) }));
    return () => cancelAnimationFrame(frame);
  });
  return (
    <div className="edit-stage" ref={element}>
      <div className="edit-picture" style={size ?? undefined}>
        <canvas key={by} ref={canvas} data-here={size === null ? undefined : ''} />
        {isCropping && !isComparing && size && <CropFrame recipe={recipe} picture={picture} shown={size} ratio={ratio} onChange={onCrop} />}
      </div>
    </div>
  );
}

function sceneOf(picture: ImageBitmap, recipe: Recipe, isWhole: boolean): Scene {
  if (recipe === plainRecipe) return { recipe, region: picture, toPicture: identity };
  if (isWhole) return { recipe, region: frameOf(recipe, picture), toPicture: frameToPicture(recipe, picture) };
  return { recipe, region: adjustedSize(recipe, picture), toPicture: outputToPicture(recipe, picture) };
}
