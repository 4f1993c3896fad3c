import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MediaDetails } from '@everroll/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { comparedFields, exiftoolView } from '../exiftool/view.ts'
import type { ComparedField, Tags } from '../exiftool/view.ts'
import type { MediaFacts } from '../facts.ts'
import { readMedia } from '../index.ts'
import { differences } from './differences.ts'
import { hasPerl, readWithExiftool } from './exiftool-batch.ts'
import { ownView } from './own-view.ts'

/** Real files of many cameras stand beside the repository, not in it: they are other people's, and 200 MB. */
const mediaFolder = fileURLToPath(new URL('../../../../../shared/media/', import.meta.url))
const present = existsSync(`${mediaFolder}MANIFEST.tsv`) && hasPerl()
const files = present
  ? readdirSync(mediaFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:MANIFEST\.tsv|README.*|LICEN[CS]E.*)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
  : []

/** Places and times come from the same bytes by other arithmetic; no field is rounded more than this. */
const isEqual = (ours: unknown, theirs: unknown): boolean =>
  typeof ours === 'number' && typeof theirs === 'number'
    ? Math.abs(ours - theirs) <= Math.max(1e-9, Math.abs(theirs) * 1e-9)
    : JSON.stringify(ours) === JSON.stringify(theirs)

describe.skipIf(!present)('metadata equals ExifTool\'s (skipped without ../shared/media or without perl)', () => {
  let tags: ReadonlyMap<string, Tags> = new Map()
  const ours = new Map<string, { facts: MediaFacts; details: MediaDetails }>()
  beforeAll(async () => {
    tags = await readWithExiftool(files)
    for (const file of files) ours.set(file, await readMedia(file))
  }, 120_000)

  function differingFields(file: string): ComparedField[] {
    const own = ours.get(file)
    const theirs = tags.get(file)
    if (own === undefined || theirs === undefined) throw new Error(`not read: ${file}`)
    const [one, other] = [ownView(own.facts, own.details), exiftoolView(theirs)]
    return comparedFields.filter((field) => !isEqual(one[field], other[field]))
  }

  test.each(files.map((file) => relative(mediaFolder, file)))('%s', (name) => {
    const known = differences.find(({ file }) => file === name)?.fields ?? []
    expect(differingFields(join(mediaFolder, name))).toEqual(comparedFields.filter((field) => known.includes(field)))
  })

  test('details keep the limits of the schema in which they travel', () => {
    const details = files.map((file) => ours.get(file)?.details)
    expect(details.map((each) => MediaDetails.parse(each))).toEqual(details)
  })

  test('all of it is covered, and every difference that is listed is of a file that is there', () => {
    let equal = 0
    for (const file of files) {
      const theirs = tags.get(file)
      equal += theirs === undefined ? 0 : comparedFields.filter((field) => exiftoolView(theirs)[field] !== null).length - differingFields(file).length
    }
    console.log(`beside ExifTool: ${files.length} files, ${equal} equal values, ${differences.flatMap(({ fields }) => fields).length} differences, all explained`)
    expect(files.map((file) => relative(mediaFolder, file))).toEqual(expect.arrayContaining(differences.map(({ file }) => file)))
    expect(files.length).toBeGreaterThan(100)
  })
})
