import { drawAdjusted, type Pixels } from '@everroll/media/adjust';
import { FilterName, plainRecipe, type Recipe } from '@everroll/protocol';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { strings } from '../strings/strings.ts';
import { Percent } from './amount.tsx';

/** Twice the shown size, for sharp screens. */
const THUMB_PX = 128;
const names = ['none', ...FilterName.options] as const;
type Name = (typeof names)[number];

export interface FilterToolsProps {
  readonly picture: ImageBitmap;
  readonly recipe: Recipe;
  readonly onChange: (recipe: Recipe) => void;
}

/** Each filter on the photo itself, with the light and colour that were set. */
export function FilterTools({ picture, recipe, onChange }: FilterToolsProps): ReactNode {
  const words = strings.editor;
  const small = useMemo(() => middleOf(picture), [picture]);
  // What turns and crops does not change how filters look in the middle of the picture.
  const { exposure, contrast, highlights, shadows, saturation, warmth, tint } = recipe;
  const look = useMemo(() => ({ ...plainRecipe, exposure, contrast, highlights, shadows, saturation, warmth, tint }), [exposure, contrast, highlights, shadows, saturation, warmth, tint]);
  const chosen: Name = recipe.filter?.name ?? 'none';
  return (
    <div className="filter-tools">
      <div className="filters" role="group" aria-label={words.tool.filters}>
        {names.map((name) => (
          <button key={name} type="button" className="filter" aria-pressed={chosen === name} onClick={() => onChange({ ...recipe, filter: name === 'none' ? null : { name, strength: recipe.filter?.name === name ? recipe.filter.strength : 1 } })}>
            <FilterThumb pixels={small} look={look} name={name} />
            <span>{words.filter[name]}</span>
          </button>
        ))}
      </div>
      {recipe.filter && <Percent label={words.strength} value={recipe.filter.strength} least={0} onChange={(strength) => recipe.filter && onChange({ ...recipe, filter: { ...recipe.filter, strength } })} />}
    </div>
  );
}

function FilterThumb({ pixels, look, name }: { readonly pixels: Pixels; readonly look: Recipe; readonly name: Name }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { data, width, height } = drawAdjusted(pixels, { ...look, filter: name === 'none' ? null : { name, strength: 1 } });
    canvas.current?.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  }, [pixels, look, name]);
  return <canvas ref={canvas} width={pixels.width} height={pixels.height} />;
}

/** The middle square of the picture, small. */
function middleOf(picture: ImageBitmap): Pixels {
  const edge = Math.min(picture.width, picture.height);
  const canvas = new OffscreenCanvas(THUMB_PX, THUMB_PX);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('a canvas without a context');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (picture.width - edge) / 2, (picture.height - edge) / 2, edge, edge, 0, 0, THUMB_PX, THUMB_PX);
  return { data: context.getImageData(0, 0, THUMB_PX, THUMB_PX).data, width: THUMB_PX, height: THUMB_PX, channels: 4 };
}
