import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FilterName, plainRecipe, type Recipe } from '@everroll/protocol'
import { autoAdjust } from './auto.ts'
import { changesColour, type Colour, colourOf } from './colour.ts'
import { drawAdjusted, type Pixels } from './draw.ts'
import { adjustedSize, applied, flippedAcross, flippedDown, frameToPicture, outputToPicture, soundCrop, turned } from './geometry.ts'
import { applyLattice, latticeOf } from './lattice.ts'

const recipeOf = (more: Partial<Recipe>): Recipe => ({ ...plainRecipe, ...more })

/** Each pixel is told from all others: its column in red, its row in green. */
function plan(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at += 1) data.set([at % width, Math.floor(at / width), 77], at * 3)
  return { data, width, height, channels: 3 }
}

/** The pixels as "column,row" of where they came from. */
const placesOf = ({ data, width, height }: Pixels): string[] =>
  Array.from({ length: height }, (_, row) => Array.from({ length: width }, (_each, column) => `${data[(row * width + column) * 3]},${data[(row * width + column) * 3 + 1]}`).join(' '))

const amount = fc.integer({ min: -100, max: 100 }).map((value) => value / 100)
const aCrop = fc.tuple(amount, amount, amount, amount).map(([left, top, width, height]) => {
  const [w, h] = [0.05 + Math.abs(width) * 0.95, 0.05 + Math.abs(height) * 0.95]
  return { left: Math.abs(left) * (1 - w), top: Math.abs(top) * (1 - h), width: w, height: h }
})
const aTurning = fc.record({ mirrored: fc.boolean(), quarterTurns: fc.integer({ min: 0, max: 3 }), straighten: fc.integer({ min: -450, max: 450 }).map((value) => value / 10), crop: fc.option(aCrop) })
const aSize = fc.record({ width: fc.integer({ min: 40, max: 4000 }), height: fc.integer({ min: 40, max: 4000 }) })
const aLook = fc.record({ exposure: amount, contrast: amount, highlights: amount, shadows: amount, saturation: amount, warmth: amount, tint: amount, filter: fc.option(fc.record({ name: fc.constantFrom(...FilterName.options), strength: fc.integer({ min: 0, max: 10 }).map((value) => value / 10) })) })

