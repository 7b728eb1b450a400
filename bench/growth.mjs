// npm run bench:growth [-- NAME...]: how the processor time of every reader and writer of text grows with the length of its input.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FILES } from './growth-files.mjs';
import { MANIFESTS } from './growth-manifests.mjs';
import { REPLIES } from './growth-replies.mjs';
import { TEXTS } from './growth-texts.mjs';
import { scratch } from './harness.mjs';

const CASES = { ...MANIFESTS, ...FILES, ...REPLIES, ...TEXTS };
const SMALLEST = 2 ** 12;
const LARGEST = 2 ** 20;
/** A case stops doubling after a size that takes longer. */
const LONG_MS = 5000;
/** Longest time for a million characters. */
const MOST_MS = 10_000;
/** Shorter times say nothing about growth. */
const LEAST_MS = 100;
/** Over four doublings: n log n gives 20, the square 256. */
const MOST_GROWTH = 64;
/** A case may not take longer altogether. */
const TIMEOUT_MS = 120_000;

if (process.argv[2] === '--measure') console.log(JSON.stringify(await measure(CASES[process.argv[3]])));
else compare(process.argv.slice(2));

/** Doubles the size of one input. */
async function measure({ make, run, end }) {
  const files = scratch();
  const times = [];
  try {
    for (let length = SMALLEST; length <= LARGEST; length *= 2) {
      let best = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round += 1) {
        const input = await make(length, files.directory);
        const startedAt = process.cpuUsage();
        await run(input);
        const { user, system } = process.cpuUsage(startedAt);
        best = Math.min(best, (user + system) / 1000);
        end?.(input);
        if (best > LONG_MS / 8) break;
      }
      times.push([length, best]);
      if (best > LONG_MS) break;
    }
  } finally {
    files.remove();
  }
  return { times, peakMb: process.resourceUsage().maxRSS / 1024 };
}

/** Each case has its own process: its memory can be told apart, and it can be ended. */
function compare(wanted) {
  const names = Object.keys(CASES).filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
  const width = Math.max(...names.map((name) => name.length));
  console.log(`${'input'.padEnd(width)}  ${'characters'.padStart(10)}  ${'ms'.padStart(7)}  x16 takes  peak MB`);
  let missed = 0;
  for (const name of names) {
    const child = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--measure', name], {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [line, isGood] = child.status === 0 ? lineOf(JSON.parse(child.stdout)) : [lastWords(child), false];
    missed += isGood ? 0 : 1;
    console.log(`${name.padEnd(width)}  ${line}${isGood ? '' : '  | missed'}`);
  }
  console.log(`${names.length} inputs, ${missed} missed`);
  process.exitCode = missed === 0 ? 0 : 1;
}

function lineOf({ times, peakMb }) {
  const [length, ms] = times.at(-1);
  const [, earlier = ms] = times.at(-5) ?? [];
  const growth = ms / earlier;
  const isGood = length === LARGEST && ms <= MOST_MS && (ms < LEAST_MS || growth <= MOST_GROWTH);
  const shown = ms < LEAST_MS ? '' : growth.toFixed(1);
  return [
    `${String(length).padStart(10)}  ${ms.toFixed(0).padStart(7)}  ${shown.padStart(9)}  ${peakMb.toFixed(0).padStart(7)}`,
    isGood,
  ];
}

function lastWords({ signal, stderr }) {
  return signal === null ? stderr.trim().split('\n').slice(-4).join(' ').slice(0, 200) : `over ${TIMEOUT_MS / 1000} s`;
}
