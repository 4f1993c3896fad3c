import { type ContextType, type ReactNode, type RefObject, useEffect, useMemo } from 'react';
import { Tooltip, TooltipTriggerStateContext } from 'react-aria-components/Tooltip';

export interface HintTooltipProps {
  readonly label: string;
  readonly of: RefObject<Element | null>;
  readonly onHide: () => void;
}

/** Escape hides it without moving pointer or focus (WCAG 2.2, 1.4.13). */
export function HintTooltip({ label, of, onHide }: HintTooltipProps): ReactNode {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') onHide();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onHide]);
  // It is there only while it is shown; what begins and ends that is with its button.
  const state = useMemo<ContextType<typeof TooltipTriggerStateContext>>(() => ({ isOpen: true, shouldSkipAnimation: false, open: () => undefined, close: onHide }), [onHide]);
  return (
    <TooltipTriggerStateContext.Provider value={state}>
      <Tooltip className="tooltip" offset={6} triggerRef={of}>
        {label}
      </Tooltip>
    </TooltipTriggerStateContext.Provider>
  );
}
