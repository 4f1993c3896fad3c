import { latin1, startsWith } from '../bytes/numbers.ts'
import { aaeType, xmpType } from './media-names.ts'

/** Apple's edits: a property list with these keys (seen in files of iOS 8 to 18 and of Photos for macOS). */
const aaeKey = /<key>adjustment(?:BaseVersion|Data|EditorBundleID|FormatIdentifier|FormatVersion)<\/key>/
/** XMP part 3 §1.2: the packet is the document. An image in SVG may hold a packet too, further down. */
const xmpRoot = /^\s*(?:<[?!][^>]{0,500}>\s*){0,8}<(?:x:xmpmeta|x:xapmeta|rdf:RDF)[\s>]/
/** Enough to reach the first key or the root. */
const openingBytes = 8 * 1024

export function sidecarTypeOf(head: Uint8Array): string | null {
  if (startsWith(head, 'bplist00')) return latin1(head).includes('adjustmentFormatIdentifier') ? aaeType : null
  const start = startsWith(head, '\xef\xbb\xbf') ? 3 : 0 // a byte order mark in UTF-8
  const text = latin1(head, start, openingBytes)
  if (!/^\s{0,64}</.test(text)) return null
  if (text.includes('<plist') && aaeKey.test(text)) return aaeType
  return xmpRoot.test(text) ? xmpType : null
}
