import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest leaves a core idle by default, which on two cores is half of them.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Entry points that only run in a child process or a worker thread are exercised by spawned tests, and the page's by a browser, which v8 does not see.
      exclude: ['src/types.ts', 'src/cli.ts', 'src/local/*-worker.ts', 'src/report-page/browser/*'],
      thresholds: { lines: 90, branches: 85 },
    },
  },
});
