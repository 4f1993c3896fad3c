import { expect, test } from 'vitest'
import { hevcConfiguration } from '../../samples/hevc/configuration.ts'
import { transferOfHevc } from './hevc-colour.ts'

const configuration = hevcConfiguration().subarray(8) // the box's body

test('the transfer characteristics that an encoder wrote are read: 13, sRGB', () => {
  expect(transferOfHevc(configuration)).toBe(13)
})

test('a configuration that is cut or changed anywhere gives a number or nothing', () => {
  for (let at = 0; at < configuration.length; at += 1) {
    const changed = Buffer.from(configuration)
    changed[at] = 0xff
    for (const bytes of [configuration.subarray(0, at), changed]) {
      const transfer = transferOfHevc(bytes)
      expect(transfer === null || (transfer >= 0 && transfer <= 255)).toBe(true)
    }
  }
})
