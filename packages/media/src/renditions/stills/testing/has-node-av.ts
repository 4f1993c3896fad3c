import { nodeAvDecoder } from '../heif/node-av.ts'

/** Whether the optional package is installed here, with a binary for this machine. */
export async function hasNodeAv(): Promise<boolean> {
  const decoder = await nodeAvDecoder()
  decoder?.close()
  return decoder !== null
}
