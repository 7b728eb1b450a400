// Peak memory of few and many text cells against a zero-latency endpoint: node bench/memory.mjs [FEW] [MANY]
import { CLI, measure, scratch, startEndpoint, writeConfig, writeTextManifest } from './harness.mjs';

const [few = 5_000, many = 100_000] = process.argv.slice(2).map(Number);
const endpoint = await startEndpoint();
const work = scratch();
try {
  const peaks = [];
  for (const samples of [few, many]) {
    await writeTextManifest(work.path('manifest.csv'), samples);
    writeConfig(work.path('earsight.config.yaml'), { url: endpoint.url });
    const { code, peakMb, wallSeconds, cpuSeconds } = await measure(
      [CLI, 'run', '--quiet', '--out', `run-${samples}`],
      { cwd: work.directory },
    );
    peaks.push(peakMb);
    console.log(
      `${samples} cells: exit ${code}, peak ${peakMb.toFixed(0)} MB, ${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} CPU s`,
    );
  }
  console.log(`growth ${(peaks[1] - peaks[0]).toFixed(0)} MB`);
} finally {
  endpoint.close();
  work.remove();
}
