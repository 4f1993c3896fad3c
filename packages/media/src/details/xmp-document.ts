/**
 * Reads an XMP packet (ISO 16684-1, the serialisation of RDF/XML in §7) as a flat list of properties. Not an XML parser:
 * no document type, no entity but the five of XML and character numbers, no external anything; one pass, linear in the
 * length, and what does not look like XMP ends it. A cut packet gives what stands before the cut.
 */

export type XmpProperty = {
  /** Names from the outermost, without RDF's own: `dc:subject`, `Container:Directory/Container:Item/Item:Length`. */
  readonly path: string
  readonly value: string
  /** Which list item it stands in; counts through the document. */
  readonly item: number
}

/** Prefixes are the writer's choice; the address behind one is the name. What is not here keeps the writer's prefix. */
const prefixes = new Map([
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://ns.adobe.com/xap/1.0/', 'xmp'],
  ['http://ns.adobe.com/exif/1.0/', 'exif'],
  ['http://cipa.jp/exif/1.0/', 'exifEX'],
  ['http://ns.adobe.com/exif/1.0/aux/', 'aux'],
  ['http://ns.adobe.com/tiff/1.0/', 'tiff'],
  ['http://ns.adobe.com/photoshop/1.0/', 'photoshop'],
  ['http://ns.adobe.com/camera-raw-settings/1.0/', 'crs'],
  ['http://ns.adobe.com/hdr-gain-map/1.0/', 'hdrgm'],
  ['http://ns.apple.com/HDRGainMap/1.0/', 'HDRGainMap'],
  ['http://ns.google.com/photos/1.0/panorama/', 'GPano'],
  ['http://ns.google.com/photos/1.0/camera/', 'GCamera'],
  ['http://ns.google.com/photos/1.0/depthmap/', 'GDepth'],
  ['http://ns.google.com/photos/1.0/container/', 'Container'],
  ['http://ns.google.com/photos/1.0/container/item/', 'Item'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['adobe:ns:meta/', 'x'],
])

/** The fullest real packets (histories of edits, face regions) have some hundreds. */
const maximumProperties = 5_000
const maximumDepth = 64

const listItem = 'rdf:li'
const structural = (name: string): boolean => name.startsWith('rdf:') || name.startsWith('x:')

export function parseXmp(packet: string): XmpProperty[] {
  const found: XmpProperty[] = []
  const canonical = new Map<string, string>()
  const open: { readonly name: string; hasElements: boolean }[] = []
  let item = 0
  let text = ''
  let at = packet.indexOf('<')

  const nameOf = (written: string): string => {
    const colon = written.indexOf(':')
    const prefix = written.slice(0, Math.max(colon, 0))
    return `${canonical.get(prefix) ?? prefix}${written.slice(Math.max(colon, 0))}`
  }
  const pathOf = (...inner: readonly string[]): string =>
    [...open.map(({ name }) => name), ...inner].filter((name) => !structural(name)).join('/')
  const add = (path: string, value: string): void => {
    if (path !== '' && found.length < maximumProperties) found.push({ path, value, item })
  }

  while (at >= 0 && at < packet.length) {
    const tag = tagAt(packet, at)
    if (tag === null) break
    const next = packet.indexOf('<', tag.end)
    if (tag.kind === 'open') {
      for (const { name, value } of tag.attributes) {
        if (name.startsWith('xmlns:')) canonical.set(name.slice(6), prefixes.get(value) ?? name.slice(6))
      }
      const name = nameOf(tag.name)
      if (name === listItem) item += 1
      const parent = open.at(-1)
      if (parent !== undefined) parent.hasElements = true
      if (!tag.empty) open.push({ name, hasElements: false })
      const own = tag.empty ? [name] : [] // of one that is not empty the name is open already
      for (const attribute of tag.attributes) {
        const attributeName = nameOf(attribute.name)
        if (attributeName === 'rdf:resource') add(pathOf(...own), decoded(attribute.value))
        else if (/^(?!xmlns:|xml:|rdf:|x:)[^:]+:/.test(attributeName)) add(pathOf(...own, attributeName), decoded(attribute.value))
      }
      if (open.length > maximumDepth) break
      text = ''
    } else if (tag.kind === 'close') {
      const element = open.pop()
      if (element === undefined) break
      if (!element.hasElements && text.trim() !== '') add(pathOf(element.name), decoded(text).trim())
      text = ''
    } else {
      text += tag.text
    }
    text += packet.slice(tag.end, next < 0 ? packet.length : next)
    at = next
  }
  return found
}

type Attribute = { readonly name: string; readonly value: string }
type Tag =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: readonly Attribute[]; readonly empty: boolean; readonly end: number }
  | { readonly kind: 'close'; readonly end: number }
  /** Comments, processing instructions, character data. */
  | { readonly kind: 'other'; readonly text: string; readonly end: number }

function tagAt(packet: string, at: number): Tag | null {
  if (packet.startsWith('<!--', at)) return otherUntil(packet, at, '-->')
  if (packet.startsWith('<![CDATA[', at)) {
    const tag = otherUntil(packet, at, ']]>')
    return tag === null ? null : { ...tag, text: packet.slice(at + 9, tag.end - 3).replaceAll('&', '&amp;') }
  }
  if (packet.startsWith('<?', at)) return otherUntil(packet, at, '?>')
  if (packet.startsWith('<!', at)) return null // a document type: no XMP has one
  if (packet.startsWith('</', at)) {
    const end = packet.indexOf('>', at)
    return end < 0 ? null : { kind: 'close', end: end + 1 }
  }
  return openTagAt(packet, at)
}

function otherUntil(packet: string, at: number, mark: string): Extract<Tag, { kind: 'other' }> | null {
  const end = packet.indexOf(mark, at)
  return end < 0 ? null : { kind: 'other', text: '', end: end + mark.length }
}

const namePattern = /[^\s/>=<"']{1,200}/y
const spacePattern = /\s*/y
const equalsPattern = /\s*=\s*/y

function openTagAt(packet: string, at: number): Tag | null {
  const name = matchAt(namePattern, packet, at + 1)
  if (name === '') return null
  const attributes: Attribute[] = []
  let position = at + 1 + name.length
  for (;;) {
    position += matchAt(spacePattern, packet, position).length
    if (packet.startsWith('/>', position)) return { kind: 'open', name, attributes, empty: true, end: position + 2 }
    if (packet.startsWith('>', position)) return { kind: 'open', name, attributes, empty: false, end: position + 1 }
    const attribute = matchAt(namePattern, packet, position)
    if (attribute === '') return null
    position += attribute.length
    const equals = matchAt(equalsPattern, packet, position)
    const quote = packet[position + equals.length]
    if (equals === '' || (quote !== '"' && quote !== "'")) return null
    const start = position + equals.length + 1
    const end = packet.indexOf(quote, start)
    if (end < 0) return null
    attributes.push({ name: attribute, value: packet.slice(start, end) })
    position = end + 1
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML 1.0 §4.6 and §4.1; others stay as they are written. */
function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole
    const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
