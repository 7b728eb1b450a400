// How long short commands take against a bare node, interleaved: node bench/startup.mjs [ROUNDS]
// `validate` and `estimate` read what `earsight init` writes: one model and two lines.
import { spawnSync } from 'node:child_process';
import { CLI, median, scratch } from './harness.mjs';

const [rounds = 21] = process.argv.slice(2).map(Number);

/** Most times as long as `node -e 0`; null = not held. */
const CASES = [
  { name: 'node -e 0', argv: ['-e', '0'], mostTimes: null },
  { name: 'earsight --version', argv: [CLI, '--version'], mostTimes: 1.6 },
  { name: 'earsight --help', argv: [CLI, '--help'], mostTimes: 2.5 },
  { name: 'earsight validate', argv: [CLI, 'validate'], mostTimes: 5 },
  { name: 'earsight estimate', argv: [CLI, 'estimate'], mostTimes: null },
];

const folder = scratch();
const env = {
  ...process.env,
  AZURE_INFERENCE_ENDPOINT: 'https://bench.services.ai.azure.com/models',
  AZURE_INFERENCE_CREDENTIAL: 'unused',
};

/** @throws when the command fails: the time that a failure takes says nothing. */
function run(argv) {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { cwd: folder.directory, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}\n${stderr}`);
  return performance.now() - startedAt;
}

try {
  run([CLI, 'init']);
  const times = CASES.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { argv }] of CASES.entries()) times[index].push(run(argv));
  }
  const bare = median(times[0]);
  for (const [index, { name, mostTimes }] of CASES.entries()) {
    const middle = median(times[index]);
    const ratio = middle / bare;
    const missed = mostTimes !== null && ratio > mostTimes;
    const bound = mostTimes === null ? '' : `, at most ${mostTimes}${missed ? ' | missed' : ''}`;
    console.log(`${name}: ${middle.toFixed(0)} ms, ${ratio.toFixed(2)} times${bound}`);
    if (missed) process.exitCode = 1;
  }
} finally {
  folder.remove();
}
