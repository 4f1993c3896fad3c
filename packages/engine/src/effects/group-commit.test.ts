import { expect, test } from 'vitest';
import type { Driver } from '../ports/driver.ts';
import { GroupCommit } from './group-commit.ts';

const never = new AbortController().signal;

/** A driver that counts its transactions, and a clock whose sleeps end when they are let. */
function world() {
  let transactions = 0;
  let wake: () => void = () => undefined;
  const driver = { transaction: (body: () => unknown) => ((transactions += 1), body()) } as unknown as Driver;
  const clock = { now: () => 0, sleep: () => new Promise<void>((resolve) => (wake = resolve)) };
  return { commit: new GroupCommit(driver, clock), transactions: () => transactions, wake: () => wake() };
}

test('what comes together is one transaction, in its order; what comes later is another', async () => {
  const { commit, transactions, wake } = world();
  const seen: number[] = [];
  const both = [commit.run(() => seen.push(1), never), commit.run(() => seen.push(2), never)];
  expect(seen).toEqual([]);
  wake();
  await Promise.all(both);
  expect([seen, transactions()]).toEqual([[1, 2], 1]);
  const third = commit.run(() => seen.push(3), never);
  wake();
  await third;
  expect([seen, transactions()]).toEqual([[1, 2, 3], 2]);
});

test('a defect of one is one of all who wait for the same transaction, and of nobody after', async () => {
  const { commit, wake } = world();
  const defect = (): never => {
    throw new Error('a defect');
  };
  const both = [commit.run(() => undefined, never), commit.run(defect, never)];
  wake();
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = commit.run(() => undefined, never);
  wake();
  await expect(next).resolves.toBeUndefined();
});
