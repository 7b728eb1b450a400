// Preloaded into a measured process: says its peak resident memory and CPU time when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const figures = {
    peakMb: maxRSS / 1024,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    wallSeconds: performance.now() / 1000,
  };
  writeFileSync(process.env.EARSIGHT_BENCH_FIGURES, JSON.stringify(figures));
});
