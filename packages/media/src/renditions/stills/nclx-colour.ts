import sharp from 'sharp'

/** Colours by the code points of ITU-T H.273 instead of an ICC profile: what HEIF, AVIF and video have. */
export type ColourCode = { readonly primaries: number; readonly transfer: number }

export type ColourUse =
  /** The numbers are sRGB, or near enough to it, or nothing is said. */
  | 'srgb'
  /** The numbers are Display P3: they need its profile. */
  | 'display_p3'
  /** The numbers have to be converted, from HDR or from a gamut that no screen has. */
  | 'convert'

// H.273 table 2 (primaries) and table 3 (transfer characteristics).
const bt2020 = 9
const dciP3 = 11
const displayP3 = 12
const gamma22 = 4
const gamma28 = 5
const linear = 8
const pq = 16
const gamma26 = 17
const hlg = 18

const convertedTransfers = new Set([gamma22, gamma28, linear, pq, gamma26, hlg])

export function colourUse({ primaries, transfer }: ColourCode): ColourUse {
  if (primaries === bt2020 || convertedTransfers.has(transfer)) return 'convert'
  return primaries === displayP3 || primaries === dciP3 ? 'display_p3' : 'srgb'
}

let profile: Promise<Uint8Array> | undefined

/** A profile of Display P3 of some 500 bytes, out of the ones that libvips has. */
export function displayP3Profile(): Promise<Uint8Array> {
  profile ??= sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
    .withIccProfile('p3')
    .png()
    .toBuffer()
    .then(async (png) => (await sharp(png).metadata()).icc ?? new Uint8Array(0))
  return profile
}

/** White of paper in HDR, cd/m² (ITU-R BT.2408 §5.1); what is brighter are lamps, sky and reflections. */
const paperWhite = 203
/** The display that HLG is mastered for (BT.2100 table 5): its peak, and the exponent of its system. */
const hlgPeak = 1000
const hlgGamma = 1.2

/** Samples as 0 to 1 become light, 1 is the white of paper. */
function lightOf(transfer: number): (value: number) => number {
  if (transfer === pq) return (value) => pqLight(value) / paperWhite
  if (transfer === hlg) return hlgSceneLight
  const exponent = ({ [gamma22]: 2.2, [gamma28]: 2.8, [linear]: 1, [gamma26]: 2.6 } as Readonly<Record<number, number>>)[transfer]
  return exponent === undefined ? srgbLight : (value) => value ** exponent
}

/** SMPTE ST 2084 §5.2, cd/m². */
function pqLight(value: number): number {
  const power = value ** (1 / 78.84375)
  return 10_000 * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
}

/** BT.2100 table 5, inverse of the OETF: light of the scene, 0 to 1. */
const hlgSceneLight = (value: number): number => (value <= 0.5 ? (value * value) / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12)

/** IEC 61966-2-1. */
const srgbLight = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
const srgbValue = (light: number): number => (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055)

/** Up to here light stays as it is. */
const knee = 0.6

/** Above the knee light is pressed together, without a corner, and never reaches 1. */
const pressed = (light: number): number => (light <= knee ? light : knee + ((1 - knee) * (light - knee)) / (light - knee + 1 - knee))

type Matrix = readonly [readonly [number, number, number], readonly [number, number, number], readonly [number, number, number]]
const unchanged: Matrix = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
/** Linear light of other primaries in those of P3 with white D65 (computed from the coordinates of H.273 table 2). */
const toP3: Readonly<Record<number, Matrix>> = {
  1: [[0.822462, 0.177538, 0], [0.033194, 0.966806, 0], [0.017083, 0.072397, 0.91052]],
  [bt2020]: [[1.343578, -0.28218, -0.061399], [-0.065297, 1.075788, -0.01049], [0.002822, -0.019599, 1.016777]],
  [dciP3]: unchanged,
  [displayP3]: unchanged,
}

const inputSteps = 4096
const outputSteps = 16_384

/**
 * Converts interleaved samples of 16 bits to Display P3 of 8 bits; HDR is pressed into what a screen without it shows.
 * Samples beyond the third of a pixel are taken over.
 */
export function toDisplayP3(samples: Uint16Array, channels: 3 | 4, { primaries, transfer }: ColourCode, target: Uint8Array): void {
  const toLight = lightOf(transfer)
  const light = Float32Array.from({ length: inputSteps }, (_, step) => toLight(step / (inputSteps - 1)))
  const value = Uint8Array.from({ length: outputSteps + 1 }, (_, step) => Math.round(255 * srgbValue(step / outputSteps)))
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]] = toP3[primaries] ?? toP3[1] ?? unchanged
  const isHdr = transfer === pq || transfer === hlg
  for (let at = 0; at + channels <= samples.length; at += channels) {
    const red = light[(samples[at] ?? 0) >> 4] ?? 0
    const green = light[(samples[at + 1] ?? 0) >> 4] ?? 0
    const blue = light[(samples[at + 2] ?? 0) >> 4] ?? 0
    let gain = 1
    if (transfer === hlg) gain = (hlgPeak / paperWhite) * (0.2627 * red + 0.678 * green + 0.0593 * blue) ** (hlgGamma - 1)
    const brightest = gain * Math.max(red, green, blue)
    // All three by the same factor: the hue stays.
    if (isHdr && brightest > knee) gain *= pressed(brightest) / brightest
    target[at] = value[step(gain * (rr * red + rg * green + rb * blue))] ?? 255
    target[at + 1] = value[step(gain * (gr * red + gg * green + gb * blue))] ?? 255
    target[at + 2] = value[step(gain * (br * red + bg * green + bb * blue))] ?? 255
    if (channels === 4) target[at + 3] = (samples[at + 3] ?? 0) >> 8
  }
}

const step = (light: number): number => (light <= 0 ? 0 : light >= 1 ? outputSteps : Math.round(light * outputSteps))
