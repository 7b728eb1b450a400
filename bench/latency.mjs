// The median latency that a run reports against the one that the endpoint measured: node bench/latency.mjs [CELLS] [DELAY_MS]
import { readFileSync } from 'node:fs';
import { CLI, measure, median, scratch, startEndpoint, writeConfig, writeTextManifest } from './harness.mjs';

const [cells = 2000, delayMs = 200] = process.argv.slice(2).map(Number);
/** Of the endpoint's own median. */
const MOST_OFF = 0.03;
const endpoint = await startEndpoint(delayMs);
const work = scratch();
try {
  await writeTextManifest(work.path('manifest.csv'), cells);
  writeConfig(work.path('earsight.config.yaml'), { url: endpoint.url });
  const { code } = await measure([CLI, 'run', '--quiet', '--out', 'run'], { cwd: work.directory });
  const summary = readFileSync(work.path('run', 'summary.csv'), 'utf8');
  const reported = Number(/^m0,all,latency_ms_p50,\d+,([\d.]+)/m.exec(summary)?.[1]);
  const measured = median(await endpoint.durations());
  const off = reported / measured - 1;
  const good = code === 0 && Math.abs(off) <= MOST_OFF;
  const figures = `reported p50 ${reported.toFixed(1)} ms, at the endpoint ${measured.toFixed(1)} ms, ${(100 * off).toFixed(2)} % off`;
  console.log(`${cells} cells, 64 in flight: exit ${code}, ${figures}${good ? '' : ' | missed'}`);
  process.exitCode = good ? 0 : 1;
} finally {
  endpoint.close();
  work.remove();
}
