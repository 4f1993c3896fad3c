import type { Recipe } from '@everroll/protocol'
import { filters, type Look, plainLook } from './filters.ts'

/**
 * The light and colour of a recipe: a function of one pixel, in the encoded values of the picture's own RGB space, 0 to
 * 1. sRGB and Display P3 share the curve of that encoding (IEC 61966-2-1, SMPTE RP 431-2 with the sRGB curve), so that
 * one recipe looks the same in both. Light is added in linear values, as a longer exposure would; tone and colour are
 * changed in encoded ones, where equal steps look equal.
 */
export type Colour = readonly [red: number, green: number, blue: number]

/** Rec. 709 luma weights. */
const luma = (red: number, green: number, blue: number): number => 0.2126 * red + 0.7152 * green + 0.0722 * blue

/** At ±1, in stops. */
const EXPOSURE_STOPS = 1.6
/** Gains of red and blue at full warmth, of green at full tint, in linear light. */
const WARMTH_GAIN = 0.32
const TINT_GAIN = 0.22
/** Keeps the curves of highlights and shadows rising: x(1-x)^4 falls by at most 0.9 of its argument's growth. */
const TONE_REACH = 0.9

/** Whether a recipe changes light or colour at all. */
export function changesColour(recipe: Recipe): boolean {
  return recipe.filter !== null || lookNames.some((name) => recipe[name] !== 0)
}

const lookNames = ['exposure', 'contrast', 'highlights', 'shadows', 'saturation', 'warmth', 'tint'] as const

export function colourOf(recipe: Recipe): (colour: Colour) => Colour {
  const change = changeOf(recipe)
  return (colour) => {
    const rgb = Float64Array.from(colour)
    change(rgb)
    return [rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0]
  }
}

/** Changes red, green and blue in place. */
export type Change = (rgb: Float64Array) => void

/** For many colours: it makes nothing anew for each, since an editor asks for tens of thousands between two frames. */
export function changeOf(recipe: Recipe): Change {
  const own = toned({ ...recipe, lifted: 0 })
  const { filter } = recipe
  if (filter === null) return own
  const filtered = toned(filters[filter.name] ?? plainLook)
  const { strength } = filter
  return (rgb) => {
    own(rgb)
    const [red, green, blue] = [rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0]
    filtered(rgb)
    rgb[0] = red + ((rgb[0] ?? 0) - red) * strength
    rgb[1] = green + ((rgb[1] ?? 0) - green) * strength
    rgb[2] = blue + ((rgb[2] ?? 0) - blue) * strength
  }
}

function toned(look: Look): Change {
  const { highlights, shadows, contrast, saturation, lifted } = look
  const gains = gainsOf(look)
  const whites = gains.map(encoded)
  const isLit = gains.some((each) => each !== 1)
  return (rgb) => {
    if (isLit) for (let at = 0; at < 3; at += 1) rgb[at] = shoulder(encoded(linear(rgb[at] ?? 0) * (gains[at] ?? 1)), whites[at] ?? 1)
    if (highlights !== 0 || shadows !== 0) lit(rgb, highlights, shadows)
    if (contrast !== 0) for (let at = 0; at < 3; at += 1) rgb[at] = contrasted(rgb[at] ?? 0, contrast)
    if (saturation !== 0) saturated(rgb, saturation)
    for (let at = 0; at < 3; at += 1) rgb[at] = clamped(lifted + (1 - lifted) * (rgb[at] ?? 0))
  }
}

/** Another amount and colour of light, in linear values; the colour alone keeps how bright a grey is. */
function gainsOf({ exposure, warmth, tint }: Look): readonly number[] {
  const gain = 2 ** (EXPOSURE_STOPS * exposure)
  const [red, green, blue] = [1 + WARMTH_GAIN * warmth, 1 - TINT_GAIN * tint, 1 - WARMTH_GAIN * warmth]
  const by = gain / luma(red, green, blue)
  return [red * by, green * by, blue * by]
}

/** Above this the encoded values of what was lightened bend towards white instead of being cut off there. */
const KNEE = 0.82

/** @param white what white became; the curve goes on at the knee as steeply as it came there, and reaches 1 there. */
function shoulder(value: number, white: number): number {
  if (white <= 1 || value <= KNEE) return value
  const along = Math.min(1, (value - KNEE) / (white - KNEE))
  return KNEE + (1 - KNEE) * (1 - (1 - along) ** ((white - KNEE) / (1 - KNEE)))
}

/** Opens or closes dark and bright tones by luma, and keeps the colour. */
function lit(rgb: Float64Array, highlights: number, shadows: number): void {
  const from = luma(rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0)
  if (from <= 0) return
  const rest = 1 - from
  const to = from + TONE_REACH * (shadows * from * rest * rest * rest * rest + highlights * rest * from * from * from * from)
  const by = to / from
  for (let at = 0; at < 3; at += 1) rgb[at] = (rgb[at] ?? 0) * by
}

/** Towards a curve that is steep in the middle, or towards its opposite. */
function contrasted(value: number, by: number): number {
  const at = clamped(value)
  return by >= 0 ? at + (at * at * (3 - 2 * at) - at) * by : at + (0.5 + (at - 0.5) * 0.55 - at) * -by
}

/** What is colourful already gains less, so that skin and sky do not turn to paint. */
function saturated(rgb: Float64Array, by: number): void {
  const [red, green, blue] = [rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0]
  const grey = luma(red, green, blue)
  const spread = Math.max(red, green, blue) - Math.min(red, green, blue)
  const factor = by <= 0 ? 1 + by : 1 + by * (1.1 - 0.6 * clamped(spread))
  rgb[0] = grey + (red - grey) * factor
  rgb[1] = grey + (green - grey) * factor
  rgb[2] = grey + (blue - grey) * factor
}

const clamped = (value: number): number => Math.min(1, Math.max(0, value))

/** The sRGB curve (IEC 61966-2-1), continued beyond 1. */
const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const encoded = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055)
