import { ladder } from '../ladder.ts'
import type { DecoderName } from '../ladder.ts'
import { decoders } from '../ladder.ts'

/** The steps of the ladder that can be tested here. The tests of the others are skipped, and the log says so. */
export const presentDecoders: DecoderName[] = []
for await (const { name } of decoders(ladder)) presentDecoders.push(name)
for (const name of ladder) if (!presentDecoders.includes(name)) console.log(`videos: ${name} is not installed here; its tests are skipped`)
