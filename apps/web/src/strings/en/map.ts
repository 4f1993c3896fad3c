import { counted } from '../plural.ts';

export const map = {
  title: 'Map',
  role: 'map',
  open: 'Show on the large map',
  group: (count: number) => counted(count, 'photo', 'photos'),
  emptyTitle: 'No photo knows its place yet',
  emptyText: 'Photos whose camera wrote a place appear here. You can also set a place: select photos, then “Change place”.',
  credit: 'Natural Earth · GeoNames',
  choose: 'The place of the photos',
};
