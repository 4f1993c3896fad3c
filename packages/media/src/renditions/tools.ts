import { OddityReader } from '../index.ts'
import { decoders, ladder } from './videos/ladder.ts'

/** Programs and packages that a machine may have or lack, and that renditions come out better with. */
export type Tool = 'node-av' | 'ffmpeg' | 'exiftool'

/** Those that this machine has now. Starts some of them: to be asked seldom. */
export async function presentTools(): Promise<readonly Tool[]> {
  const present: Tool[] = []
  for await (const { name } of decoders(ladder)) present.push(name)
  const oddities = new OddityReader()
  if (await oddities.isPresent()) present.push('exiftool')
  await oddities.close()
  return present
}

/** Those of the decoders `wanted` that are not here. */
export async function absentDecoders(wanted: readonly ('node-av' | 'ffmpeg')[]): Promise<readonly Tool[]> {
  const present: Tool[] = []
  for await (const { name } of decoders(wanted)) present.push(name)
  return wanted.filter((name) => !present.includes(name))
}
