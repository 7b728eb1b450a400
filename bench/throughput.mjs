// Cells a second of `earsight run` against a bare undici and p-limit loop, interleaved: node bench/throughput.mjs [CELLS] [ROUNDS]
import { fileURLToPath } from 'node:url';
import { CLI, measure, median, scratch, startEndpoint, writeConfig, writeTextManifest } from './harness.mjs';

const [cells = 10_000, rounds = 3] = process.argv.slice(2).map(Number);
const BARE = fileURLToPath(new URL('bare-loop.mjs', import.meta.url));
const endpoint = await startEndpoint();
const work = scratch();
const figures = { bare: [], earsight: [] };
try {
  await writeTextManifest(work.path('manifest.csv'), cells);
  writeConfig(work.path('earsight.config.yaml'), { url: endpoint.url });
  for (let round = 0; round < rounds; round += 1) {
    figures.bare.push(await measure([BARE, endpoint.url, String(cells)]));
    figures.earsight.push(await measure([CLI, 'run', '--quiet', '--out', `run-${round}`], { cwd: work.directory }));
  }
  const of = (name, member) => median(figures[name].map((figure) => figure[member]));
  for (const name of ['bare', 'earsight']) {
    const perSecond = cells / of(name, 'wallSeconds');
    const cpu = (1000 * of(name, 'cpuSeconds')) / cells;
    console.log(
      `${name}: ${perSecond.toFixed(0)} cells/s, ${cpu.toFixed(3)} CPU s per 1,000, peak ${of(name, 'peakMb').toFixed(0)} MB`,
    );
  }
  console.log(`throughput ${(of('bare', 'wallSeconds') / of('earsight', 'wallSeconds')).toFixed(2)} of the bare loop`);
  console.log(`CPU ${(of('earsight', 'cpuSeconds') / of('bare', 'cpuSeconds')).toFixed(2)} times the bare loop`);
} finally {
  endpoint.close();
  work.remove();
}
