import type { VideoTrack } from './video-facts.ts'

/** What the filters give: frames for an encoder (BT.709, narrow range, 4:2:0), or pixels for a still. */
export type Target = 'yuv420p' | 'rgb24'

const transfers: ReadonlySet<string | null> = new Set(['smpte2084', 'arib-std-b67'])
const primariesKnown: ReadonlySet<string | null> = new Set(['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film', 'bt2020', 'smpte432'])
const coefficientsKnown: ReadonlySet<string | null> = new Set(['bt709', 'fcc', 'bt470bg', 'smpte170m', 'smpte240m', 'bt2020nc'])

export const isHdr = (video: VideoTrack): boolean => transfers.has(video.transfer)

/**
 * Filters that scale a frame to width x height and give its colours as SDR BT.709. HLG and PQ (and with them the base
 * layer of Dolby Vision 8.4) are tone-mapped in linear light: 100 cd/m2 is the white of SDR, and Hable's curve keeps
 * what is brighter, up to the 1000 cd/m2 that phones record. What a file says of its own peak is not asked: it is often
 * missing, and can be anything. Of what players do with the transfer of BT.709 nothing is undone: a still shows a video's code
 * values, as browsers do with the video.
 */
export function colourFilters(video: VideoTrack, width: number, height: number, target: Target): string[] {
  const size = `w=${width}:h=${height}:filter=bicubic`
  const output = target === 'rgb24' ? { encoding: 'm=gbr:r=pc', formats: ['format=gbrp', 'format=rgb24'] } : { encoding: 'm=bt709:r=tv', formats: ['format=yuv420p'] }
  if (!isHdr(video)) return [...described(video), `zscale=${size}:p=bt709:t=bt709:${output.encoding}`, ...output.formats]
  return [
    ...described(video),
    `zscale=${size}:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0:peak=10',
    `zscale=t=bt709:${output.encoding}`,
    ...output.formats,
  ]
}

/** The same without libzimg, which some builds of FFmpeg lack: HDR looks pale, wide gamut dull. */
export function plainColourFilters(video: VideoTrack, width: number, height: number, target: Target): string[] {
  return [...described(video), `scale=w=${width}:h=${height}:flags=bicubic${target === 'yuv420p' ? ':out_range=tv:out_color_matrix=bt709' : ''}`, `format=${target}`]
}

/** Says what the frames are where the file does not, or says something that libzimg does not know. */
function described(video: VideoTrack): string[] {
  // Frames of RGB, grey or a palette are converted by FFmpeg, which knows what they are.
  if (!/^(yuv|nv|p0)/.test(video.pixelFormat)) return ['format=yuv444p', parameters('bt709', 'bt709', 'bt709', false)]
  const hdr = isHdr(video)
  // BT.601 for standard definition, which is the convention where a file says nothing.
  const usual = hdr ? 'bt2020nc' : Math.min(video.width, video.height) < 720 ? 'smpte170m' : 'bt709'
  const coefficients = coefficientsKnown.has(video.coefficients) ? video.coefficients : usual
  const primaries = primariesKnown.has(video.primaries) ? video.primaries : hdr ? 'bt2020' : 'bt709'
  const said = parameters(primaries, hdr ? video.transfer : 'bt709', coefficients, video.fullRange)
  // libzimg wants whole chroma samples; swscale takes sides of any length.
  const whole = video.width % 4 === 0 && video.height % 4 === 0
  return whole ? [said] : [said, `format=${hdr ? 'yuv444p10le' : 'yuv444p'}`]
}

const parameters = (primaries: string | null, transfer: string | null, coefficients: string | null, fullRange: boolean): string =>
  `setparams=range=${fullRange ? 'pc' : 'tv'}:color_primaries=${primaries}:color_trc=${transfer}:colorspace=${coefficients}`
