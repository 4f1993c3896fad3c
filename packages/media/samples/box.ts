/** A box of the ISO base media file format, an atom of QuickTime: size, type, body (ISO/IEC 14496-12 §4.2). */
export function box(type: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt32BE(body.length + 8)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, body])
}
