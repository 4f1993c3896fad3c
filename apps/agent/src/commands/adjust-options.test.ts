import { plainRecipe, type Recipe } from '@everroll/protocol';
import { describe, expect, test } from 'vitest';
import { type AdjustOptions, adjustedRecipe } from './adjust-options.ts';

const made = (options: AdjustOptions, from: Recipe = plainRecipe): Recipe | null => {
  const change = adjustedRecipe(options);
  if (typeof change !== 'function') throw new Error(String(change));
  return change(from);
};

describe('what the words of `everroll edit` make of a look', () => {
  test.each<[AdjustOptions, Partial<Recipe>]>([
    [{ rotate: '90' }, { quarterTurns: 1 }],
    [{ rotate: '-90' }, { quarterTurns: 3 }],
    [{ rotate: '450' }, { quarterTurns: 1 }],
    [{ flip: 'horizontal' }, { mirrored: true }],
    [{ flip: 'vertical' }, { mirrored: true, quarterTurns: 2 }],
    [{ crop: '10,20,50,40' }, { crop: { left: 0.1, top: 0.2, width: 0.5, height: 0.4 } }],
    [{ straighten: '-3.5' }, { straighten: -3.5 }],
    [{ exposure: '20', warmth: '-100' }, { exposure: 0.2, warmth: -1 }],
    [{ filter: 'noir' }, { filter: { name: 'noir', strength: 1 } }],
    [{ filter: 'fade:40' }, { filter: { name: 'fade', strength: 0.4 } }],
  ])('%j', (options, recipe) => expect(made(options)).toEqual({ ...plainRecipe, ...recipe }));

  test('they change what is shown, and take single things away', () => {
    const from: Recipe = { ...plainRecipe, quarterTurns: 3, crop: { left: 0, top: 0, width: 0.5, height: 1 }, filter: { name: 'mono', strength: 1 } };
    expect(made({ rotate: '90' }, from)).toEqual({ ...from, quarterTurns: 0, crop: { left: 0, top: 0, width: 1, height: 0.5 } });
    expect(made({ crop: '', filter: '' }, from)).toEqual({ ...from, crop: null, filter: null });
    expect(made({ revert: true }, from)).toBeNull();
  });

  test.each<AdjustOptions>([{ rotate: '45' }, { rotate: '' }, { flip: 'left' }, { crop: '50,0,60,100' }, { crop: '1,2,3' }, { crop: '0,0,0,0' }, { straighten: '46' }, { exposure: '101' }, { tint: 'x' }, { filter: 'sepia' }, { filter: 'noir:101' }, { revert: true, rotate: '90' }])('a sentence for %j', (options) =>
    expect(adjustedRecipe(options)).toBeTypeOf('string'),
  );

  test('nothing is asked: nothing is done', () => expect(adjustedRecipe({})).toBeNull());
});
