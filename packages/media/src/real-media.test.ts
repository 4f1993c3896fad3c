import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readFacts } from './index.ts'

/** Real files of many cameras stand beside the repository, not in it: they are other people's, and 200 MB. */
const mediaFolder = fileURLToPath(new URL('../../../../shared/media/', import.meta.url))
const present = existsSync(`${mediaFolder}MANIFEST.tsv`)

type Row = { readonly path: string; readonly identifier: string | null; readonly hasPlace: boolean }

const rows: Row[] = present
  ? readFileSync(`${mediaFolder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n').slice(1).map((line) => {
      const [path = '', , , , , description = ''] = line.split('\t')
      return { path, identifier: /\bCID ([0-9A-F-]{36})/.exec(description)?.[1] ?? null, hasPlace: /\bGPS\b/.test(description) }
    })
  : []

const videoName = /\.(mov|mp4)$/i
const kindOf = (path: string): string => (/\.aae$/i.test(path) ? 'sidecar' : videoName.test(path) ? 'video' : /\.dng$/i.test(path) ? 'raw' : 'photo')

/** The manifest counts GPS tags; in these they hold 0/0 or 0, 0, which is no place. */
const emptyPlaces = new Set(['heic-other/200MP.heic', 'heic-other/spatial_photo.heic', 'metadata/empty_gps.jpg'])

/** Corrupt beyond its magic: nothing of the content is left to recognise. */
const unrecognised = new Set(['corrupt/empty.heic'])

const pairs = [
  ['livephoto/IMG_3582.HEIC', 'livephoto/IMG_3582.mov'],
  ['livephoto/IMG_4394.HEIC', 'livephoto/IMG_4394.mov'],
  ['livephoto/IMG_4580.HEIC', 'livephoto/IMG_4580.mov'],
  ['livephoto-jpg/51F2BEF7_live.jpeg', 'livephoto-jpg/51F2BEF7_live.mov'],
  ['aae-edits/IMG_3582_edited.heic', 'aae-edits/IMG_3582_edited.mov'],
] as const

describe.skipIf(!present)('the real media set (skipped where ../shared/media is missing)', () => {
  test.each(rows)('$path', async ({ path, identifier, hasPlace }) => {
    const facts = await readFacts(mediaFolder + path)
    expect(facts.kind).toBe(kindOf(path))
    expect(facts.recognised).toBe(!unrecognised.has(path))
    expect(facts.contentIdentifier).toBe(identifier)
    expect(facts.place !== null).toBe(hasPlace && !emptyPlaces.has(path))
  })

  test.each(pairs)('%s and %s are one Live Photo', async (still, video) => {
    const [one, two] = await Promise.all([readFacts(mediaFolder + still), readFacts(mediaFolder + video)])
    expect(one.contentIdentifier).not.toBeNull()
    expect(two.contentIdentifier).toBe(one.contentIdentifier)
  })

  test('all of it is covered', async () => {
    const facts = await Promise.all(rows.map(({ path }) => readFacts(mediaFolder + path)))
    const having = (field: 'contentIdentifier' | 'place' | 'capturedAt'): number => facts.filter((each) => each[field] !== null).length
    console.log(
      `real media: ${rows.length} files, ${having('contentIdentifier')} with a content identifier,`,
      `${having('place')} with a place, ${having('capturedAt')} with a time`,
    )
    expect(rows.length).toBeGreaterThan(100)
  })
})
