import { boxesOf, firstBox } from '../bytes/boxes.ts'
import { latin1, u32 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'

const wanted = new Set([
  'com.apple.quicktime.content.identifier',
  'com.apple.quicktime.creationdate',
  'com.apple.quicktime.location.ISO6709',
])
const keysBytes = 64 * 1024
/** An item list may hold cover images; the strings that are wanted are short. */
const valueBytes = 512
const utf8Type = 1

/** The wanted strings of a metadata atom: `keys` names them, `ilst` has the values by number (QuickTime File Format, "Metadata"). */
export async function readQuickTimeMetadata(source: ByteSource, from: number, to: number): Promise<Map<string, string>> {
  const values = new Map<string, string>()
  const keys = await firstBox(source, from, to, 'keys')
  const list = await firstBox(source, from, to, 'ilst')
  if (keys === null || list === null) return values
  const names = wantedNames(await source.read(keys.start, Math.min(keys.end - keys.start, keysBytes)))
  for await (const item of boxesOf(source, list.start, list.end)) {
    if (names.size === 0) break
    const number = u32(Buffer.from(item.type, 'latin1'), 0) // an item's type is the number of its key
    const name = names.get(number)
    if (name === undefined) continue
    names.delete(number)
    const data = await firstBox(source, item.start, item.end, 'data')
    if (data === null) continue
    const body = await source.read(data.start, Math.min(data.end - data.start, valueBytes))
    if (body.length > 8 && u32(body, 0) === utf8Type) values.set(name, latin1(body, 8))
  }
  return values
}

function wantedNames(keys: Uint8Array): Map<number, string> {
  const names = new Map<number, string>()
  let offset = 8 // version and flags, count
  for (let number = 1; offset + 8 <= keys.length; number += 1) {
    const size = u32(keys, offset)
    if (size < 8) break
    const name = latin1(keys, offset + 8, offset + size)
    if (wanted.has(name)) names.set(number, name)
    offset += size
  }
  return names
}
