import { tone } from './terminal.ts';

/** A bar of `width` columns, filled from the left; what is more than nothing shows. @param part from 0 to 1, beyond that all of it. */
export function bar(part: number, width: number): string {
  const full = part <= 0 ? 0 : Math.max(1, Math.round(Math.min(1, part) * width));
  return `${tone('━'.repeat(full), 'good')}${tone('─'.repeat(width - full), 'quiet')}`;
}
