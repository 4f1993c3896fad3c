import { useIsNarrow } from '../app/media-query.ts';

/** On a phone the parts of the library, and the tools, are reached from the page of albums. */
export const useUp = (): { readonly up?: string } => (useIsNarrow() ? { up: '/albums' } : {});
