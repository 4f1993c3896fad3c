import { describe, expect, it } from 'vitest';
import { parseRange } from './ranges.ts';

describe('a range of 10 bytes (RFC 9110 section 14.1.2)', () => {
  it.each([
    [undefined, 'whole'],
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=0-', { start: 0, end: 10 }],
    ['bytes=3-5', { start: 3, end: 6 }],
    ['Bytes=9-9', { start: 9, end: 10 }],
    ['bytes=5-99999', { start: 5, end: 10 }],
    ['bytes=-3', { start: 7, end: 10 }],
    ['bytes=-99', { start: 0, end: 10 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=9999999999999999-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-3', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,3-4', 'whole'],
    ['bytes=1e3-', 'whole'],
    ['bytes=0x1-2', 'whole'],
    ['bytes=-1-2', 'whole'],
    ['lines=1-2', 'whole'],
    ['', 'whole'],
  ])('%s', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });
});
