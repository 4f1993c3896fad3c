import { formatClock, formatDuration, formatWallDay } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { has, type Photo } from './row-store.ts';

/** What a photo is, for who hears it: `Live Photo, Tuesday, 12 March 2019 14:02, favourite`. */
export function spoken(photo: Photo): string {
  const words = strings.timeline;
  const marks = [has(photo, 'favourite') && words.favourite, has(photo, 'edited') && words.edited, has(photo, 'onlyHere') && words.onlyHere, has(photo, 'noPicture') && words.noPicture];
  const said = marks.filter((mark) => mark !== false).map((mark) => `, ${mark}`);
  return words.onDay(kindOf(photo), `${formatWallDay(photo.localTime)} ${formatClock(photo.localTime)}`, said.join(''));
}

function kindOf(photo: Photo): string {
  const words = strings.timeline;
  if (has(photo, 'video')) return words.video(formatDuration(photo.durationMs));
  if (has(photo, 'livePhoto') || has(photo, 'motionPhoto')) return words.livePhoto;
  if (has(photo, 'raw')) return words.raw;
  if (has(photo, 'panorama')) return words.panorama;
  return has(photo, 'animated') ? words.animated : words.photo;
}
