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

  test('of a motion photo its own file moves', () => {
    expect(sourcesOf({ primary: still.sha256, resources: [still, edit('e')], details: { motionPhoto: { offset: 9, bytes: 9 } } })).toMatchObject({ shown: { name: 'e' }, video: still });
  });

  test.each([
    ['a photo is drawn', [still], ['images still']],
    ['an edit too', [still, edit('e')], ['images still', 'images e']],
    ['of a Live Photo the video is read', [still, moving], ['images still', 'details moving']],
    ['a video is drawn', [film], ['images film']],
  ])('%s', (_name, resources, expected) => {
    const jobs = jobsOf(sourcesOf({ primary: resources[0]!.sha256, resources })!);
    expect(jobs.map(({ task, sha256 }) => `${task} ${resources.find((each) => each.sha256 === sha256)!.name}`)).toEqual(expected);
  });
});

test('an edit gives its looks, and the camera’s file all else', () => {
  const camera = { camera: { model: 'iPhone' }, width: 4032, height: 3024, thumbhash: 'a', contentIdentifier: 'x', problem: 'corrupt_media' } as const;
  const edited = { camera: { software: 'editor' }, width: 100, height: 50, thumbhash: 'b' };
  expect(detailsOf(camera, edited)).toEqual({ camera: { model: 'iPhone' }, width: 100, height: 50, thumbhash: 'b', contentIdentifier: 'x' });
  expect(detailsOf(camera, camera)).toEqual(camera);
  expect(detailsOf(camera, edited, { durationMs: 3000, width: 1 })).toEqual({ ...detailsOf(camera, edited), durationMs: 3000 });
  // An edit that cannot be shown has no looks of its own.
  expect(detailsOf({ width: 1, height: 1 }, { problem: 'unsupported_media' })).toEqual({ problem: 'unsupported_media' });
});
