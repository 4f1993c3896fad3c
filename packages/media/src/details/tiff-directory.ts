import { i16, i32, latin1, textOf, u16, u32, u8 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'

/** TIFF 6.0 §2: bytes per value of each field type, by number. */
const typeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4]
/** The largest real directories (DNG) have some 100 entries. */
const maximumEntries = 1_000

/** TIFF 6.0, "private fields": programs that shorten a file leave makers' tags dangling, and no decoder minds. */
const firstPrivateTag = 0x8000

type Entry = { readonly type: number; readonly count: number; readonly offset: number }

/** A directory of TIFF, Exif or a camera RAW: its entries, and values read on demand. */
export type TiffDirectory = {
  readonly source: ByteSource
  readonly little: boolean
  readonly entries: ReadonlyMap<number, Entry>
  /** Where the entries end: there stands where the next directory of the file begins, or 0. */
  readonly end: number
  /** The table, with the offset of the next one behind it, and the values of TIFF's own tags lie inside the source. */
  readonly isWhole: boolean
}

/**
 * The first directory (TIFF 6.0 §2, image file header). The byte order decides, the number after it does not: it is 42,
 * and 85 in Panasonic's RW2, "RO"/"RS" in Olympus' ORF.
 */
export async function readRootDirectory(source: ByteSource): Promise<TiffDirectory | null> {
  const header = await source.read(0, 8)
  const mark = latin1(header, 0, 2)
  if (mark !== 'II' && mark !== 'MM') return null
  const little = mark === 'II'
  return readDirectory(source, little, u32(header, 4, little))
}

async function readDirectory(source: ByteSource, little: boolean, offset: number): Promise<TiffDirectory | null> {
  const counter = await source.read(offset, 2)
  if (counter.length < 2) return null
  const count = Math.min(u16(counter, 0, little), maximumEntries)
  const table = await source.read(offset + 2, count * 12)
  const entries = new Map<number, Entry>()
  const end = offset + 2 + count * 12
  let isWhole = end + 4 <= source.size
  for (let at = 0; at + 12 <= table.length; at += 12) {
    const type = u16(table, at + 2, little)
    const values = u32(table, at + 4, little)
    const bytes = (typeBytes[type] ?? 0) * values
    if (bytes === 0) continue
    const place = bytes <= 4 ? offset + 2 + at + 8 : u32(table, at + 8, little)
    const tag = u16(table, at, little)
    isWhole &&= tag >= firstPrivateTag || place + bytes <= source.size
    if (!entries.has(tag)) entries.set(tag, { type, count: values, offset: place })
  }
  return { source, little, entries, end, isWhole }
}

/** The directory that a tag points to (Exif 3.0 §4.6.3), or one of the several that it points to (TIFF technical note 1, SubIFDs). */
export async function readSubdirectory(directory: TiffDirectory, tag: number, index = 0): Promise<TiffDirectory | null> {
  const offset = (await readNumbers(directory, tag, index + 1))?.[index]
  return offset === undefined ? null : readDirectory(directory.source, directory.little, offset)
}

/** The directory behind this one: of a thumbnail, or of another page (TIFF 6.0 §2). */
export async function readNextDirectory({ source, little, end }: TiffDirectory): Promise<TiffDirectory | null> {
  const link = await source.read(end, 4)
  const offset = link.length < 4 ? 0 : u32(link, 0, little)
  return offset === 0 ? null : readDirectory(source, little, offset)
}

/** The raw bytes of a value, up to a limit; null if absent or cut. */
export async function readRaw(directory: TiffDirectory, tag: number, maximumBytes: number): Promise<Uint8Array | null> {
  const entry = directory.entries.get(tag)
  if (entry === undefined) return null
  const length = Math.min((typeBytes[entry.type] ?? 0) * entry.count, maximumBytes)
  const bytes = await directory.source.read(entry.offset, length)
  return bytes.length === 0 ? null : bytes
}

/** Null if absent or empty. */
export async function readText(directory: TiffDirectory, tag: number, maximumBytes = 256): Promise<string | null> {
  const bytes = await readRaw(directory, tag, maximumBytes)
  const text = bytes === null ? '' : textOf(bytes)
  return text === '' ? null : text
}

/** The first number of a value. Null if absent, of another type, or a rational over zero. */
export async function readNumber(directory: TiffDirectory, tag: number): Promise<number | null> {
  const value = (await readNumbers(directory, tag, 1))?.[0]
  return value === undefined || Number.isNaN(value) ? null : value
}

/** Integers and rationals as numbers; a rational over zero is NaN. Null if absent, too few or of another type. */
export async function readNumbers(directory: TiffDirectory, tag: number, count: number): Promise<number[] | null> {
  const entry = directory.entries.get(tag)
  if (entry === undefined || entry.count < count) return null
  const size = typeBytes[entry.type] ?? 0
  const bytes = await directory.source.read(entry.offset, size * count)
  try {
    return Array.from({ length: count }, (_, index) => numberAt(bytes, index * size, entry.type, directory.little))
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

function numberAt(bytes: Uint8Array, at: number, type: number, little: boolean): number {
  if (type === 1 || type === 7) return u8(bytes, at)
  if (type === 8) return i16(bytes, at, little)
  if (type === 9) return i32(bytes, at, little)
  if (type === 3) return u16(bytes, at, little)
  if (type === 4 || type === 13) return u32(bytes, at, little)
  if (type === 5) return ratio(u32(bytes, at, little), u32(bytes, at + 4, little))
  if (type === 10) return ratio(i32(bytes, at, little), i32(bytes, at + 4, little))
  throw new Malformed('a number of a type that is none')
}

const ratio = (numerator: number, denominator: number): number => (denominator === 0 ? Number.NaN : numerator / denominator)
