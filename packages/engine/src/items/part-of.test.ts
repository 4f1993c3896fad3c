import { describe, expect, test } from 'vitest';
import { type PartFacts, primaryOf } from './part-of.ts';

const moment = Date.UTC(2025, 4, 26, 14, 27, 6, 603);
const kinds = { heic: 'photo', jpg: 'photo', png: 'photo', dng: 'raw', cr3: 'raw', mov: 'video', mp4: 'video', aae: 'sidecar', xmp: 'sidecar' } as const;

function file(name: string, more: Partial<PartFacts> = {}): PartFacts {
  const kind = kinds[name.slice(name.lastIndexOf('.') + 1).toLowerCase() as keyof typeof kinds];
  return { name, kind, capturedAt: kind === 'sidecar' ? null : moment, captureOffset: kind === 'sidecar' ? null : -300, contentId: null, ...more };
}

/** What `part` belongs to among files of its folder that have its stem. */
function found(part: PartFacts, ...files: PartFacts[]): string | null {
  const of = primaryOf(part, files);
  return of ? `${of.role} of ${of.primary.name}` : null;
}

describe('a RAW', () => {
  const raw = file('IMG_1.DNG');
  test('belongs to the photo of its name and moment', () => {
    expect(found(raw, file('IMG_1.JPG'))).toBe('raw of IMG_1.JPG');
    expect(found(raw, file('IMG_1.HEIC', { capturedAt: moment - 603 }))).toBe('raw of IMG_1.HEIC');
  });
  test('of another moment does not', () => expect(found(raw, file('IMG_1.JPG', { capturedAt: moment + 60_000 }))).toBeNull());
  test('whose camera wrote no offset is compared by wall clock', () => {
    expect(found(file('IMG_1.DNG', { capturedAt: moment - 300 * 60_000, captureOffset: null }), file('IMG_1.JPG'))).toBe('raw of IMG_1.JPG');
  });
  test('that says no moment belongs to the only photo of its name', () => expect(found(file('IMG_1.CR3', { capturedAt: null }), file('IMG_1.JPG'))).toBe('raw of IMG_1.JPG'));
  test('with another identifier does not', () => expect(found(file('IMG_1.DNG', { contentId: 'A' }), file('IMG_1.HEIC', { contentId: 'B' }))).toBeNull());
  test('beside two photos of its moment belongs to none, as either may be it', () => expect(found(raw, file('IMG_1.JPG'), file('IMG_1.HEIC'))).toBeNull());
  test('beside two photos belongs to the one of its moment', () => expect(found(raw, file('IMG_1.JPG'), file('IMG_1.PNG', { capturedAt: 0 }))).toBe('raw of IMG_1.JPG'));
  test('never belongs to a video or an edit', () => expect(found(raw, file('IMG_1.MOV'), file('IMG_1_edited.jpg'))).toBeNull());
});

describe('a rendered edit', () => {
  const edit = file('IMG_E1853.heic');
  test('belongs to the original of its moment, also with an identifier of its own', () => {
    expect(found(edit, file('IMG_1853.HEIC'))).toBe('rendered_edit of IMG_1853.HEIC');
    expect(found({ ...edit, contentId: 'B' }, file('IMG_1853.HEIC', { contentId: 'A' }))).toBe('rendered_edit of IMG_1853.HEIC');
    expect(found(file('IMG_1853_edited.jpg'), file('IMG_1853.DNG'))).toBe('rendered_edit of IMG_1853.DNG');
  });
  test('of another moment does not: the numbers of a camera begin anew', () => expect(found(edit, file('IMG_1853.HEIC', { capturedAt: moment - 86_400_000 }))).toBeNull());
  test('without a moment belongs by its name, unless the identifiers differ', () => {
    expect(found({ ...edit, capturedAt: null }, file('IMG_1853.HEIC'))).toBe('rendered_edit of IMG_1853.HEIC');
    expect(found({ ...edit, capturedAt: null, contentId: 'B' }, file('IMG_1853.HEIC', { contentId: 'A' }))).toBeNull();
  });
  test('that is the video of an edited Live Photo belongs to its still', () => {
    const video = file('IMG_E1853.MOV', { capturedAt: moment - 1603 });
    expect(found(video, file('IMG_1853.HEIC'), file('IMG_1853.MOV'))).toBe('rendered_edit of IMG_1853.HEIC');
    expect(found(file('IMG_E1853.MOV'), file('IMG_1853.MOV'))).toBe('rendered_edit of IMG_1853.MOV');
  });
  test('belongs to the photo before its RAW', () => expect(found(edit, file('IMG_1853.DNG'), file('IMG_1853.HEIC'))).toBe('rendered_edit of IMG_1853.HEIC'));
  test('belongs to no other edit', () => expect(found(edit, file('IMG_1853_edited.heic'))).toBeNull());
});

describe('a sidecar', () => {
  const aae = file('IMG_1.AAE');
  test('belongs to the photo of its name', () => {
    expect(found(aae, file('IMG_1.HEIC'))).toBe('sidecar of IMG_1.HEIC');
    expect(found(file('IMG_O1234.AAE'), file('IMG_1234.HEIC'))).toBe('sidecar of IMG_1234.HEIC');
    expect(found(aae, file('IMG_1.MOV'))).toBe('sidecar of IMG_1.MOV');
    expect(found(aae, file('IMG_1.DNG'))).toBe('sidecar of IMG_1.DNG');
  });
  test('belongs to the photo whose video, RAW and edits lie beside it', () => {
    const group = [file('IMG_1.HEIC', { contentId: 'A' }), file('IMG_1.MOV', { contentId: 'A' }), file('IMG_1.DNG'), file('IMG_1_edited.heic'), file('IMG_1.xmp')];
    expect(found(aae, ...group)).toBe('sidecar of IMG_1.HEIC');
  });
  test('belongs to none of a photo and a video that only share a name', () => expect(found(aae, file('IMG_1.HEIC'), file('IMG_1.MOV'))).toBeNull());
  test('that names its file whole belongs to that, or to the photo that this is a part of', () => {
    expect(found(file('IMG_1.JPG.xmp'), file('IMG_1.JPG'), file('IMG_1.PNG', { capturedAt: 0 }))).toBe('sidecar of IMG_1.JPG');
    expect(found(file('IMG_1.DNG.xmp'), file('IMG_1.JPG'), file('IMG_1.DNG'))).toBe('sidecar of IMG_1.JPG');
    expect(found(file('IMG_1.DNG.xmp'), file('IMG_1.DNG'))).toBe('sidecar of IMG_1.DNG');
    expect(found(file('IMG_1.CR3.xmp'), file('IMG_1.JPG'))).toBeNull();
  });
  test('that says another moment belongs to none', () => expect(found(file('IMG_1.xmp', { capturedAt: 0 }), file('IMG_1.HEIC'))).toBeNull());
});
