import { expect, test } from 'vitest'
import { isMediaName } from './media-names.ts'

test.each(['IMG_0001.HEIC', 'a.b.jpg', 'IMG_0001.AAE', 'x.xmp', 'x.CR3', 'clip.MOV', 'clip.m2ts', 'folder.d/x.dng', 'C:\\x\\y.webp'])(
  '%s is a name of media',
  (name) => expect(isMediaName(name)).toBe(true),
)

test.each(['notes.txt', 'jpg', '.jpg', 'IMG_0001', 'code.ts', '.DS_Store', 'Thumbs.db', '._IMG_0001.HEIC', 'IMG.jpg/readme', 'x.jpg.part'])(
  '%s is not',
  (name) => expect(isMediaName(name)).toBe(false),
)
