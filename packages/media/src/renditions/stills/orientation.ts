/**
 * The eight ways in which a picture can lie (Exif 3.0 §4.6.5, Orientation): first mirrored left to right or not, then
 * turned clockwise by quarters.
 */
export type Orientation = { readonly mirrored: boolean; readonly quarters: 0 | 1 | 2 | 3 }

export const upright: Orientation = { mirrored: false, quarters: 0 }

/** Index + 1 is the number in EXIF. */
const numbered: readonly Orientation[] = [
  upright,
  { mirrored: true, quarters: 0 },
  { mirrored: false, quarters: 2 },
  { mirrored: true, quarters: 2 },
  { mirrored: true, quarters: 3 },
  { mirrored: false, quarters: 1 },
  { mirrored: true, quarters: 1 },
  { mirrored: false, quarters: 3 },
]

export const exifNumberOf = (orientation: Orientation): number =>
  1 + numbered.findIndex(({ mirrored, quarters }) => mirrored === orientation.mirrored && quarters === orientation.quarters)

export const turned = ({ mirrored, quarters }: Orientation, clockwiseQuarters: number): Orientation => ({ mirrored, quarters: quarter(quarters + clockwiseQuarters) })

/** Mirroring after a turn is the opposite turn after mirroring. */
export const mirroredLeftRight = ({ mirrored, quarters }: Orientation): Orientation => ({ mirrored: !mirrored, quarters: quarter(-quarters) })

export const mirroredTopBottom = (orientation: Orientation): Orientation => turned(mirroredLeftRight(orientation), 2)

const quarter = (count: number): 0 | 1 | 2 | 3 => (((count % 4) + 4) % 4) as 0 | 1 | 2 | 3
