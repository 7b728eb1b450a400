// Whether `estimate --detect` keeps its promise: seeded simulations of runs of the size that it names, each judged by the
// test of `compare`. Usage: npm run bench:detect [-- --simulations 2000]
import { parseArgs } from 'node:util';
import { assumedSpread } from '../dist/estimate/detect/assumptions.js';
import { detect } from '../dist/estimate/detect/detection.js';
import { comparePairs } from '../dist/stats/compare-pairs.js';
import { normalQuantile } from '../dist/stats/distributions/normal-quantile.js';
import { createRandom } from '../dist/stats/random.js';

const { values } = parseArgs({ options: { simulations: { type: 'string', default: '2000' } } });
const simulations = Number(values.simulations);
/** How far the measured power may be from the promise. */
const TOLERANCE = 0.03;
const ALPHA = 0.05;
/** What is assumed, the difference, the promised power, repeats. */
const ROWS = [
  [{ discordant: 0.25 }, 0.1, 0.8, 1],
  [{ discordant: 0.25 }, 0.05, 0.8, 1],
  [{ discordant: 0.25 }, 0.05, 0.9, 1],
  [{ discordant: 0.1 }, 0.05, 0.8, 1],
  [{ discordant: 0.5 }, 0.1, 0.8, 1],
  [{ deviation: 0.3 }, 0.1, 0.8, 1],
  [{ deviation: 0.3 }, 0.05, 0.8, 1],
  [{ deviation: 0.3, noise: 0.5 }, 0.05, 0.8, 2],
  [{ deviation: 0.3, noise: 0.5 }, 0.05, 0.8, 5],
];

function samplesFor(assumed, difference, power, repeats) {
  const pairs = [{ a: 'a', b: 'b', spread: assumedSpread(assumed, difference) }];
  const estimate = { models: [], dataset: { samples: 1 }, repeat: repeats };
  const [pair] = detect({ difference, power, alpha: ALPHA }, pairs, { assumed }, estimate).pairs;
  return pair.rows.find((row) => row.repeats === repeats).paired.samples;
}

/** Scores of both models on a sample, averaged over its repeats. */
function sampler({ discordant, deviation, noise = 0 }, difference, repeats, random) {
  const uniform = () => (random() + 0.5) / 2 ** 32;
  const normal = (spread) => spread * normalQuantile(uniform());
  if (discordant !== undefined)
    return () => {
      const draw = uniform();
      if (draw < (discordant + difference) / 2) return [0, 1];
      return draw < discordant ? [1, 0] : [1, 1];
    };
  return () => {
    const own = difference + normal(deviation * Math.sqrt(1 - noise));
    const delta = own + normal(deviation * Math.sqrt(noise / repeats));
    const inside = Math.max(-1, Math.min(1, delta));
    return [0.5 - inside / 2, 0.5 + inside / 2];
  };
}

console.log('assumed                      difference  repeats  samples  promised  measured');
let isKept = true;
for (const [assumed, difference, power, repeats] of ROWS) {
  const samples = samplesFor(assumed, difference, power, repeats);
  const draw = sampler(assumed, difference, repeats, createRandom(samples));
  let seen = 0;
  for (let run = 0; run < simulations; run += 1) {
    const a = new Float64Array(samples);
    const b = new Float64Array(samples);
    for (let sample = 0; sample < samples; sample += 1) [a[sample], b[sample]] = draw();
    const kind = assumed.discordant === undefined ? 'bounded' : 'binary';
    const { test, difference: found } = comparePairs({ kind, a: b, b: a, seed: 1 });
    if (test !== null && test.pTwoSided < ALPHA && found > 0) seen += 1;
  }
  const measured = seen / simulations;
  if (Math.abs(measured - power) > TOLERANCE) isKept = false;
  const percent = (share) => `${(100 * share).toFixed(1)}%`;
  const shown = [difference * 100, repeats, samples, percent(power), percent(measured)];
  const text = Object.entries(assumed).map(([name, value]) => `${name}=${value}`);
  console.log(
    [text.join(',').padEnd(27), ...shown.map((cell, index) => String(cell).padStart([10, 7, 7, 8, 8][index]))].join(
      '  ',
    ),
  );
}
if (!isKept) {
  console.error('the measured power is more than 3 points from the promise');
  process.exitCode = 1;
}
