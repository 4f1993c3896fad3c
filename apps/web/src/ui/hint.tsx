import { lazy, type ReactNode, type RefObject, Suspense, useCallback, useEffect, useRef, useState } from 'react';

// It has to find its place on the screen, for which it brings much: it comes when one is first to be shown.
const Tooltip = lazy(async () => ({ default: (await import('./tooltip.tsx')).HintTooltip }));

/** A pointer rests for so long before it is told more. */
const REST_MS = 500;

/** Hides the one that is shown: there is one at a time. */
let hideShown = (): void => undefined;

export interface Hint {
  readonly ref: RefObject<HTMLButtonElement | null>;
  /** For the button: pointer, focus and press begin and end it. */
  readonly handlers: {
    readonly onHoverStart: () => void;
    readonly onHoverEnd: () => void;
    readonly onFocus: (event: { readonly target: Element }) => void;
    readonly onBlur: () => void;
    readonly onPressStart: () => void;
  };
  /** What is shown, beside the button. */
  readonly shown: ReactNode;
}

/** What a button without words does, shown while the pointer rests on it and while the keyboard is on it. */
export function useHint(label: string): Hint {
  const ref = useRef<HTMLButtonElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [isShown, setShown] = useState(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const hide = useCallback((): void => {
    clearTimeout(timer.current);
    setShown(false);
  }, []);
  const show = (): void => {
    if (hideShown !== hide) hideShown();
    hideShown = hide;
    setShown(true);
  };
  return {
    ref,
    handlers: {
      onHoverStart() {
        clearTimeout(timer.current);
        timer.current = setTimeout(show, REST_MS);
      },
      onHoverEnd: hide,
      onFocus: ({ target }) => target.matches(':focus-visible') && show(),
      onBlur: hide,
      onPressStart: hide,
    },
    shown: isShown && (
      <Suspense fallback={null}>
        <Tooltip label={label} of={ref} onHide={hide} />
      </Suspense>
    ),
  };
}
