/** Every page of the app, and what is on it when it is there. */
export const pages = [
  { name: 'timeline', path: '/', ready: '.cell img[data-here]' },
  { name: 'months', path: '/months', ready: '.period img[data-here]' },
  { name: 'years', path: '/years', ready: '.period img[data-here]' },
  { name: 'favourites', path: '/favourites', ready: '.cell, .empty' },
  { name: 'archive', path: '/archive', ready: '.cell, .empty' },
  { name: 'hidden', path: '/hidden', ready: '.unlock' },
  { name: 'recently-deleted', path: '/deleted', ready: '.cell, .empty' },
  { name: 'videos', path: '/kinds/videos', ready: '.cell img[data-here]' },
  { name: 'albums', path: '/albums', ready: '.album-card, .empty' },
  { name: 'search', path: '/search', ready: '.suggestion' },
  { name: 'health', path: '/health', ready: '.checks:not([aria-busy="true"]) .check' },
  { name: 'storage', path: '/storage', ready: '.legend' },
  { name: 'people', path: '/people', ready: '.people .items' },
  { name: 'settings', path: '/settings', ready: '.switch' },
] as const;
