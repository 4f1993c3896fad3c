/** What adjustments mean in pixels: for the server and for browsers, so it takes nothing of Node. */
export { autoAdjust } from './auto.ts'
export { drawAdjusted, type Pixels } from './draw.ts'
export { adjustedSize, type Affine, after, applied, flippedAcross, flippedDown, frameOf, frameToPicture, identity, outputToPicture, type Point, type Size, soundCrop, turned, wholeCrop } from './geometry.ts'
export { applyLattice, type Lattice, LATTICE_EDGE, latticeOf } from './lattice.ts'
