/** A still, decoded and reduced to the size of its preview: what all renditions are made from. */
export type Reduced = {
  readonly outcome: 'reduced'
  /** Uncompressed TIFF, 8 bits a sample, upright; with the ICC profile of the original if the preview is to keep it, else sRGB. */
  readonly tiff: Buffer
  /** Pixels, as displayed. */
  readonly width: number
  readonly height: number
  readonly hasAlpha: boolean
  /** `embedded`: a smaller picture inside the file, as in each RAW. */
  readonly decoder: string
  /** Set if this is not all that the original has: parts of it are broken, or only the small picture inside it could be decoded. */
  readonly problem: Problem | null
}

export type Problem = {
  readonly code: 'corrupt_media' | 'unsupported_media'
  /** For the log; English. */
  readonly message: string
}

/** Its receiver takes the next step of the ladder. */
export type NotDecoded = Problem & { readonly outcome: 'not_decoded' }

export const corrupt = (message: string): NotDecoded => ({ outcome: 'not_decoded', code: 'corrupt_media', message })
export const unsupported = (message: string): NotDecoded => ({ outcome: 'not_decoded', code: 'unsupported_media', message })

/** What is decoded of a file, and at which limit decoding ends. */
export type DecodeLimits = {
  /** Width times height. */
  readonly pixels: number
  /** The longest edge of what comes out; what is larger is reduced to it. Absent: that of the preview. */
  readonly edge?: number
}
