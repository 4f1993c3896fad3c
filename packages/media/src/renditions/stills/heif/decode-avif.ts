import { Malformed } from '../../../bytes/source.ts'
import type { DecodeLimits, NotDecoded, Reduced } from '../decoded.ts'
import { colourUse } from '../nclx-colour.ts'
import { reduce, reduceCoded } from '../reduce.ts'
import { openHeif } from './container.ts'
import { pixelProperties } from './properties.ts'
import type { Nclx } from './properties.ts'

/** AVIF: sharp decodes it and takes no notice of colours that are told by code points. */
export async function decodeAvif(path: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const colour = await colourOf(path)
  return colour === null || colourUse(colour) === 'srgb' ? reduce(path, limits) : reduceCoded(path, colour, limits)
}

/** Null where an ICC profile says it, or nothing does. */
async function colourOf(path: string): Promise<Nclx | null> {
  try {
    const { items, close } = await openHeif(path)
    await close()
    const properties = items.primary === null ? [] : pixelProperties(items, items.primary)
    if (properties.some(({ type }) => type === 'icc')) return null
    return properties.find((property) => property.type === 'nclx')?.nclx ?? null
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}
