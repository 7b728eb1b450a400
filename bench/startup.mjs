// How long `earsight --version` takes against a bare node, interleaved: node bench/startup.mjs [ROUNDS]
import { spawnSync } from 'node:child_process';
import { CLI, median } from './harness.mjs';

const [rounds = 21] = process.argv.slice(2).map(Number);
const MOST_TIMES = 1.6;
const times = { bare: [], earsight: [] };
const run = (name, argv) => {
  const startedAt = performance.now();
  spawnSync(process.execPath, argv, { stdio: 'ignore' });
  times[name].push(performance.now() - startedAt);
};
for (let round = 0; round < rounds; round += 1) {
  run('bare', ['-e', '0']);
  run('earsight', [CLI, '--version']);
}
const [bare, earsight] = [median(times.bare), median(times.earsight)];
const good = earsight / bare <= MOST_TIMES;
console.log(
  `node -e 0: ${bare.toFixed(1)} ms, earsight --version: ${earsight.toFixed(1)} ms, ${(earsight / bare).toFixed(2)} times${good ? '' : ' | missed'}`,
);
process.exitCode = good ? 0 : 1;
