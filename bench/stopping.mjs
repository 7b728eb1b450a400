// How often `run --stop-when-decided` decides wrongly, and how many calls it saves: seeded simulations of whole runs, with a
// look after every sample. Usage: npm run bench:stopping [-- --simulations 2000]
import { parseArgs } from 'node:util';
import { createRandom, randomBelow } from '../dist/stats/random.js';
import { createPairedDecision } from '../dist/stats/sequential/paired-decision.js';

const { values } = parseArgs({ options: { simulations: { type: 'string', default: '2000' } } });
const simulations = Number(values.simulations);
const ALPHA = 0.05;
/** Samples, share of the samples that only one model passes, difference, margin; the first two rows are the promise. */
const ROWS = [
  [1000, 0.25, 0, null],
  [1000, 0.25, 0.1, null],
  [1000, 0.25, 0.05, null],
  [1000, 0.25, 0.02, null],
  [1000, 0.25, 0, 0.05],
  [1000, 0.1, 0.05, null],
  [200, 0.25, 0, null],
  [200, 0.25, 0.1, null],
  [200, 0.25, 0.2, null],
  [5000, 0.25, 0, null],
  [5000, 0.25, 0.03, null],
  [5000, 0.25, 0, 0.03],
];

/** Differences B - A of a manifest: exactly so many of +1 and -1. */
function manifest(samples, discordant, difference) {
  const list = new Float64Array(samples);
  const better = Math.round((samples * (discordant + difference)) / 2);
  list.fill(1, 0, better);
  list.fill(-1, better, Math.round(samples * discordant));
  return list;
}

function shuffle(list, random) {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const other = randomBelow(random, last + 1);
    [list[last], list[other]] = [list[other], list[last]];
  }
  return list;
}

console.log('samples  discordant  difference  margin  decided  wrong  asked  saved');
let isKept = true;
for (const [samples, discordant, difference, margin] of ROWS) {
  const random = createRandom(samples + 1);
  const list = manifest(samples, discordant, difference);
  let [decided, wrong, asked] = [0, 0, 0];
  // Larger manifests take longer and vary less.
  const runs = Math.ceil(simulations * Math.min(1, 1000 / samples));
  for (let run = 0; run < runs; run += 1) {
    const decision = createPairedDecision({ alpha: ALPHA, margin });
    for (const value of shuffle(list, random)) {
      decision.add(value, samples);
      if (decision.conclusion() !== 'open') break;
    }
    const conclusion = decision.conclusion();
    if (conclusion !== 'open') decided += 1;
    // With a true difference of 0, "within" is right; with another one, only its own side is.
    const isRight = conclusion === 'open' || (difference === 0 ? conclusion === 'within' : conclusion === 'better');
    if (!isRight) wrong += 1;
    asked += decision.count();
  }
  const percent = (count, of) => `${((100 * count) / of).toFixed(1)}%`;
  const shown = [
    samples,
    percent(discordant, 1),
    percent(difference, 1),
    margin === null ? 'none' : percent(margin, 1),
  ];
  const found = [
    percent(decided, runs),
    percent(wrong, runs),
    percent(asked, runs * samples),
    percent(runs * samples - asked, runs * samples),
  ];
  console.log(
    [...shown, ...found].map((cell, index) => String(cell).padStart([7, 10, 10, 6, 7, 5, 5, 5][index])).join('  '),
  );
  if (difference === 0 && wrong / runs > ALPHA) isKept = false;
  if (samples === 1000 && difference === 0.1 && asked / (runs * samples) > 0.6) isKept = false;
}
if (!isKept) {
  console.error('missed: at most 5 % wrong decisions without a difference, at least 40 % fewer calls at 10 points');
  process.exitCode = 1;
}
