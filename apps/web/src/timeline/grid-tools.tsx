import { CircleCheckBig, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useIsNarrow } from '../app/media-query.ts';
import { strings } from '../strings/strings.ts';
import { IconButton } from '../ui/icon-button.tsx';
import type { Density } from './density.ts';
import { type Selection, useSelection } from './selection.ts';

/** How large the pictures are, and picking. */
export function GridTools({ density, selection }: { readonly density: Density; readonly selection: Selection }): ReactNode {
  const { isOpen } = useSelection(selection);
  const isNarrow = useIsNarrow();
  return (
    <>
      {!isNarrow && (
        <>
          <IconButton label={strings.timeline.smaller} isDisabled={density.isSmallest} onPress={() => density.change(-1)}>
            <ZoomOut />
          </IconButton>
          <IconButton label={strings.timeline.larger} isDisabled={density.isLargest} onPress={() => density.change(1)}>
            <ZoomIn />
          </IconButton>
        </>
      )}
      <IconButton label={isOpen ? strings.timeline.selectNone : strings.timeline.select} onPress={() => (isOpen ? selection.clear() : selection.open())}>
        <CircleCheckBig />
      </IconButton>
    </>
  );
}
