// npm run bench:gate: how often the gate says pass, inconclusive and regressed, by simulation. 70 % of the samples pass
// with .98, 10 % with .03, 20 % are flaky (.1 to .9). The baseline averages three runs; the run asks once. A lost point
// is a hundredth of the samples that always pass and now never do. On an alarm the run is repeated; a *callable*
// baseline is repeated, too, a *stored* one is not. Prints the table of docs/statistics.md.
// RUNS=600 SEED=1 set the number of runs a cell and the seed.
import { decideTogether } from '../dist/gate/decide.js';

const RUNS = Number(process.env.RUNS ?? 600);
const SEED = Number(process.env.SEED ?? 1);
const MARGIN = 0.02;
const CLUSTER = 4;

/** Mulberry32: 32 bits of state are enough for these runs, and each cell has its own seed. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function difficulty(random) {
  const kind = random();
  if (kind < 0.7) return 0.98;
  return kind < 0.8 ? 0.03 : 0.1 + 0.8 * random();
}

/** Chances before and after, and clusters. Clusters are questions about one image: equally hard, and broken together. */
function dataset(n, points, isClustered, random) {
  const size = isClustered ? CLUSTER : 1;
  const before = [];
  const clusters = [];
  while (before.length < n) {
    const chance = difficulty(random);
    for (let member = 0; member < size && before.length < n; member += 1) {
      clusters.push(isClustered ? Math.floor(before.length / size) : null);
      before.push(chance);
    }
  }
  const after = [...before];
  let left = Math.round(points * n);
  for (let sample = 0; sample < n && left > 0; sample += 1) {
    if (before[sample] !== 0.98) continue;
    after[sample] = 0;
    left -= 1;
  }
  return { before, after, clusters };
}

const asked = (chances, random) => chances.map((chance) => (random() < chance ? 1 : 0));
function averaged(chances, runs, random) {
  const sums = chances.map(() => 0);
  for (let run = 0; run < runs; run += 1)
    asked(chances, random).forEach((value, index) => {
      sums[index] += value;
    });
  return sums.map((sum) => sum / runs);
}

function verdictOf({ before, after, clusters }, isCallable, random) {
  const decide = (baseline, run) => {
    const kind = baseline.every((value) => value === 0 || value === 1) ? 'binary' : 'bounded';
    return decideTogether([{ kind, baseline, run, clusters, higherIsBetter: true, margin: MARGIN }])[0].verdict;
  };
  const stored = averaged(before, 3, random);
  const first = decide(stored, asked(after, random));
  if (first !== 'regressed') return { first, last: first };
  return { first, last: decide(isCallable ? asked(before, random) : stored, asked(after, random)) };
}

const percent = (count) => ((100 * count) / RUNS).toFixed(1);
console.log('| baseline | samples | clusters | points lost | pass | inconclusive | regressed | alarms |');
console.log('|---|---|---|---|---|---|---|---|');
let cell = 0;
for (const isClustered of [false, true])
  for (const baseline of ['callable', 'stored'])
    for (const n of [50, 200, 1000])
      for (const points of [0, 0.05, 0.1]) {
        cell += 1;
        const random = generator(SEED * 1000 + cell);
        const counts = { pass: 0, inconclusive: 0, regressed: 0 };
        let alarms = 0;
        for (let run = 0; run < RUNS; run += 1) {
          const { first, last } = verdictOf(dataset(n, points, isClustered, random), baseline === 'callable', random);
          counts[last] += 1;
          if (first === 'regressed') alarms += 1;
        }
        const cells = [counts.pass, counts.inconclusive, counts.regressed, alarms].map(percent);
        console.log(
          `| ${baseline} | ${n} | ${isClustered ? 'of 4' : 'none'} | ${100 * points} | ${cells.join(' | ')} |`,
        );
      }
