import sharp from 'sharp'
import type { OverlayOptions } from 'sharp'

/** One place on a sheet: a picture and the words below it. */
export type SheetEntry = {
  /** Null where there is no picture: the words say why. */
  readonly picture: Buffer | null
  readonly label: string
}

const cell = { width: 260, height: 250, labelHeight: 46, gap: 8 } as const
const columns = 6
const rows = 5
export const entriesPerSheet = columns * rows

/** What shines through where a picture is transparent. */
const background = '#b8c4d0'

/** A sheet of up to 30 pictures with their names, as JPEG. */
export async function contactSheet(entries: readonly SheetEntry[]): Promise<Buffer> {
  const width = columns * (cell.width + cell.gap) + cell.gap
  const height = Math.ceil(entries.length / columns) * (cell.height + cell.labelHeight + cell.gap) + cell.gap
  const layers = await Promise.all(entries.slice(0, entriesPerSheet).map((entry, index) => layersOf(entry, index)))
  return sharp({ create: { width, height, channels: 3, background } })
    .composite(layers.flat())
    .jpeg({ quality: 85 })
    .toBuffer()
}

async function layersOf({ picture, label }: SheetEntry, index: number): Promise<OverlayOptions[]> {
  const left = cell.gap + (index % columns) * (cell.width + cell.gap)
  const top = cell.gap + Math.floor(index / columns) * (cell.height + cell.labelHeight + cell.gap)
  const layers: OverlayOptions[] = [{ input: await words(label), left, top: top + cell.height + 4 }]
  if (picture !== null) {
    const fitted = await sharp(picture).resize(cell.width, cell.height, { fit: 'inside', withoutEnlargement: true }).png().toBuffer({ resolveWithObject: true })
    layers.push({ input: fitted.data, left: left + Math.floor((cell.width - fitted.info.width) / 2), top: top + cell.height - fitted.info.height })
  }
  return layers
}

/** Pango's markup needs its marks written out. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

async function words(text: string): Promise<Buffer> {
  const drawn = sharp({ text: { text: `<span foreground="black">${escaped(text)}</span>`, font: 'sans 9', width: cell.width, wrap: 'word-char', rgba: true, dpi: 96 } })
  const { data, info } = await drawn.png().toBuffer({ resolveWithObject: true })
  if (info.height <= cell.labelHeight - 4) return data
  return sharp(data).extract({ left: 0, top: 0, width: info.width, height: cell.labelHeight - 4 }).png().toBuffer()
}
