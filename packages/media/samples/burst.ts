import { makeJpeg } from './jpeg.ts'
import { identifierOf, momentOf } from './random.ts'
import type { Seed } from './random.ts'

/** Photos of one burst: one identifier in Apple's MakerNote, a tenth of a second apart. */
export function makeBurst(seed: Seed, count: number): { readonly burstId: string; readonly photos: readonly Uint8Array[] } {
  const burstId = identifierOf(`${seed}/burst`)
  const photos = Array.from({ length: count }, (_, index) => makeJpeg({ seed: `${seed}/${index}`, burstId, capturedAt: momentOf(seed) + index * 100 }))
  return { burstId, photos }
}
