import { expect, test } from 'vitest';
import { differing } from './facts.ts';

test('what is the same of all copies is not told as a difference', () => {
  const facts = (name: string, size: string) => [{ label: 'Name', value: name }, { label: 'Size', value: size }, { label: 'Camera', value: 'X' }];
  expect([...differing([facts('a.jpg', '1'), facts('b.jpg', '1'), facts('a.jpg', '1')])]).toEqual(['Name']);
  expect(differing([facts('a.jpg', '1')]).size).toBe(0);
});
