// What computes each metric of a reference file: one line a metric. A metric that is not here is reported as not built.
import { mmmuChoice, mmmuProChoice } from '../dist/scorers/choice/mmmu-choice.js';
import { mmmuNormalize } from '../dist/scorers/choice/mmmu-open-answer.js';
import { readVerdict } from '../dist/scorers/judge/verdict.js';
import { americanSpelling } from '../dist/scorers/normalize/american-spelling.js';
import { openAsr } from '../dist/scorers/normalize/open-asr.js';
import { whisperBasic } from '../dist/scorers/normalize/whisper-basic.js';
import { whisperEnglish } from '../dist/scorers/normalize/whisper-english.js';
import { createScorer } from '../dist/scorers/registry.js';
import { tokenizers } from '../dist/scorers/translation/tokenizers.js';
import { normalizeAnswer } from '../dist/scorers/vqa/normalize-answer.js';
import { estimateBca } from '../dist/stats/bca.js';
import { bradleyTerry } from '../dist/stats/bradley-terry.js';
import { binomialAtMost } from '../dist/stats/distributions/binomial.js';
import { normalQuantile } from '../dist/stats/distributions/normal-quantile.js';
import { studentTQuantile } from '../dist/stats/distributions/student-t.js';
import { holm } from '../dist/stats/holm.js';
import { mcnemar } from '../dist/stats/mcnemar.js';
import { estimateMean } from '../dist/stats/mean.js';
import { pairedT } from '../dist/stats/paired-t.js';
import { passAtK, passHatK } from '../dist/stats/pass-k.js';
import { estimatePercentile, percentile } from '../dist/stats/percentile.js';
import * as power from '../dist/stats/planning/power.js';
import { signFlip } from '../dist/stats/sign-flip.js';
import { standardError } from '../dist/stats/standard-error.js';
import { tangoInterval, tangoNonInferiority } from '../dist/stats/tango.js';
import { wilsonInterval } from '../dist/stats/wilson.js';

const listOf = (value) => (Array.isArray(value) ? value : [value]);
const sample = { id: 'vector', metadata: {} };

/** A text as it is; what is no text is the JSON that a model would answer. */
const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

/** One answer through a scorer as a configuration names it. */
const score = (config, answer, target) => createScorer(config).score({ answer, target, sample });
const scored = (config, { prediction, references }) => score(config, asText(prediction), references.flat().map(asText));

const raw = (config) => async (vector) => (await scored(config, vector)).raw;
const percent = (config) => async (vector) => 100 * (await scored(config, vector)).raw;
const isRight = (config) => async (vector) => (await scored(config, vector)).value === 1;

/** The mean of the values, times 100. */
const mean =
  (config) =>
  async ({ prediction, references }) => {
    let sum = 0;
    for (const [index, answer] of prediction.entries())
      sum += (await score(config, asText(answer), listOf(references[index]).map(asText))).value;
    return (100 * sum) / prediction.length;
  };

/** The corpus figure over the summed counts of all answers. */
async function pooled(config, { prediction, references }) {
  const scorer = createScorer(config);
  const sums = {};
  for (const [index, answer] of prediction.entries()) {
    const { counts } = await scorer.score({ answer, target: listOf(references[index]), sample });
    for (const [name, count] of Object.entries(counts ?? {})) sums[name] = (sums[name] ?? 0) + count;
  }
  return scorer.pool(sums).raw;
}

