import { describe, expect, test } from 'vitest';
import { ProblemError } from '../http/problem.ts';
import { Attempts } from './attempts.ts';

const clock = { time: 1_000_000, now: () => clock.time };
const email = 'owner@example.com';

/** Whether the attempt was let through; with `right` it succeeds. */
function tries(attempts: Attempts, address: string, right = false): boolean {
  try {
    const succeeded = attempts.begin(address, email);
    if (right) succeeded();
    return true;
  } catch (error) {
    if (error instanceof ProblemError) return false;
    throw error;
  }
}
/** So many of as many attempts were let through. */
const letThrough = (times: number, one: (n: number) => boolean): number => Array.from({ length: times }, (_, n) => one(n)).filter(Boolean).length;

describe('X3 failed sign-ins of one e-mail', () => {
  test('from one address keep nobody out who signs in from another', () => {
    const attempts = new Attempts(clock);
    expect(letThrough(20, () => tries(attempts, '203.0.113.1'))).toBe(10);
    expect(tries(attempts, '198.51.100.7', true)).toBe(true);
  });

  test('from many addresses have a limit together, which holds for nobody who has signed in where they are', () => {
    const attempts = new Attempts(clock);
    expect(tries(attempts, '198.51.100.7', true)).toBe(true);
    expect(letThrough(300, (n) => tries(attempts, `203.0.113.${n}`))).toBe(100);
    expect(tries(attempts, '203.0.113.250')).toBe(false);
    expect(tries(attempts, '198.51.100.7', true)).toBe(true);
    clock.time += 10_000;
    expect(letThrough(2, (n) => tries(attempts, `192.0.2.${n}`))).toBe(1);
  });
});
