export type XmpSample = {
  /** Simple properties by their usual prefix, for example `xmp:Rating`. */
  readonly attributes?: Readonly<Record<string, string>>
  /** Lists without order, for example `dc:subject`. */
  readonly bags?: Readonly<Record<string, readonly string[]>>
  /** Texts by language, of which the default one is written, for example `dc:description`. */
  readonly texts?: Readonly<Record<string, string>>
  /** Google's directory of what lies behind an image, see `motion-photo.ts`. */
  readonly directory?: readonly { readonly semantic: string; readonly mime: string; readonly length?: number }[]
}

const namespaces = {
  dc: 'http://purl.org/dc/elements/1.1/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  aux: 'http://ns.adobe.com/exif/1.0/aux/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  crs: 'http://ns.adobe.com/camera-raw-settings/1.0/',
  hdrgm: 'http://ns.adobe.com/hdr-gain-map/1.0/',
  GPano: 'http://ns.google.com/photos/1.0/panorama/',
  GCamera: 'http://ns.google.com/photos/1.0/camera/',
  Container: 'http://ns.google.com/photos/1.0/container/',
  Item: 'http://ns.google.com/photos/1.0/container/item/',
} as const

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** An XMP packet (ISO 16684-1 §7), as a program of Adobe writes it: simple properties as attributes, lists as elements. */
export function makeXmp({ attributes = {}, bags = {}, texts = {}, directory = [] }: XmpSample): string {
  const declared = Object.entries(namespaces).map(([prefix, address]) => `xmlns:${prefix}="${address}"`)
  const simple = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`)
  const lists = Object.entries(bags).map(([name, values]) =>
    `<${name}><rdf:Bag>${values.map((value) => `<rdf:li>${escaped(value)}</rdf:li>`).join('')}</rdf:Bag></${name}>`)
  const alternatives = Object.entries(texts).map(([name, value]) =>
    `<${name}><rdf:Alt><rdf:li xml:lang="x-default">${escaped(value)}</rdf:li></rdf:Alt></${name}>`)
  const items = directory.map(({ semantic, mime, length }) =>
    `<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="${mime}" Item:Semantic="${semantic}"${length === undefined ? '' : ` Item:Length="${length}"`}/></rdf:li>`)
  const container = items.length === 0 ? '' : `<Container:Directory><rdf:Seq>${items.join('')}</rdf:Seq></Container:Directory>`
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" ${[...declared, ...simple].join(' ')}>
${[...lists, ...alternatives, container].join('\n')}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
}
