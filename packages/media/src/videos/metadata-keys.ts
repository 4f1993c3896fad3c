import { boxesOf, firstBox } from '../bytes/boxes.ts'
import { latin1, textOf, u32 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { validIdentifier } from '../details/apple-maker-note.ts'
import { parseCaptureTime } from '../details/capture-time.ts'
import { parseIso6709 } from '../details/place.ts'
import type { Words } from '../reading.ts'

const keysBytes = 64 * 1024
/** Item lists hold cover images too; the texts that are wanted are short. */
const valueBytes = 8 * 1024
const maximumValues = 200

/**
 * The values of a metadata atom as text, by their names: `keys` names them, `ilst` has them by number (QuickTime File
 * Format, "Metadata"). A list without `keys` is iTunes': its values are named by their box, for example `©xyz`.
 */
export async function readMovieKeys(source: ByteSource, from: number, to: number): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  const keys = await firstBox(source, from, to, 'keys')
  const list = await firstBox(source, from, to, 'ilst')
  if (list === null) return values
  const names = keys === null ? null : namesOf(await source.read(keys.start, Math.min(keys.end - keys.start, keysBytes)))
  for await (const item of boxesOf(source, list.start, list.end)) {
    if (values.size >= maximumValues) break
    // An item's type is the number of its key.
    const name = names === null ? item.type : names.get(u32(Uint8Array.from(item.type, (character) => character.charCodeAt(0)), 0))
    if (name === undefined || values.has(name)) continue
    const data = await firstBox(source, item.start, item.end, 'data')
    const value = data === null ? null : valueOf(await source.read(data.start, Math.min(data.end - data.start, valueBytes)))
    if (value !== null) values.set(name, value)
  }
  return values
}

function namesOf(keys: Uint8Array): Map<number, string> {
  const names = new Map<number, string>()
  let offset = 8 // version and flags, count
  for (let number = 1; offset + 8 <= keys.length; number += 1) {
    const size = u32(keys, offset)
    if (size < 8) break
    names.set(number, latin1(keys, offset + 8, offset + size))
    offset += size
  }
  return names
}

/** QuickTime File Format, "Well-known types": text and numbers; images are left. */
function valueOf(data: Uint8Array): string | null {
  if (data.length <= 8) return null
  const type = u32(data, 0)
  const body = data.subarray(8)
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  if (type === 1) return textOf(body)
  if (type === 2) return new TextDecoder('utf-16be').decode(body).trim()
  if (type === 21 || type === 22) return integerText(view, type === 21)
  if (type === 23 && body.length >= 4) return String(view.getFloat32(0))
  if (type === 24 && body.length >= 8) return String(view.getFloat64(0))
  if (type === 0 && isPrintable(body)) return textOf(body)
  if (type === 67 && body.length >= 4) return String(view.getInt32(0)) // 32 bits, signed
  if (type === 65 && body.length >= 1) return String(view.getInt8(0))
  return null
}

function integerText(view: DataView, signed: boolean): string | null {
  if (view.byteLength === 1) return String(signed ? view.getInt8(0) : view.getUint8(0))
  if (view.byteLength === 2) return String(signed ? view.getInt16(0) : view.getUint16(0))
  if (view.byteLength === 4) return String(signed ? view.getInt32(0) : view.getUint32(0))
  if (view.byteLength === 8) return String(signed ? view.getBigInt64(0) : view.getBigUint64(0))
  return null
}

const isPrintable = (bytes: Uint8Array): boolean => bytes.every((byte) => byte >= 0x20)

/** Apple's and Android's names; iTunes' for the place and the description. */
export function wordsOfKeys(keys: ReadonlyMap<string, string>): Words {
  const apple = (name: string): string | null => keys.get(`com.apple.quicktime.${name}`) ?? null
  const keywords = apple('keywords')
  const focalLength35mm = apple('camera.focal_length.35mm_equivalent')
  return {
    time: parseCaptureTime(apple('creationdate') ?? '') ?? parseCaptureTime(keys.get('\xa9day') ?? ''),
    place: parseIso6709(apple('location.ISO6709') ?? keys.get('\xa9xyz') ?? ''),
    camera: {
      make: apple('make') ?? keys.get('com.android.manufacturer') ?? null,
      model: apple('model') ?? keys.get('com.android.model') ?? null,
      software: apple('software'),
      lens: apple('camera.lens_model'),
    },
    exposure: { focalLength35mm: focalLength35mm === null ? null : Number(focalLength35mm) },
    contentIdentifier: validIdentifier(apple('content.identifier') ?? ''),
    caption: apple('description') ?? keys.get('desc') ?? null,
    keywords: keywords === null ? [] : keywords.split(','),
    rating: Number(apple('rating.user') ?? Number.NaN),
  }
}
