import { describe, expect, test } from 'vitest'
import { makeXmp } from '../../samples/index.ts'
import { parseXmp } from './xmp-document.ts'

const flat = (packet: string): [string, string][] => parseXmp(packet).map(({ path, value }) => [path, value])
const packet = (body: string, attributes = ''): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description ${attributes}>${body}</r:Description></r:RDF></x:xmpmeta>`

describe('the ways of writing one property (ISO 16684-1 §7)', () => {
  test.each([
    ['as attribute', packet('', 'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"'), [['xmp:Rating', '3']]],
    ['as element', packet('<xmp:Rating>3</xmp:Rating>'), [['xmp:Rating', '3']]],
    ['under another prefix', packet('<q:Rating>3</q:Rating>', 'xmlns:q="http://ns.adobe.com/xap/1.0/"'), [['xmp:Rating', '3']]],
    ['in single quotes', packet('', "xmp:Rating='3'"), [['xmp:Rating', '3']]],
    ['as a list', packet('<dc:subject><r:Bag><r:li>a</r:li><r:li> b </r:li></r:Bag></dc:subject>'), [['dc:subject', 'a'], ['dc:subject', 'b']]],
    ['as a structure', packet('<exif:Flash r:parseType="Resource"><exif:Fired>True</exif:Fired></exif:Flash>'), [['exif:Flash/exif:Fired', 'True']]],
    ['as a structure in attributes', packet('<exif:Flash exif:Fired="True"/>'), [['exif:Flash/exif:Fired', 'True']]],
    ['as a reference', packet('<a:b r:resource="c"/>'), [['a:b', 'c']]],
    ['with entities', packet('<dc:title>a &lt;b&gt; &amp; &#228;&#xe4;</dc:title>'), [['dc:title', 'a <b> & ää']]],
    ['as character data', packet('<dc:title><![CDATA[<a> & b]]></dc:title>'), [['dc:title', '<a> & b']]],
    ['with a comment in it', packet('<dc:title>a<!-- > -->b</dc:title>'), [['dc:title', 'ab']]],
  ] as const)('%s', (_, text, expected) => expect(flat(text)).toEqual(expected))

  test('items of a list of structures keep together', () => {
    const items = parseXmp(makeXmp({ directory: [{ semantic: 'Primary', mime: 'image/jpeg' }, { semantic: 'MotionPhoto', mime: 'video/mp4', length: 7 }] }))
    const second = items.filter(({ item }) => item === 2).map(({ path, value }) => [path, value])
    expect(second).toEqual([
      ['Container:Directory/Container:Item/Item:Mime', 'video/mp4'],
      ['Container:Directory/Container:Item/Item:Semantic', 'MotionPhoto'],
      ['Container:Directory/Container:Item/Item:Length', '7'],
    ])
  })
})

describe('hostile packets', () => {
  test('entities of a document type are never expanded: nothing is read from such a packet', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'x'.repeat(50)}"><!ENTITY b "&a;&a;&a;">]>${packet('<dc:title>&b;</dc:title>')}`
    expect(flat(bomb)).toEqual([])
    expect(flat(packet('<dc:title>&b; &unknown;</dc:title>'))).toEqual([['dc:title', '&b; &unknown;']])
  })
  test('a cut packet gives what stands before the cut', () => {
    const whole = packet('<xmp:Rating>3</xmp:Rating><dc:title>never closed')
    expect(flat(whole.slice(0, whole.indexOf('closed')))).toEqual([['xmp:Rating', '3']])
  })
  test.each([
    ['open tags', '<a:b>'.repeat(100_000)],
    ['quotes that do not close', '<a b="'.repeat(100_000)],
    ['lists', packet('<dc:subject><r:Bag>' + '<r:li>a</r:li>'.repeat(100_000))],
    ['angle brackets', '<'.repeat(500_000)],
    ['spaces in a tag', `<a${' '.repeat(500_000)}`],
    ['attributes', `<a ${'b:c="d" '.repeat(100_000)}>`],
  ])('%s without end are read in one pass', (_, text) => {
    expect(parseXmp(text).length).toBeLessThanOrEqual(5_000)
  }, 2_000)
})
