import { startsWith, textOf } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { AdjustmentFacts } from '../facts.ts'
import type { Draft } from '../reading.ts'
import { readBinaryPlist } from './binary-plist.ts'

/** The edit itself stands inside, as base64: retouching with a brush makes it some 100 KB. */
const sidecarBytes = 2 * 1024 * 1024

/** Apple's edit beside a photo: a property list, in XML or binary, with the keys of `PHAdjustmentData`. */
export async function readAae(source: ByteSource, draft: Draft): Promise<void> {
  const bytes = await source.read(0, Math.min(source.size, sidecarBytes))
  const values = startsWith(bytes, 'bplist00') ? readBinaryPlist(bytes) : readXmlPlist(textOf(bytes))
  const text = (name: string): string | null => {
    const value = values.get(name)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const number = (name: string): number | null => {
    const value = values.get(name)
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  draft.adjustment = {
    formatIdentifier: text('adjustmentFormatIdentifier'),
    formatVersion: text('adjustmentFormatVersion'),
    editor: text('adjustmentEditorBundleID'),
    baseVersion: number('adjustmentBaseVersion'),
    editedAt: number('adjustmentTimestamp'),
  } satisfies AdjustmentFacts
}

// Apple's property list DTD 1.0: a key and its value; only the simple values are wanted.
const entry = /<key>([A-Za-z]{1,64})<\/key>\s{0,16}<(string|integer|real|date)>([^<]{0,500})<\/\2>/g

/** Texts, numbers, and dates as milliseconds since 1970 UTC. */
function readXmlPlist(text: string): Map<string, string | number> {
  const values = new Map<string, string | number>()
  for (const [, key = '', type = '', value = ''] of text.matchAll(entry)) {
    if (!values.has(key)) values.set(key, type === 'string' ? value : type === 'date' ? Date.parse(value) : Number(value))
  }
  return values
}
