import { useCallback, useState } from 'react';
import type { LayoutMeasure } from './layout.ts';

/** Row heights in pixels, from many small pictures to few large ones. */
const steps = { wide: [64, 96, 136, 188, 252, 340, 460], narrow: [44, 66, 96, 132, 190, 280] } as const;
const usual = { wide: 3, narrow: 3 } as const;
const KEY = 'everroll.density';

export interface Density {
  readonly rowHeight: number;
  readonly isSmallest: boolean;
  readonly isLargest: boolean;
  /** @param by 1 is larger */
  readonly change: (by: 1 | -1) => void;
}

/** How large pictures are: a wish of this browser, one for narrow windows and one for wide ones. */
export function useDensity(isNarrow: boolean): Density {
  const form = isNarrow ? 'narrow' : 'wide';
  const heights = steps[form];
  const [chosen, setChosen] = useState(() => ({ wide: kept('wide'), narrow: kept('narrow') }));
  const step = chosen[form];
  const change = useCallback(
    (by: 1 | -1) =>
      setChosen((before) => {
        const next = bounded(form, before[form] + by);
        localStorage.setItem(`${KEY}.${form}`, String(next));
        return { ...before, [form]: next };
      }),
    [form],
  );
  return { rowHeight: heights[step] ?? heights[usual[form]], isSmallest: step === 0, isLargest: step === heights.length - 1, change };
}

const bounded = (form: keyof typeof steps, step: number): number => Math.min(steps[form].length - 1, Math.max(0, step));

function kept(form: keyof typeof steps): number {
  const text = localStorage.getItem(`${KEY}.${form}`);
  const step = text === null ? Number.NaN : Number(text);
  return Number.isInteger(step) ? bounded(form, step) : usual[form];
}

/** @param byDay false: in the collection's own order, without labels. */
export function measureOf(width: number, rowHeight: number, isNarrow: boolean, byDay: boolean): LayoutMeasure {
  return { width, rowHeight, gap: isNarrow ? 2 : 4, labelHeight: byDay ? 36 : 0, labelWidth: byDay ? 104 : 0, dayGap: byDay ? (isNarrow ? 8 : 14) : isNarrow ? 2 : 4 };
}
