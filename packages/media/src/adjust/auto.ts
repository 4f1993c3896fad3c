import type { Recipe } from '@everroll/protocol'
import type { Pixels } from './draw.ts'

/** Some thousand pixels tell the tones of a photo. */
const SAMPLES = 20_000

type Auto = Pick<Recipe, 'exposure' | 'contrast' | 'highlights' | 'shadows' | 'saturation' | 'warmth' | 'tint'>

/**
 * Light and colour that suit a picture: the middle of its tones to the middle, its ends apart, a cast of its greys
 * halfway out, dull colours a little stronger. Moderate, so that a picture which is well exposed stays nearly as it is.
 */
export function autoAdjust({ data, width, height, channels }: Pixels): Auto {
  const step = Math.max(1, Math.floor((width * height) / SAMPLES))
  const tones = new Uint32Array(256)
  let [count, colourful, greys, reds, greens, blues] = [0, 0, 0, 0, 0, 0]
  for (let at = 0; at + channels <= data.length; at += step * channels) {
    const [red, green, blue] = [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]
    const tone = Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    tones[tone] = (tones[tone] ?? 0) + 1
    count += 1
    const spread = Math.max(red, green, blue) - Math.min(red, green, blue)
    colourful += spread / 255
    if (spread < 48 && tone > 40 && tone < 225) [greys, reds, greens, blues] = [greys + 1, reds + red, greens + green, blues + blue]
  }
  const toneAt = (share: number): number => {
    let sum = 0
    return tones.findIndex((each) => (sum += each) >= share * count) / 255
  }
  const [dark, middle, bright] = [toneAt(0.02), toneAt(0.5), toneAt(0.98)]
  const spread = bright - dark
  const hasGrey = greys > count * 0.08
  const middleGrey = hasGrey ? (reds + greens + blues) / 3 : 1
  return {
    exposure: within((0.46 - middle) * 0.9, 0.45),
    contrast: within((0.86 - spread) * 0.7, 0.35, 0),
    highlights: within((0.97 - bright) * 0.6 - Math.max(0, bright - 0.985) * 12, 0.35),
    shadows: within((0.1 - dark) * 1.6, 0.3, 0),
    saturation: within((0.28 - colourful / Math.max(1, count)) * 0.7, 0.25, 0),
    // Halfway: a sunset is meant to be warm.
    warmth: hasGrey ? within(((blues - reds) / middleGrey) * 0.75, 0.3) : 0,
    tint: hasGrey ? within(((greens - (reds + blues) / 2) / middleGrey) * 0.9, 0.2) : 0,
  }
}

/** To two digits, within ±reach, or from `least`. */
function within(value: number, reach: number, least = -reach): number {
  return Math.round(Math.min(reach, Math.max(least, value)) * 100) / 100
}
