import { expect, test } from 'vitest';
import { dateWord } from './date-words.ts';

test.each([
  ['2019', { format: '%Y', value: '2019' }],
  ['november', { format: '%m', value: '11' }],
  ['Nov', { format: '%m', value: '11' }],
  ['MAY', { format: '%m', value: '05' }],
  ['2019-11', { format: '%Y-%m', value: '2019-11' }],
  ['2019-11-30', { format: '%Y-%m-%d', value: '2019-11-30' }],
  ['1234', null],
  ['20191', null],
  ['2019-13', null],
  ['2019-11-32', null],
  ['novem', null],
  ['beach', null],
])('%s', (word, told) => {
  expect(dateWord(word)).toEqual(told);
});
