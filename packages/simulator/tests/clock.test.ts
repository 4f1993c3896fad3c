import { expect, test } from 'vitest';
import { DeviceClock } from '../src/device/clock.ts';

const looks = (clock: DeviceClock, times: number): void => {
  for (let left = times; left > 0; left -= 1) clock.nowAtWork();
};

test('an engine that works on while no time passes is a violation: it would hold the search for ever', () => {
  let world = 1_000;
  const clock = new DeviceClock(() => world);
  looks(clock, 1_900);
  world += 1;
  looks(clock, 1_900);
  expect(clock.nowAtWork()).toBe(1_001);
  expect(() => looks(clock, 200)).toThrow(/^I12: no end of what is done in one moment/);
});
