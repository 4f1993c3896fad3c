import type { ReactNode } from 'react';
import './empty.css';

export interface EmptyProps {
  readonly sign: ReactNode;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** What a page shows when it has nothing: why, and what to do. */
export function Empty({ sign, title, text, children }: EmptyProps): ReactNode {
  return (
    <div className="empty">
      <div className="sign" aria-hidden="true">
        {sign}
      </div>
      <h2>{title}</h2>
      <p>{text}</p>
      {children !== undefined && <div className="actions">{children}</div>}
    </div>
  );
}
