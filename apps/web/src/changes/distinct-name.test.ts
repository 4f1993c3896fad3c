import { expect, test } from 'vitest';
import { distinctName } from './distinct-name.ts';

test('two files of one name stay two in one archive, also where a file system takes no note of case', () => {
  const taken = new Set<string>();
  expect(['IMG_1.JPG', 'IMG_1.jpg', 'IMG_1.JPG', 'README', 'README'].map((name) => distinctName(name, taken))).toEqual(['IMG_1.JPG', 'IMG_1 (2).jpg', 'IMG_1 (3).JPG', 'README', 'README (2)']);
});
