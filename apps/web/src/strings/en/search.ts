import { counted } from '../plural.ts';

export const search = {
  title: 'Search',
  label: 'Search the library',
  placeholder: 'Dates, places, cameras, captions …',
  clear: 'Clear the search',
  suggestions: 'Suggestions',
  browse: 'Browse',
  found: (count: number) => `${counted(count, 'photo', 'photos')} found`,
  noneTitle: 'Nothing was found',
  noneText: (text: string) => `No photo matches “${text}”. Try a year, a camera, an album or a part of a file’s name.`,
  kinds: {
    photos: 'Photos',
    videos: 'Videos',
    live_photos: 'Live Photos',
    raw: 'RAW',
    panoramas: 'Panoramas',
    screenshots: 'Screenshots',
    portraits: 'Portraits',
    slow_motion: 'Slow motion',
    time_lapse: 'Time lapse',
    bursts: 'Bursts',
    animated: 'Animations',
    motion_photos: 'Motion photos',
  },
  sorts: { date: 'Date', place: 'Place', camera: 'Camera', lens: 'Lens', kind: 'Media type', name: 'File name', caption: 'Caption', keyword: 'Keyword', album: 'Album' },
};
