import { reasonCodes } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { stepsOf } from './steps.ts';

test('no step in a browser tells to type a command', () => {
  for (const code of reasonCodes) for (const step of stepsOf(code)) expect(step).not.toMatch(/everroll [a-z]|EVERROLL_/);
  expect(stepsOf('sync_off')).toEqual(['Switch it on']);
  expect(stepsOf('mobile_data_off')).toEqual(['Connect to Wi-Fi', 'Or allow it']);
});
