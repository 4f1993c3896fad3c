import { expect, test } from 'vitest';
import { FREE_PLAN, parsePlan, planBytes, PlanName, planOfBytes } from './plans.ts';

test('Q1 the plans are those of the product, in decimal bytes, and 5 GB are free', () => {
  expect(PlanName.options.map((name) => planBytes[name])).toEqual([5e9, 50e9, 200e9, 2e12, 6e12, 12e12, null]);
  expect(planBytes[FREE_PLAN]).toBe(5_000_000_000);
});

test('each plan is found again by its size and by its name as people write it', () => {
  for (const name of PlanName.options) expect(planOfBytes(planBytes[name])).toBe(name);
  expect(planOfBytes(5_000_000_001)).toBeNull();
  expect(['2 TB', '2tb', ' 50 gb', 'Unlimited'].map(parsePlan)).toEqual(['2TB', '2TB', '50GB', 'unlimited']);
  expect(['', '5', '5GiB', '3TB'].map(parsePlan)).toEqual([null, null, null, null]);
});
