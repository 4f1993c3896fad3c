import type { ByteSource } from '../bytes/source.ts'
import { readXmp } from '../details/xmp.ts'
import type { Draft } from '../reading.ts'

/** A program that edits keeps its whole history in there: 100 KB are common. */
const sidecarBytes = 2 * 1024 * 1024

/** An XMP packet as a file of its own (XMP part 3 §1.2). */
export async function readXmpSidecar(source: ByteSource, draft: Draft): Promise<void> {
  draft.xmp = readXmp(await source.read(0, Math.min(source.size, sidecarBytes)))
}
