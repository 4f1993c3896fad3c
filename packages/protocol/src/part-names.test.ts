import { describe, expect, test } from 'vitest';
import { partNameOf } from './part-names.ts';

/** Names as they stand in real exports, and what they say. */
const table: readonly (readonly [name: string, stem: string, edited: boolean, describes: string | null])[] = [
  ['IMG_1234.HEIC', 'img_1234', false, null],
  ['IMG_1234.JPG', 'img_1234', false, null],
  ['IMG_1234.DNG', 'img_1234', false, null],
  ['IMG_1234.mov', 'img_1234', false, null],
  ['IMG_E1234.HEIC', 'img_1234', true, null],
  ['img_e1234.mov', 'img_1234', true, null],
  ['IMG_E1234 (1).JPG', 'img_1234 (1)', true, null],
  ['IMG_1234.AAE', 'img_1234', false, null],
  ['IMG_O1234.aae', 'img_1234', false, null],
  ['IMG_3582_edited.heic', 'img_3582', true, null],
  ['St James Park_edited.jpg', 'st james park', true, null],
  ['IMG_1234-edited.jpg', 'img_1234', true, null],
  ['IMG_1234.xmp', 'img_1234', false, null],
  ['IMG_1234.HEIC.xmp', 'img_1234', false, 'img_1234.heic'],
  ['_MG_0001.CR3.XMP', '_mg_0001', false, '_mg_0001.cr3'],
  // No marks: a word of a name, a number that is too short, a photo that is called so.
  ['IMG_EASTER.jpg', 'img_easter', false, null],
  ['IMG_E12.jpg', 'img_e12', false, null],
  ['IMG_O1234.jpg', 'img_o1234', false, null],
  ['_edited.jpg', '_edited', false, null],
  ['unedited.jpg', 'unedited', false, null],
  ['St. James.xmp', 'st. james', false, null],
  ['photo.final.xmp', 'photo.final', false, null],
  ['.hidden', '.hidden', false, null],
  ['no ending', 'no ending', false, null],
];

describe('what a name says', () => {
  test.each(table)('%s', (name, stem, edited, describes) => {
    expect(partNameOf(name)).toEqual({ stem, edited, describes });
  });

  test('one name in two Unicode forms has one stem', () => {
    expect(partNameOf('Café.JPG'.normalize('NFD')).stem).toBe(partNameOf('café.aae'.normalize('NFC')).stem);
  });
});
