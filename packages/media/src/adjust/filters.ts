import type { FilterName, Recipe } from '@everroll/protocol'

/** What a filter does at its full strength: light and colour, and how far the darkest tones are lifted. */
export type Look = Pick<Recipe, 'exposure' | 'contrast' | 'highlights' | 'shadows' | 'saturation' | 'warmth' | 'tint'> & {
  /** 0 to 1: the tone that black becomes. */
  readonly lifted: number
}

export const plainLook: Look = { exposure: 0, contrast: 0, highlights: 0, shadows: 0, saturation: 0, warmth: 0, tint: 0, lifted: 0 }

export const filters: Readonly<Record<FilterName, Look>> = {
  vivid: { ...plainLook, contrast: 0.3, saturation: 0.38, shadows: 0.08 },
  vivid_warm: { ...plainLook, contrast: 0.3, saturation: 0.34, warmth: 0.3, shadows: 0.08 },
  vivid_cool: { ...plainLook, contrast: 0.3, saturation: 0.34, warmth: -0.32, shadows: 0.08 },
  dramatic: { ...plainLook, exposure: -0.06, contrast: 0.48, highlights: -0.45, shadows: 0.2, saturation: -0.28 },
  dramatic_warm: { ...plainLook, exposure: -0.06, contrast: 0.48, highlights: -0.45, shadows: 0.2, saturation: -0.2, warmth: 0.36 },
  dramatic_cool: { ...plainLook, exposure: -0.06, contrast: 0.48, highlights: -0.45, shadows: 0.2, saturation: -0.24, warmth: -0.38 },
  fade: { ...plainLook, contrast: -0.18, saturation: -0.22, warmth: 0.08, lifted: 0.09 },
  mono: { ...plainLook, saturation: -1, contrast: 0.12 },
  silvertone: { ...plainLook, saturation: -1, exposure: 0.1, contrast: 0.22, highlights: 0.12, shadows: 0.12 },
  noir: { ...plainLook, saturation: -1, exposure: -0.08, contrast: 0.78, shadows: -0.3 },
}
