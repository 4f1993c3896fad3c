import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import { Bar } from '../ui/progress.tsx';

/** While the server makes a video that this browser plays. @param progress 0 to 1; null where it is not known */
export function BeingMade({ progress }: { readonly progress: number | null }): ReactNode {
  return (
    <div className="making with-bar" role="status">
      {strings.viewer.making}
      <Bar label={strings.viewer.making} fraction={progress} />
    </div>
  );
}
