import { expect, test } from 'vitest'
import { colourUse, toDisplayP3 } from './nclx-colour.ts'

const grey = (value: number, colour: { primaries: number; transfer: number }): number => {
  const target = new Uint8Array(3)
  toDisplayP3(Uint16Array.of(value, value, value), 3, colour, target)
  expect(Math.max(...target) - Math.min(...target), 'grey stays grey').toBeLessThanOrEqual(1)
  return target[1] ?? 0
}

/** SMPTE ST 2084: the signal for some brightness, as 16 bits. */
function pqSignal(candelas: number): number {
  const power = (candelas / 10_000) ** 0.1593017578125
  return Math.round(65_535 * ((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)
}

const pqOfBt2020 = { primaries: 9, transfer: 16 }

test.each([
  [{ primaries: 1, transfer: 13 }, 'srgb'],
  [{ primaries: 2, transfer: 2 }, 'srgb'],
  [{ primaries: 1, transfer: 1 }, 'srgb'],
  [{ primaries: 12, transfer: 13 }, 'display_p3'],
  [{ primaries: 12, transfer: 16 }, 'convert'],
  [{ primaries: 9, transfer: 14 }, 'convert'],
  [{ primaries: 9, transfer: 18 }, 'convert'],
] as const)('%j is used as %s', (colour, use) => {
  expect(colourUse(colour)).toBe(use)
})

test('HDR: shadows and skin stay, paper is nearly white, a lamp ten times as bright is brighter still', () => {
  // 18 % of paper white (203 cd/m2) is 118 in sRGB.
  expect(Math.abs(grey(pqSignal(0.18 * 203), pqOfBt2020) - 118)).toBeLessThanOrEqual(2)
  const [black, paper, lamp, sun] = [0, 203, 2_000, 10_000].map((candelas) => grey(pqSignal(candelas), pqOfBt2020)) as [number, number, number, number]
  expect(black).toBe(0)
  expect(paper).toBeGreaterThan(220)
  expect(lamp).toBeGreaterThan(paper)
  expect(sun).toBeGreaterThan(lamp)
})

test('HLG: its paper white, three quarters of the signal, is as bright as that of PQ', () => {
  // ITU-R BT.2408 table 1: 75 % HLG and 58 % PQ are both 203 cd/m2 on a display of 1000.
  expect(Math.abs(grey(Math.round(0.75 * 65_535), { primaries: 9, transfer: 18 }) - grey(pqSignal(203), pqOfBt2020))).toBeLessThanOrEqual(3)
})

test('a brighter signal is never shown darker', () => {
  for (const transfer of [16, 18, 4, 5, 8, 13]) {
    const shown = Array.from({ length: 256 }, (_, step) => grey(step * 257, { primaries: 9, transfer }))
    expect(shown).toEqual(shown.toSorted((a, b) => a - b))
  }
})

test('alpha is taken over', () => {
  const target = new Uint8Array(4)
  toDisplayP3(Uint16Array.of(0, 0, 0, 0x8000), 4, pqOfBt2020, target)
  expect(target[3]).toBe(0x80)
})