describe('geometry', () => {
  test('by example: mirrors, quarter turns and crops take the pixels as they are', () => {
    const picture = plan(3, 2)
    expect(placesOf(drawAdjusted(picture, plainRecipe))).toEqual(['0,0 1,0 2,0', '0,1 1,1 2,1'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ quarterTurns: 1 })))).toEqual(['0,1 0,0', '1,1 1,0', '2,1 2,0'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ quarterTurns: 2 })))).toEqual(['2,1 1,1 0,1', '2,0 1,0 0,0'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ quarterTurns: 3 })))).toEqual(['2,0 2,1', '1,0 1,1', '0,0 0,1'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ mirrored: true })))).toEqual(['2,0 1,0 0,0', '2,1 1,1 0,1'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ mirrored: true, quarterTurns: 1 })))).toEqual(['2,1 2,0', '1,1 1,0', '0,1 0,0'])
    expect(placesOf(drawAdjusted(picture, recipeOf({ crop: { left: 1 / 3, top: 0.5, width: 2 / 3, height: 0.5 } })))).toEqual(['1,1 2,1'])
    // Of the picture as it lies after turning.
    expect(placesOf(drawAdjusted(picture, recipeOf({ quarterTurns: 1, crop: { left: 0, top: 0, width: 0.5, height: 1 } })))).toEqual(['0,1', '1,1', '2,1'])
  })

  test('straightening turns clockwise, about the middle', () => {
    // A point to the right of the middle goes down: what is seen there was to the right and up.
    const at = applied(frameToPicture(recipeOf({ straighten: 10 }), { width: 100, height: 100 }), { x: 90, y: 50 })
    expect(at.x).toBeCloseTo(50 + 40 * Math.cos(Math.PI / 18), 6)
    expect(at.y).toBeCloseTo(50 - 40 * Math.sin(Math.PI / 18), 6)
  })

  test('nothing beside the picture is ever seen', () => {
    fc.assert(
      fc.property(aTurning, aSize, (turning, size) => {
        const recipe = recipeOf(turning)
        const output = adjustedSize(recipe, size)
        const from = outputToPicture(recipe, size)
        for (const x of [0, output.width]) {
          for (const y of [0, output.height]) {
            const point = applied(from, { x, y })
            // Rounding to whole pixels may reach over by one.
            expect(point.x).toBeGreaterThan(-1.5)
            expect(point.y).toBeGreaterThan(-1.5)
            expect(point.x).toBeLessThan(size.width + 1.5)
            expect(point.y).toBeLessThan(size.height + 1.5)
          }
        }
      }),
    )
  })

  test('a picture that is not straightened keeps the chosen crop, and a straightened one its shape and as much as fits', () => {
    const crop = { left: 0.1, top: 0.2, width: 0.5, height: 0.4 }
    expect(soundCrop(recipeOf({ crop }), { width: 400, height: 300 })).toEqual(crop)
    const straight = soundCrop(recipeOf({ straighten: 5 }), { width: 400, height: 300 })
    expect(straight.width).toBeCloseTo(straight.height, 9)
    expect(straight.width).toBeGreaterThan(0.85)
    expect(straight.left).toBeCloseTo((1 - straight.width) / 2, 9)
  })

  test('what is shown is turned and mirrored with its crop: four turns and two mirrors are none', () => {
    fc.assert(
      fc.property(aTurning, (turning) => {
        const rounded = (of: typeof turning) => JSON.stringify(of, (_, value) => (typeof value === 'number' ? Math.round(value * 1e9) / 1e9 + 0 : value))
        expect(rounded(turned(turned(turned(turned(turning)))))).toBe(rounded(turning))
        expect(rounded(flippedAcross(flippedAcross(turning)))).toBe(rounded(turning))
        expect(rounded(flippedDown(flippedDown(turning)))).toBe(rounded(turning))
      }),
    )
    const picture = plan(5, 4)
    const recipe = recipeOf({ mirrored: true, quarterTurns: 1, crop: { left: 0.25, top: 0.2, width: 0.5, height: 0.6 } })
    const shown = placesOf(drawAdjusted(picture, recipe)).map((row) => row.split(' '))
    expect(placesOf(drawAdjusted(picture, flippedAcross(recipe)))).toEqual(shown.map((row) => row.toReversed().join(' ')))
    expect(placesOf(drawAdjusted(picture, flippedDown(recipe)))).toEqual(shown.toReversed().map((row) => row.join(' ')))
    expect(placesOf(drawAdjusted(picture, turned(recipe)))).toEqual((shown[0] ?? []).map((_, column) => shown.toReversed().map((row) => row[column]).join(' ')))
  })
})

