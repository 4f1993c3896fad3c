import { flippedAcross, flippedDown, frameOf, type Size, soundCrop, turned } from '@everroll/media/adjust';
import type { Recipe } from '@everroll/protocol';
import { FlipHorizontal2, FlipVertical2, RectangleHorizontal, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Amount } from './amount.tsx';
import { ofRatio } from './crop-edit.ts';
import { type Shape, type ShapeName, shapeNames } from './shapes.ts';

export interface CropToolsProps {
  readonly recipe: Recipe;
  readonly picture: Size;
  readonly shape: Shape;
  readonly onShape: (shape: Shape) => void;
  readonly onChange: (recipe: Recipe) => void;
}

export function CropTools({ recipe, picture, shape, onShape, onChange }: CropToolsProps): ReactNode {
  const words = strings.editor;
  const choose = (next: Shape, of: Recipe = recipe): void => {
    onShape(next);
    const ratio = next.ratioIn(frameOf(of, picture));
    onChange(ratio === null ? of : { ...of, crop: ofRatio(soundCrop(of, picture), ratio) });
  };
  return (
    <div className="crop-tools">
      <div className="turns">
        <IconButton label={words.rotate} onPress={() => (shape.isFixed ? choose(shape.swapped(), turned(recipe)) : onChange(turned(recipe)))}>
          <RotateCw />
        </IconButton>
        <IconButton label={words.flipAcross} onPress={() => onChange(flippedAcross(recipe))}>
          <FlipHorizontal2 />
        </IconButton>
        <IconButton label={words.flipDown} onPress={() => onChange(flippedDown(recipe))}>
          <FlipVertical2 />
        </IconButton>
        <IconButton label={words.swap} isDisabled={!shape.isFixed} onPress={() => choose(shape.swapped())}>
          <RectangleHorizontal />
        </IconButton>
      </div>
      <Amount label={words.straighten} value={recipe.straighten} least={-45} most={45} step={0.5} words={words.degrees} onChange={(straighten) => onChange({ ...recipe, straighten })} />
      <div className="shapes" role="group" aria-label={words.shape}>
        {shapeNames.map((name: ShapeName) => (
          <button key={name} type="button" className="chip" aria-pressed={shape.name === name} onClick={() => choose(shape.named(name))}>
            {words.shapes[name]}
          </button>
        ))}
      </div>
    </div>
  );
}
