// What computes each metric of a reference file: one line a metric. A metric that is not here is reported as not built.
import { americanSpelling } from '../dist/scorers/american-spelling.js';
import { corpusFigure, createScorer } from '../dist/scorers/registry.js';
import { whisperBasic } from '../dist/scorers/whisper-basic.js';
import { whisperEnglish } from '../dist/scorers/whisper-english.js';
import { estimateMean } from '../dist/stats/mean.js';
import { normalQuantile } from '../dist/stats/distributions/normal-quantile.js';
import { estimatePercentile, percentile } from '../dist/stats/percentile.js';
import { studentTQuantile } from '../dist/stats/distributions/student-t.js';
import { wilsonInterval } from '../dist/stats/wilson.js';

const listOf = (value) => (Array.isArray(value) ? value : [value]);
const sample = { id: 'vector', metadata: {} };

/** One answer through a scorer as a configuration names it. */
const score = (config, answer, target) => createScorer(config).score({ answer, target, sample });
const scored = (config, { prediction, references }) => score(config, listOf(prediction)[0] ?? '', references.flat());

/** The corpus figure over the summed counts of all answers. */
async function pooled(config, { prediction, references }) {
  const sums = {};
  for (const [index, answer] of prediction.entries()) {
    const { counts } = await score(config, answer, listOf(references[index]));
    for (const [name, count] of Object.entries(counts ?? {})) sums[name] = (sums[name] ?? 0) + count;
  }
  return corpusFigure(config.name, sums).raw;
}

async function wordCounts(vector) {
  const { counts = {} } = await scored({ name: 'wer' }, vector);
  const { hits = 0, errors = 0, reference = 0, substitutions = 0, insertions = 0 } = counts;
  return { hits, errors, reference, hypothesis: hits + substitutions + insertions };
}

const LOCATION = { begin: 'first', end: 'last', any: 'any' };

/** Of the scorers' file: a vector in, what is compared with its `expected` out. */
export const SCORER_METRICS = {
  wer: async (vector) => (await scored({ name: 'wer' }, vector)).raw,
  cer: async (vector) => (await scored({ name: 'cer' }, vector)).raw,
  wer_whisper_en: async (vector) => (await scored({ name: 'wer', normalizer: 'whisper-en' }, vector)).raw,
  wer_corpus: (vector) => pooled({ name: 'wer' }, vector),
  mer: async (vector) => {
    const { hits, errors } = await wordCounts(vector);
    return errors / (hits + errors);
  },
  wil: async (vector) => {
    const { hits, reference, hypothesis } = await wordCounts(vector);
    return 1 - hits ** 2 / (reference * hypothesis);
  },
  numeric_match: async (vector) =>
    (await scored({ name: 'numeric', pick: LOCATION[vector.params.location] }, vector)).value === 1,
  whisper_normalize_en: ({ prediction }) => whisperEnglish(prediction),
  whisper_spelling_en: ({ prediction }) => americanSpelling(prediction),
  whisper_normalize_basic: ({ prediction, params }) =>
    whisperBasic(prediction, {
      removeDiacritics: params?.remove_diacritics === true,
      splitLetters: params?.split_letters === true,
    }),
};

/** Half the width of a t interval over its quantile. */
function standardError({ value, ciHigh }, degreesOfFreedom) {
  return (ciHigh - value) / studentTQuantile(0.975, degreesOfFreedom);
}

/** Of the statistics file: a case (or a family without cases) in, figures under the names of its members out. */
export const STATISTICS = {
  wilson: ({ k, n, conf }) => {
    const [low, high] = wilsonInterval(k, n, conf);
    return { low, high };
  },
  percentile: ({ data, p }) => ({ type7: p.map((fraction) => percentile(data, fraction)) }),
  quantile_ci_order_statistics: ({ n, p, conf }) => {
    const data = Array.from({ length: n }, (_, index) => index + 1);
    const { ciLow, ciHigh } = estimatePercentile(data, p, conf);
    return { low: ciLow, high: ciHigh };
  },
  clustered_se: ({ scores, clusters }) => ({
    mean: estimateMean(scores).value,
    se_clt: standardError(estimateMean(scores), scores.length - 1),
    se_cluster_finite_C: standardError(estimateMean(scores, clusters.map(String)), new Set(clusters).size - 1),
  }),
  quantiles: ({ normal, t }) => ({
    normal: normal.map(([p]) => [p, normalQuantile(p)]),
    t: t.map(([p, degreesOfFreedom]) => [p, degreesOfFreedom, studentTQuantile(p, degreesOfFreedom)]),
  }),
};
