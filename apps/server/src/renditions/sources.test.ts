import type { Resource, ResourceRole } from '@everroll/protocol';
import { describe, expect, test } from 'vitest';
import { sha256Of } from '../testing/test-library.ts';
import { detailsOf, jobsOf, sourcesOf } from './sources.ts';

const file = (name: string, role: ResourceRole, mediaType: string): Resource => ({ name, role, mediaType, sha256: sha256Of(name), bytes: 1 });
const still = file('still', 'photo', 'image/heic');
const moving = file('moving', 'paired_video', 'video/quicktime');
const film = file('film', 'video', 'video/quicktime');
const edit = (name: string, mediaType = 'image/jpeg') => file(name, 'rendered_edit', mediaType);
const names = (...resources: Resource[]) => {
  const sources = sourcesOf({ primary: resources[0]!.sha256, resources });
  return sources && [sources.primary.name, sources.shown.name, sources.video?.name ?? null];
};

describe('which file is shown', () => {
  test.each([
    ['a photo', [still], ['still', 'still', null]],
    ['its newest edit', [still, edit('first'), edit('second')], ['still', 'second', null]],
    ['a RAW beside it is not', [still, file('raw', 'raw', 'image/x-adobe-dng')], ['still', 'still', null]],
    ['of a Live Photo the still, and its video moves', [still, moving], ['still', 'still', 'moving']],
    ['of an edited Live Photo both edits', [still, moving, edit('still2'), edit('moving2', 'video/quicktime')], ['still', 'still2', 'moving2']],
    ['a video is its own', [film], ['film', 'film', 'film']],
    ['an edited video', [film, edit('cut', 'video/mp4')], ['film', 'cut', 'cut']],
    ['a video edited into a picture stays a video', [film, edit('frame')], ['film', 'film', 'film']],
  ])('%s', (_name, resources, expected) => {
    expect(names(...resources)).toEqual(expected);
  });

  test('of a tombstone nothing', () => {
    expect(sourcesOf({ primary: still.sha256, resources: [] })).toBeNull();
  });

  test('an asset needs the images of what its camera made and of what is shown', () => {
    expect(jobsOf(sourcesOf({ primary: still.sha256, resources: [still] })!)).toEqual([{ sha256: still.sha256, task: 'images' }]);
    expect(jobsOf(sourcesOf({ primary: still.sha256, resources: [still, edit('e')] })!).map(({ sha256 }) => sha256)).toEqual([still.sha256, sha256Of('e')]);
  });
});

test('an edit gives its looks, and the camera’s file all else', () => {
  const camera = { camera: { model: 'iPhone' }, width: 4032, height: 3024, thumbhash: 'a', contentIdentifier: 'x', problem: 'corrupt_media' } as const;
  const edited = { camera: { software: 'editor' }, width: 100, height: 50, thumbhash: 'b' };
  expect(detailsOf(camera, edited)).toEqual({ camera: { model: 'iPhone' }, width: 100, height: 50, thumbhash: 'b', contentIdentifier: 'x' });
  expect(detailsOf(camera, camera)).toEqual(camera);
  // An edit that cannot be shown has no looks of its own.
  expect(detailsOf({ width: 1, height: 1 }, { problem: 'unsupported_media' })).toEqual({ problem: 'unsupported_media' });
});