/** Options of ours for sacreBLEU's, without those that are left at their default. */
const defined = (options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
const bleuOptions = ({ params }) =>
  defined({
    name: 'bleu',
    tokenize: params?.tokenize,
    lowercase: params?.lowercase,
    smoothing: params?.smooth_method,
    smoothingValue: params?.smooth_value,
    maxOrder: params?.max_ngram_order,
    effectiveOrder: params?.effective_order,
  });
const chrfOptions = (name, { params }) =>
  defined({
    name,
    charOrder: params?.char_order,
    wordOrder: params?.word_order,
    beta: params?.beta,
    lowercase: params?.lowercase,
    whitespace: params?.whitespace,
    epsilonSmoothing: params?.eps_smoothing,
  });

const LOCATION = { begin: 'first', end: 'last', any: 'any', exact: 'only' };
const choicesOf = ({ params }) => ({
  labels: params.choices,
  texts: params.choices.map((label) => params.index2ans[label]),
});

/** Of the scorers' file: a vector in, what is compared with its `expected` out. */
export const SCORER_METRICS = {
  wer: raw({ name: 'wer' }),
  cer: raw({ name: 'cer' }),
  mer: raw({ name: 'mer' }),
  wil: raw({ name: 'wil' }),
  wer_whisper_en: raw({ name: 'wer', normalizer: 'whisper-en' }),
  wer_corpus: (vector) => pooled({ name: 'wer' }, vector),
  anls: raw({ name: 'anls' }),
  anls_ge: raw({ name: 'anls', reference: 'mp-docvqa' }),
  anls_corpus: mean({ name: 'anls' }),
  relaxed_accuracy: isRight({ name: 'relaxed-accuracy' }),
  relaxed_accuracy_corpus: mean({ name: 'relaxed-accuracy' }),
  vqa_accuracy: raw({ name: 'vqa-accuracy' }),
  vqa_accuracy_always_normalized: raw({ name: 'vqa-accuracy', normalize: 'always' }),
  vqa_normalize: ({ prediction }) => normalizeAnswer(prediction, 'official'),
  squad_f1: raw({ name: 'f1' }),
  rouge_l_f1: raw({ name: 'rouge-l' }),
  judge_grade_parse: ({ prediction }) => readVerdict(prediction, ['C', 'P', 'I']).grade ?? null,
  levenshtein_similarity: raw({ name: 'levenshtein' }),
  bleu_sentence: (vector) => raw({ ...bleuOptions(vector) })(vector),
  bleu_corpus: (vector) => pooled(bleuOptions(vector), vector),
  chrf_sentence: (vector) => raw(chrfOptions('chrf', vector))(vector),
  chrf_corpus: (vector) => pooled(chrfOptions('chrf', vector), vector),
  chrfpp_sentence: (vector) => raw(chrfOptions('chrf++', vector))(vector),
  ter: percent({ name: 'ter' }),
  tokenize_13a: ({ prediction }) => tokenizers['13a'](prediction).join(' '),
  numeric_match: (vector) =>
    isRight({ name: 'numeric', reference: 'inspect', pick: LOCATION[vector.params.location] })(vector),
  numeric_diff: raw({ name: 'numeric', reference: 'autoevals' }),
  json_diff: raw({ name: 'json', reference: 'autoevals' }),
  valid_json: (vector) => raw({ name: 'json', reference: 'autoevals', check: 'valid' })(vector),
  mmmu_mc_parse: (vector) => mmmuChoice(vector.prediction, choicesOf(vector)),
  mmmu_pro_mc_parse: (vector) => mmmuProChoice(vector.prediction, choicesOf(vector)),
  mmmu_normalize: ({ prediction }) => mmmuNormalize(prediction),
  mmmu_open: isRight({ name: 'mmmu-open' }),
  whisper_normalize_en: ({ prediction }) => whisperEnglish(prediction),
  whisper_spelling_en: ({ prediction }) => americanSpelling(prediction),
  open_asr_normalize_en: ({ prediction }) => openAsr(prediction),
  whisper_normalize_basic: ({ prediction, params }) =>
    whisperBasic(prediction, {
      removeDiacritics: params?.remove_diacritics === true,
      splitLetters: params?.split_letters === true,
    }),
};

/** A case gives both scores, or counts of pass/fail pairs. */
function differencesOf({ a, b, c, n }) {
  if (a !== undefined) return a.map((value, index) => value - b[index]);
  return Array.from({ length: n }, (_, index) => (index < b ? 1 : index < b + c ? -1 : 0));
}

/** Figures of one design: what a case asks for depends on what it gives. */
function planned({ n, delta, sd_diff: given, discordant_rate: rate, alpha, power: chance }) {
  const deviation = given ?? power.discordantDeviation(rate);
  const design = { deviation, alpha, power: chance };
  if (delta !== undefined) {
    return { n_normal: power.samplesNeededNormal(delta, design), n_t: power.samplesNeeded(delta, design) };
  }
  return {
    sd_diff_at_null: deviation,
    mde_normal: power.detectableDifferenceNormal(n, design),
    mde_t: power.detectableDifference(n, design),
  };
}

function fitted({ wins, reference }) {
  const names = Object.keys(wins);
  const table = names.map((player) => names.map((opponent) => wins[player][opponent] ?? 0));
  const { logAbilities, standardErrors } = bradleyTerry(table, names.indexOf(reference));
  const named = (list) => Object.fromEntries(names.map((name, index) => [name, list[index]]));
  return { log_ability: named(logAbilities), se: named(standardErrors) };
}

/**
 * Of the statistics file: a case (or a family without cases) in, figures under the names of its members out. Members
 * that no command needs are left out: the chi-squared forms of McNemar's test, type-1 percentiles, and the percentile
 * and basic bootstrap.
 */
export const STATISTICS = {
  wilson: ({ k, n, conf }) => {
    const [low, high] = wilsonInterval(k, n, conf);
    return { low, high };
  },
  mcnemar: ({ b, c }) => {
    const { pTwoSided, pMidTwoSided, pGreater } = mcnemar(b, c);
    return { p_exact_two_sided: pTwoSided, p_midp_two_sided: pMidTwoSided, p_exact_one_sided_b_gt_c: pGreater };
  },
  holm: ({ p }) => ({ adjusted: holm(p) }),
  paired_t: (one) => {
    const { t, degreesOfFreedom, difference, standardError, test, ciLow, ciHigh } = pairedT(differencesOf(one));
    return {
      t,
      df: degreesOfFreedom,
      p_two_sided: test?.pTwoSided ?? null,
      mean_diff: difference,
      mean_diff_a_minus_b: difference,
      stderr: standardError,
      ci95: [ciLow, ciHigh],
    };
  },
  percentile: ({ data, p }) => ({ type7: p.map((fraction) => percentile(data, fraction)) }),
  quantile_ci_order_statistics: ({ n, p, conf }) => {
    const data = Array.from({ length: n }, (_, index) => index + 1);
    const { ciLow, ciHigh } = estimatePercentile(data, p, conf);
    return { low: ciLow, high: ciHigh };
  },
  bootstrap_paired_mean: ({ data_diffs: values }) => {
    const { ciLow, ciHigh } = estimateBca(values, { seed: 1, resamples: 100_000 });
    return { exact_distribution: { bca95: [ciLow, ciHigh] } };
  },
  sign_flip_permutation: ({ diffs }) => {
    const { pTwoSided } = signFlip(diffs, { seed: 1 });
    const of = 2 ** diffs.length;
    return { p_two_sided_exact: pTwoSided, count: pTwoSided * of, of };
  },
  clustered_se: ({ scores, clusters }) => {
    const clustered = standardError(scores, clusters);
    const count = new Set(clusters).size;
    return {
      mean: estimateMean(scores).value,
      se_clt: standardError(scores),
      se_cluster_paper: clustered * Math.sqrt((count - 1) / count),
      se_cluster_finite_C: clustered,
    };
  },
  pass_k: ({ n, c, k }) => ({ pass_at_k: passAtK(n, c, k), pass_hat_k: passHatK(n, c, k) }),
  power_paired: planned,
  tango_paired_difference: ({ b, c, n }) => {
    const { z, p } = tangoNonInferiority(b, c, n, 0.05);
    return {
      diff: (b - c) / n,
      ci95: tangoInterval(b, c, n),
      'z_noninferiority_margin_0.05': z,
      'p_noninferiority_margin_0.05': p,
    };
  },
  bradley_terry: fitted,
  quantiles: ({ normal, t, binom_cdf_half: binomial }) => ({
    normal: normal.map(([p]) => [p, normalQuantile(p)]),
    t: t.map(([p, degreesOfFreedom]) => [p, degreesOfFreedom, studentTQuantile(p, degreesOfFreedom)]),
    binom_cdf_half: binomial.map(([k, n]) => [k, n, binomialAtMost(k, n, 0.5)]),
  }),
};
