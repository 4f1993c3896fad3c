import type { SearchQuery, Suggestion } from '../device/contract.ts';
import { strings } from '../strings/strings.ts';
import { isCollectionKind } from './kinds.ts';

/** How a suggestion reads: data as it is, kinds and dates in the interface's words. */
export function labelOf({ kind, label }: Pick<Suggestion, 'kind' | 'label'>): string {
  if (kind === 'kind') return label === 'photos' ? strings.search.kinds.photos : isCollectionKind(label) ? strings.search.kinds[label] : label;
  return kind === 'date' ? dateLabel(label) : label;
}

/** `2026`, `2026-11` and `2026-11-23` as people write them. */
function dateLabel(text: string): string {
  const [year = '', month, day] = text.split('-');
  if (month === undefined) return year;
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', timeZone: 'UTC', ...(day !== undefined && { day: 'numeric' }) };
  return new Intl.DateTimeFormat('en-GB', options).format(new Date(`${year}-${month}-${day ?? '01'}T00:00:00Z`));
}

/** A search stands in the address, so that it can be gone back to: `?q=` of words, `?s=` of a suggestion. */
export interface SearchAddress {
  readonly text: string;
  readonly query: SearchQuery | null;
  readonly label: string | null;
}

export function readAddress(params: URLSearchParams): SearchAddress {
  const chosen = params.get('s');
  const text = params.get('q') ?? '';
  if (chosen === null) return { text, query: text.trim() === '' ? null : { text: text.trim() }, label: null };
  try {
    return { text: '', query: JSON.parse(chosen) as SearchQuery, label: params.get('l') };
  } catch {
    // Somebody typed it.
    return { text: '', query: null, label: null };
  }
}
