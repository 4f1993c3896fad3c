import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'bench/**/*.test.ts', 'e2e/**/*.test.ts'],
    // Most of a test's time is waiting for disks and processes, so two at once on two cores; Vitest itself would keep one core free.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Real servers, disks and processes on a machine that may be small and busy: nothing here
    // proves a speed, so the limit only ends what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
