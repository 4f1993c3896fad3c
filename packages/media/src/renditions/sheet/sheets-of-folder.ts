import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { isMedia, readFacts } from '../../index.ts'
import { defaultLimits } from '../job.ts'
import { render } from '../render.ts'
import { contactSheet, entriesPerSheet } from './contact-sheet.ts'
import type { SheetEntry } from './contact-sheet.ts'

export type SheetsMade = { readonly sheets: readonly string[]; readonly pictures: number; readonly without: readonly string[] }

/** Renders every photo and video of a folder, and lays the thumbs on sheets `sheet-01.jpg` … in another folder. */
export async function sheetsOfFolder(folder: string, out: string): Promise<SheetsMade> {
  const scratch = await mkdtemp(join(tmpdir(), 'everroll-sheet-'))
  try {
    const entries: SheetEntry[] = []
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const path of files.toSorted()) {
      const facts = await readFacts(path)
      if (isMedia(facts, path) && facts.kind !== 'sidecar') entries.push(await entryOf(path, relative(folder, path), scratch))
    }
    await mkdir(out, { recursive: true })
    const sheets: string[] = []
    for (let from = 0; from < entries.length; from += entriesPerSheet) {
      const file = join(out, `sheet-${String(sheets.length + 1).padStart(2, '0')}.jpg`)
      await writeFile(file, await contactSheet(entries.slice(from, from + entriesPerSheet)))
      sheets.push(file)
    }
    return { sheets, pictures: entries.length, without: entries.filter(({ picture }) => picture === null).map(({ label }) => label) }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function entryOf(path: string, name: string, scratch: string): Promise<SheetEntry> {
  const outcome = await render({ path, folder: scratch, limits: defaultLimits })
  const thumb = outcome.renditions.find((rendition) => rendition.name === 'thumb')
  const note = outcome.outcome === 'failed' ? outcome.code : `${thumb?.width} x ${thumb?.height} ${outcome.decoder}`
  return { picture: thumb === undefined ? null : await readFile(join(scratch, thumb.file)), label: `${name} — ${note}` }
}
