// Cells a second of `earsight run` against a bare undici and p-limit loop, and against one that also keeps what it gets
// (floor.mjs), interleaved; with --promptfoo against that, too:
// node bench/throughput.mjs [CELLS] [ROUNDS] [--promptfoo]
import { fileURLToPath } from 'node:url';
import { CLI, measure, median, scratch, startEndpoint, writeConfig, writeTextManifest } from './harness.mjs';
import { installPromptfoo, runPromptfoo } from './promptfoo.mjs';

const argv = process.argv.slice(2);
const [cells = 10_000, rounds = 3] = argv.filter((word) => !word.startsWith('--')).map(Number);
const [BARE, FLOOR] = ['bare-loop.mjs', 'floor.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
/** Promptfoo gets a share of the cells, or a round of it would take minutes. */
const PROMPTFOO_SHARE = 0.1;
const contenders = {
  bare: { cells, run: () => measure([BARE, endpoint.url, String(cells)]) },
  floor: {
    cells,
    run: (round) => measure([FLOOR, endpoint.url, work.path('manifest.csv'), work.path(`floor-${round}`)]),
  },
  earsight: {
    cells,
    run: (round) => measure([CLI, 'run', '--quiet', '--out', `run-${round}`], { cwd: work.directory }),
  },
  ...(argv.includes('--promptfoo') && {
    promptfoo: {
      cells: cells * PROMPTFOO_SHARE,
      run: () => runPromptfoo(work, endpoint.url, cells * PROMPTFOO_SHARE),
    },
  }),
};
const endpoint = await startEndpoint();
const work = scratch();
const figures = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
try {
  if (contenders.promptfoo) installPromptfoo(work);
  await writeTextManifest(work.path('manifest.csv'), cells);
  writeConfig(work.path('earsight.config.yaml'), { url: endpoint.url });
  for (let round = 0; round < rounds; round += 1)
    for (const [name, { run }] of Object.entries(contenders)) figures[name].push(await run(round));
  const perCell = (name, member) => median(figures[name].map((figure) => figure[member])) / contenders[name].cells;
  for (const name of Object.keys(contenders)) {
    const perSecond = 1 / perCell(name, 'wallSeconds');
    const cpu = 1000 * perCell(name, 'cpuSeconds');
    const peak = median(figures[name].map(({ peakMb }) => peakMb));
    console.log(
      `${name}: ${perSecond.toFixed(0)} cells/s, ${cpu.toFixed(3)} CPU s per 1,000, peak ${peak.toFixed(0)} MB`,
    );
  }
  for (const other of Object.keys(contenders).filter((name) => name !== 'earsight')) {
    const speed = perCell(other, 'wallSeconds') / perCell('earsight', 'wallSeconds');
    const cpu = perCell('earsight', 'cpuSeconds') / perCell(other, 'cpuSeconds');
    console.log(`against ${other}: ${speed.toFixed(2)} times the throughput, ${cpu.toFixed(2)} times the CPU`);
  }
} finally {
  endpoint.close();
  work.remove();
}
