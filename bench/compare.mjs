// Time and peak memory of `earsight compare` on a generated journal: node bench/compare.mjs [SAMPLES] [MODELS]

import { writeRun } from './generated-run.mjs';
import { CLI, measure, scratch } from './harness.mjs';

const [samples = 500_000, models = 2] = process.argv.slice(2).map(Number);
const MOST_SECONDS = 20;
const MOST_MB = 600;

const work = scratch();
try {
  await writeRun(work.path('run'), samples, models);
  const { code, peakMb, wallSeconds, cpuSeconds } = await measure([CLI, 'compare', work.path('run')]);
  console.log(
    `${samples * models} results: exit ${code}, peak ${peakMb.toFixed(0)} MB, ${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`,
  );
  process.exitCode = code === 0 && peakMb <= MOST_MB && wallSeconds <= MOST_SECONDS ? 0 : 1;
} finally {
  work.remove();
}
