import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { formatNumber } from '../strings/format.ts';

export interface NavLinkProps {
  readonly to: string;
  readonly name: string;
  readonly icon: ReactNode;
  /** How many are there; not shown where it is not known, or where there is nothing. */
  readonly count?: number | undefined;
}

export function NavLink({ to, name, icon, count = 0 }: NavLinkProps): ReactNode {
  const [isHere] = useRoute(to);
  return (
    <Link href={to} className="nav-link" {...(isHere && { 'aria-current': 'page' })}>
      {icon}
      <span className="name">{name}</span>
      {count > 0 && <span className="figures">{formatNumber(count)}</span>}
    </Link>
  );
}