describe('colour', () => {
  const grey = (value: number): Colour => [value, value, value]
  const at = (more: Partial<Recipe>, colour: Colour): Colour => colourOf(recipeOf(more))(colour)

  test('nothing changes where nothing is set', () => {
    expect(changesColour(plainRecipe)).toBe(false)
    expect(latticeOf(plainRecipe)).toBeNull()
    expect(at({}, [0.2, 0.5, 0.9])).toEqual([0.2, 0.5, 0.9])
  })

  test.each([
    ['exposure', { exposure: 0.5 }, grey(0.4), (value: number) => value > 0.5],
    ['less exposure', { exposure: -0.5 }, grey(0.4), (value: number) => value < 0.35],
    ['contrast, dark', { contrast: 0.5 }, grey(0.25), (value: number) => value < 0.25],
    ['contrast, bright', { contrast: 0.5 }, grey(0.75), (value: number) => value > 0.75],
    ['shadows', { shadows: 1 }, grey(0.2), (value: number) => value > 0.25],
    ['shadows, bright', { shadows: 1 }, grey(0.9), (value: number) => Math.abs(value - 0.9) < 0.005],
    ['highlights', { highlights: -1 }, grey(0.85), (value: number) => value < 0.8],
    ['highlights, dark', { highlights: -1 }, grey(0.15), (value: number) => Math.abs(value - 0.15) < 0.005],
  ])('%s', (_name, recipe, from, holds) => {
    const colour = at(recipe, from)
    expect(holds(colour[0])).toBe(true)
    for (const value of colour) expect(value).toBeCloseTo(colour[0], 9)
  })

  test('warmth and tint shift the colour of grey and keep how bright it is', () => {
    const [red, green, blue] = at({ warmth: 0.5 }, grey(0.5))
    expect([red > 0.5, blue < 0.5]).toEqual([true, true])
    expect(0.2126 * red + 0.7152 * green + 0.0722 * blue).toBeCloseTo(0.5, 1)
    const tinted = at({ tint: 0.5 }, grey(0.5))
    expect([tinted[0] > 0.5, tinted[1] < 0.5, tinted[2] > 0.5]).toEqual([true, true, true])
  })

  test('without saturation all is grey; the black and white filters leave none', () => {
    for (const recipe of [{ saturation: -1 }, ...(['mono', 'noir', 'silvertone'] as const).map((name) => ({ filter: { name, strength: 1 } }))]) {
      const [red, green, blue] = at(recipe, [0.9, 0.3, 0.1])
      expect([green, blue]).toEqual([expect.closeTo(red, 9), expect.closeTo(red, 9)])
    }
  })

  test('brighter stays brighter: no recipe turns tones around, and all results are colours', () => {
    fc.assert(
      fc.property(aLook, (look) => {
        const colour = colourOf(recipeOf(look))
        let before = -1
        for (let step = 0; step <= 32; step += 1) {
          const next = colour(grey(step / 32))
          for (const value of next) expect(value).toBeGreaterThanOrEqual(0)
          for (const value of next) expect(value).toBeLessThanOrEqual(1)
          const bright = 0.2126 * next[0] + 0.7152 * next[1] + 0.0722 * next[2]
          expect(bright).toBeGreaterThanOrEqual(before - 1e-6)
          before = bright
        }
      }),
    )
  })

  test('the lattice comes to what the function says, within the rounding of 8 bits and a little', () => {
    fc.assert(
      fc.property(aLook, fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)), { minLength: 20, maxLength: 20 }), (look, colours) => {
        const recipe = recipeOf(look)
        const lattice = latticeOf(recipe)
        if (lattice === null) return
        const pixels = Uint8Array.from(colours.flat())
        applyLattice(lattice, pixels, 3)
        const exact = colours.flatMap(([red, green, blue]) => [...colourOf(recipe)([red / 255, green / 255, blue / 255])].map((value) => value * 255))
        for (const [place, value] of exact.entries()) expect(Math.abs((pixels[place] ?? 0) - value)).toBeLessThan(9)
      }),
      { numRuns: 20 },
    )
  })

  test('alpha is left alone', () => {
    const drawn = drawAdjusted({ data: Uint8Array.of(10, 20, 30, 128, 200, 100, 50, 0), width: 2, height: 1, channels: 4 }, recipeOf({ exposure: 0.4, mirrored: true }))
    expect([drawn.data[3], drawn.data[7]]).toEqual([0, 128])
  })
})

describe('auto', () => {
  const flat = (value: (at: number) => Colour): Pixels => {
    const data = new Uint8Array(64 * 64 * 3)
    for (let at = 0; at < 64 * 64; at += 1) data.set(value(at).map((each) => Math.round(each * 255)), at * 3)
    return { data, width: 64, height: 64, channels: 3 }
  }
  const ramp = (from: number, to: number) => flat((at) => {
    const value = from + ((to - from) * at) / (64 * 64)
    return [value, value, value]
  })

  test('lightens what is dark, spreads what is flat, cools what is amber', () => {
    expect(autoAdjust(ramp(0, 0.4)).exposure).toBeGreaterThan(0.1)
    expect(autoAdjust(ramp(0.5, 1)).exposure).toBeLessThan(-0.1)
    expect(autoAdjust(ramp(0.35, 0.65)).contrast).toBeGreaterThan(0.2)
    expect(autoAdjust(flat((at) => { const value = 0.2 + (0.6 * at) / 4096; return [value * 1.08, value, value * 0.94] })).warmth).toBeLessThan(-0.03)
  })

  test('leaves a well exposed picture nearly alone, and gives numbers for any', () => {
    for (const value of Object.values(autoAdjust(ramp(0.02, 0.97)))) expect(Math.abs(value)).toBeLessThan(0.22)
    for (const value of Object.values(autoAdjust(flat(() => [0, 0, 0])))) expect(Number.isFinite(value)).toBe(true)
  })
})
