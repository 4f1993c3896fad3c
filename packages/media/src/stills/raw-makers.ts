/** Types of camera RAW by the maker that TIFF's tag `Make` names: these files differ in nothing else that is documented. */
const byMaker: readonly (readonly [start: string, mediaType: string])[] = [
  ['nikon', 'image/x-nikon-nef'],
  ['canon', 'image/x-canon-cr2'],
  ['sony', 'image/x-sony-arw'],
  ['pentax', 'image/x-pentax-pef'],
  ['ricoh', 'image/x-pentax-pef'],
  ['samsung', 'image/x-samsung-srw'],
  ['hasselblad', 'image/x-hasselblad-3fr'],
  ['phase one', 'image/x-phaseone-iiq'],
  ['leaf', 'image/x-leaf-mos'],
  ['kodak', 'image/x-kodak-dcr'],
  ['eastman kodak', 'image/x-kodak-dcr'],
  ['seiko epson', 'image/x-epson-erf'],
  ['leica', 'image/x-leica-rwl'],
  ['panasonic', 'image/x-panasonic-rw2'],
  ['olympus', 'image/x-olympus-orf'],
  ['gopro', 'image/x-gopro-gpr'],
]

/** A TIFF with a sensor's data and a maker that is not here is read as what Adobe made of them all. */
export function rawTypeOf(make: string | null): string {
  const name = make?.toLowerCase() ?? ''
  return byMaker.find(([start]) => name.startsWith(start))?.[1] ?? 'image/x-adobe-dng'
}
