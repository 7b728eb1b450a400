// npm run vectors -- FILE...: runs reference files through the built package and counts what matches.
import { readFileSync } from 'node:fs';
import { audioTokens } from '../dist/tokens/audio-tokens.js';
import { imageTokens } from '../dist/tokens/image-tokens.js';
import { SCORER_METRICS, STATISTICS } from './vector-metrics.mjs';

/** For floating-point figures that state no tolerance. */
const DEFAULT_TOLERANCE = 1e-9;

/** A comparison: its metric, what was wanted and got, and what to show of it; undefined or no `got` = not built. */
function* comparisons(content) {
  if (!Array.isArray(content)) yield* statistics(content);
  else
    for (const vector of content) {
      if ('metric' in vector) yield scorerComparison(vector);
      else yield tokenComparison(vector);
    }
}

function tokenComparison(vector) {
  const { family, model, tokens, tolerance } = vector;
  const { width, height, detail, seconds, sampleRate } = vector;
  return {
    metric: family,
    want: tokens,
    got: () => {
      const estimate = 'seconds' in vector ? audioTokens(model, vector) : imageTokens(model, vector);
      return estimate.rule === 'unknown' ? undefined : estimate.expected;
    },
    tolerance: tolerance.absolute ?? tolerance.relative * tokens,
    shown: { model, width, height, detail, seconds, sampleRate },
  };
}

function scorerComparison(vector) {
  const { metric, expected, tolerance, prediction, references, params } = vector;
  return {
    metric,
    want: expected,
    got: SCORER_METRICS[metric] && (() => SCORER_METRICS[metric](vector)),
    tolerance: tolerance ?? DEFAULT_TOLERANCE,
    shown: { prediction, references, params },
  };
}

function* statistics(families) {
  for (const [metric, family] of Object.entries(families)) {
    if (metric.startsWith('_')) continue;
    for (const one of family.cases ?? [family])
      yield {
        metric,
        // Only the figures that are built: a case may hold others, such as a second definition of the same thing.
        want: one,
        got: STATISTICS[metric] && (() => STATISTICS[metric](one)),
        isPartial: true,
        tolerance: toleranceOf(family),
        relative: family.tolerance_rel,
        shown: { ...one, source: undefined },
      };
  }
}

/** Of the bounds of a BCa interval from 100,000 resamples: the file states it in words. */
const BCA_TOLERANCE = 0.04;

function toleranceOf({ tolerance, tolerance_rel: relative }) {
  if (typeof tolerance === 'object') return BCA_TOLERANCE;
  return tolerance ?? (relative === undefined ? DEFAULT_TOLERANCE : 0);
}

/**
 * Members whose reference is less exact than the family's tolerance. R's `power.t.test` searches the difference only to
 * eps^(1/4) = 1.22e-4: at the reference for n = 200, scipy's noncentral t has a power of 0.79977 instead of 0.8.
 */
const COARSE_REFERENCES = { mde_t: 2 ** -13 };

/** The members of an object that another one has too, at every depth; a list is taken whole. */
function common(whole, other) {
  const isPlain = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isPlain(whole) || !isPlain(other)) return whole;
  const names = Object.keys(whole).filter((name) => name in other);
  return Object.fromEntries(names.map((name) => [name, common(whole[name], other[name])]));
}

/** Equal up to the tolerance, member by member. */
function same(got, want, tolerance, relative = 0) {
  if (typeof got === 'number' && typeof want === 'number')
    return Math.abs(got - want) <= Math.max(tolerance, relative * Math.abs(want));
  if (typeof got !== 'object' || typeof want !== 'object' || got === null || want === null) return got === want;
  const names = Object.keys(want);
  if (names.length !== Object.keys(got).length) return false;
  return names.every((name) => same(got[name], want[name], COARSE_REFERENCES[name] ?? tolerance, relative));
}

/** A vector that makes the package throw is a mismatch like any other. */
async function settled(compute) {
  try {
    return await compute();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run vectors -- FILE...');
  process.exit(2);
}

const mismatches = [];
const notBuilt = new Set();
let matched = 0;
let total = 0;
for (const file of files) {
  const counts = new Map();
  for (const { metric, want: whole, got: compute, isPartial, tolerance, relative, shown } of comparisons(
    JSON.parse(readFileSync(file, 'utf8')),
  )) {
    const computed = compute === undefined ? undefined : await settled(compute);
    if (computed === undefined) {
      notBuilt.add(metric);
      continue;
    }
    const got = isPartial ? common(computed, whole) : computed;
    const want = isPartial ? common(whole, computed) : whole;
    const count = counts.get(metric) ?? { matched: 0, total: 0 };
    counts.set(metric, count);
    count.total += 1;
    // A case of which nothing is compared must not count as matched.
    const isCompared = typeof want !== 'object' || want === null || Object.keys(want).length > 0;
    if (isCompared && same(got, want, tolerance, relative)) count.matched += 1;
    else mismatches.push({ metric, want, got, shown });
  }
  for (const [metric, count] of counts) {
    console.log(`${metric} ${count.matched}/${count.total}`);
    matched += count.matched;
    total += count.total;
  }
}
for (const { metric, want, got, shown } of mismatches)
  console.log(
    `mismatch: ${metric}: want ${JSON.stringify(want)}, got ${JSON.stringify(got)}: ${JSON.stringify(shown)}`,
  );
console.log(`total ${matched}/${total}`);
if (notBuilt.size > 0) console.log(`not built: ${[...notBuilt].join(', ')}`);
process.exitCode = mismatches.length > 0 ? 1 : 0;
