import { flippedAcross, flippedDown, turned } from '@everroll/media/adjust';
import { Crop, FilterName, Recipe } from '@everroll/protocol';

/** How a photo is to look: words of the command line, over what it looks like now. */
export interface AdjustOptions {
  readonly rotate?: string;
  readonly flip?: string;
  readonly crop?: string;
  readonly straighten?: string;
  readonly exposure?: string;
  readonly contrast?: string;
  readonly highlights?: string;
  readonly shadows?: string;
  readonly saturation?: string;
  readonly warmth?: string;
  readonly tint?: string;
  readonly filter?: string;
  readonly revert?: boolean;
}

const amounts = ['exposure', 'contrast', 'highlights', 'shadows', 'saturation', 'warmth', 'tint'] as const;

/** What they make of a recipe; null where none of them is given, a sentence where one is wrong. */
export function adjustedRecipe(options: AdjustOptions): ((recipe: Recipe) => Recipe | null) | string | null {
  const steps: ((recipe: Recipe) => Recipe)[] = [];
  if (options.rotate !== undefined) {
    const quarters = Number(options.rotate) / 90;
    if (options.rotate.trim() === '' || !Number.isInteger(quarters)) return `${options.rotate} is no turn: 90 (clockwise), 180, 270 or -90.`;
    for (let done = 0; done < ((quarters % 4) + 4) % 4; done += 1) steps.push(turned);
  }
  if (options.flip !== undefined) {
    if (options.flip !== 'horizontal' && options.flip !== 'vertical') return `${options.flip} is no way to flip: horizontal or vertical.`;
    steps.push(options.flip === 'horizontal' ? flippedAcross : flippedDown);
  }
  if (options.crop !== undefined) {
    const crop = options.crop === '' ? null : parseCrop(options.crop);
    if (crop === undefined) return `${options.crop} is no crop: left,top,width,height in percent of the turned picture, such as 10,10,80,80; empty for none.`;
    steps.push((recipe) => ({ ...recipe, crop }));
  }
  if (options.straighten !== undefined) {
    const straighten = numberIn(options.straighten, 45);
    if (straighten === undefined) return `${options.straighten} is no angle: degrees clockwise, -45 to 45.`;
    steps.push((recipe) => ({ ...recipe, straighten }));
  }
  for (const name of amounts) {
    const text = options[name];
    if (text === undefined) continue;
    const amount = numberIn(text, 100);
    if (amount === undefined) return `${text} is no ${name}: -100 to 100, and 0 for none.`;
    steps.push((recipe) => ({ ...recipe, [name]: amount / 100 }));
  }
  if (options.filter !== undefined) {
    const filter = options.filter === '' ? null : parseFilter(options.filter);
    if (filter === undefined) return `${options.filter} is no filter: ${FilterName.options.join(', ')}, with its strength in percent after a colon where it is not 100; empty for none.`;
    steps.push((recipe) => ({ ...recipe, filter }));
  }
  if (options.revert === true) return steps.length > 0 ? 'Revert by itself: it takes all of the rest away.' : () => null;
  return steps.length === 0 ? null : (recipe) => steps.reduce((so, step) => step(so), recipe);
}

function numberIn(text: string, most: number): number | undefined {
  const number = Number(text);
  return text.trim() !== '' && Math.abs(number) <= most ? number : undefined;
}

function parseCrop(text: string): Crop | undefined {
  const [left = Number.NaN, top = Number.NaN, width = Number.NaN, height = Number.NaN, ...rest] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part) / 100));
  return rest.length > 0 ? undefined : Crop.safeParse({ left, top, width, height }).data;
}

function parseFilter(text: string): Recipe['filter'] | undefined {
  const [name, percent = '100', ...rest] = text.split(':');
  const filter = { name, strength: Number(percent) / 100 };
  return rest.length > 0 ? undefined : (Recipe.shape.filter.safeParse(filter).data ?? undefined);
}
