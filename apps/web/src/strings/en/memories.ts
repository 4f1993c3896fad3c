import { counted } from '../plural.ts';

export const memories = {
  today: 'On this day',
  about: 'About this time',
  emptyTitle: 'No memories of this day yet',
  emptyText: 'Photos that you took on this day of earlier years appear here, each year with its best.',
  playThose: 'Play the photos of',
  play: (day: string) => `Play the photos of ${day}`,
  all: (count: number) => (count === 1 ? 'Show the photo' : `Show all ${counted(count, 'photo', 'photos')}`),
  photo: (at: number, count: number) => `Photo ${at} of ${count}`,
  pause: 'Pause',
  goOn: 'Play',
};
