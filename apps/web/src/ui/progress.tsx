import type { ReactNode } from 'react';
import { strings } from '../strings/strings.ts';
import './progress.css';

/** @param fraction 0 to 1; null: it goes on, and nobody knows how far it is */
export function Bar({ label, fraction }: { readonly label: string; readonly fraction: number | null }): ReactNode {
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div className={percent === null ? 'bar unknown' : 'bar'} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} {...(percent !== null && { 'aria-valuenow': percent })}>
      <span style={percent === null ? {} : { width: `${percent}%` }} />
    </div>
  );
}

export function Loading(): ReactNode {
  return (
    <div className="loading" role="status">
      <div className="spinner" />
      <span className="visually-hidden">{strings.loading}</span>
    </div>
  );
}
