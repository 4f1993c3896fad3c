import { latin1, startsWith, u32 } from '../bytes/numbers.ts'

/** Brands that name the codec (ISO/IEC 23008-12 §B.4, AV1 Image File Format §6), in the order in which they decide. */
const types: readonly (readonly [brand: string, mediaType: string])[] = [
  ['avif', 'image/avif'],
  ['avis', 'image/avif'],
  ['heic', 'image/heic'],
  ['heix', 'image/heic'],
  ['heim', 'image/heic'],
  ['heis', 'image/heic'],
  ['hevc', 'image/heic-sequence'],
  ['hevx', 'image/heic-sequence'],
]
const structuralBrands = new Set(['mif1', 'mif2', 'msf1', 'miaf', 'heim', 'heis'])

/**
 * The type of an image whose major brand names only the structure: then the codec stands among the compatible brands
 * (`mif1` is what Samsung, Xiaomi and libheif write). Other files: null, file-type reads their major brand.
 */
export function brandedImageType(head: Uint8Array): string | null {
  if (head.length < 16 || !startsWith(head, 'ftyp', 4) || !structuralBrands.has(latin1(head, 8, 12))) return null
  const brands = new Set<string>()
  const end = Math.min(u32(head, 0), head.length, 512)
  for (let at = 8; at + 4 <= end; at += 4) brands.add(latin1(head, at, at + 4))
  return types.find(([brand]) => brands.has(brand))?.[1] ?? null
}
