/** For programs, what the command line does without a run: estimates, prices, manifests and comparisons. */

import { resolve } from 'node:path';
import { defined } from './collections/defined.ts';
import { compareRuns as compareScores } from './compare/compare-runs.ts';
import type { Comparison } from './compare/comparison.ts';
import { planComparison } from './compare/plan-comparison.ts';
import { readRunScores } from './compare/run-scores.ts';
import { DEFAULT_LIMITS } from './config/defaults.ts';
import type { Config } from './config/program/given-config.ts';
import { isFormatName } from './dataset/find-format.ts';
import { mediaPlaceOf } from './dataset/media-base.ts';
import { type DatasetSource, readRow, readManifest as readSamples } from './dataset/read-manifest.ts';
import { InputError, type Problem } from './errors.ts';
import type { RunEstimate, Usd } from './estimate/estimate-document.ts';
import { estimateSelection } from './estimate/estimate-run.ts';
import { findRun } from './journal/find-run.ts';
import { MODALITIES } from './modalities.ts';
import { changedParams } from './models/changed-params.ts';
import { buildConversation } from './plan/conversation.ts';
import { asksForSpeech } from './plan/model-provider.ts';
import type { Selection } from './report.ts';
import { quote } from './text/quote.ts';
import { estimateConversation, type RequestEstimate } from './tokens/estimate.ts';
import { type PricedUsage, type PriceOptions, priceUsage as priceReported } from './tokens/price.ts';
import { promptSplitOf } from './tokens/split-prompt.ts';
import { type ModelConfig, NO_USAGE, type Sample, type Usage } from './types.ts';

/** A model by its name, or with other members of a configuration that affect its tokens and price. */
export type ModelInput = string | (Pick<ModelConfig, 'model'> & Partial<ModelConfig>);

/** The members of one line of a JSONL manifest: `prompt` with `image` and `audio`, `messages`, or `turns`. */
export type SampleRow = Readonly<Record<string, unknown>>;

export interface CountOptions {
  /** Media paths are relative to this folder and must be below it; default: the working directory. */
  readonly folder?: string;
  /** Absolute path; media must be below it instead of below `folder`. */
  readonly mediaRoot?: string;
}

/**
 * Estimates the tokens of one sample on the wire: text, chat template, images, audio and the answer, each with low,
 * expected and high in tokens, the name of the rule and a confidence. Reads the headers of media files; sends nothing.
 * An unknown model gets a wide band and a warning, never 0.
 * A damaged medium is listed in `problems` and counted as one of unknown size.
 * @throws {InputError} when the sample or one of its media cannot be read.
 *
 * @example
 * import { countTokens } from 'earsight';
 *
 * const { parts } = await countTokens({ prompt: 'What is on the sign?', image: 'sign.png' }, 'gpt-4o');
 * console.log(parts.text.expected, parts.image.expected);
 */
export async function countTokens(
  sample: Sample | SampleRow,
  model: ModelInput,
  { folder = process.cwd(), ...rest }: CountOptions = {},
): Promise<RequestEstimate> {
  const read = isSample(sample) ? sample : await readRow(sample, { folder, ...rest });
  const config = modelOf(model);
  const params = changedParams(config.params, read.params);
  const { maxTokens = null } = params;
  const speaks = asksForSpeech({ model: config, params });
  return estimateConversation(config, buildConversation(read, config), { maxTokens, speaks });
}

/** Only a sample that was read from a manifest has an index. */
function isSample(value: Sample | SampleRow): value is Sample {
  return 'index' in value && typeof value['index'] === 'number' && Array.isArray(value['turns']);
}

function modelOf(model: ModelInput): ModelConfig {
  const known = typeof model === 'string' ? { model } : model;
  return { id: known.model, provider: 'openai', modalities: MODALITIES, params: {}, limits: DEFAULT_LIMITS, ...known };
}

export interface EstimateRunOptions extends Omit<Selection, 'config'> {
  /** Path of the configuration, or the configuration itself; default: `earsight.config.yaml` in `cwd` or above. */
  readonly config?: string | Config;
  /** Where relative paths and `results/` are; default: the working directory. */
  readonly cwd?: string;
  /** Whether files that the configuration names as scorers or providers may be run; default false. */
  readonly allowCode?: boolean;
  /** For `${NAME}` references; default: that of the process. Keys may be missing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Price what can go by batch as `earsight batch` sends it; default false. */
  readonly batch?: boolean;
}

/**
 * Estimates a whole run from its configuration file, as `earsight estimate --json` does: tokens by modality, USD, and
 * minutes at the configured limits. Sends nothing and needs no keys. The cost of a model without a price is `unpriced`.
 * Problems with single samples are listed in `problems`; the figures are for the other samples.
 * @param config path of the configuration, or options; default: `earsight.config.yaml` in the working directory or above.
 * @throws {InputError} when the configuration is not valid.
 *
 * @example
 * import { estimateRun } from 'earsight';
 *
 * const { models } = await estimateRun({ config: 'earsight.config.yaml', limit: 10 });
 * for (const { costUsd } of models) console.log(costUsd === 'unpriced' ? 'no price' : costUsd.expected);
 */
export async function estimateRun(config: string | EstimateRunOptions = {}): Promise<RunEstimate> {
  const options: EstimateRunOptions = typeof config === 'string' ? { config } : config;
  const { cwd = process.cwd(), env = process.env, allowCode = false, batch = false, config: chosen, ...rest } = options;
  const selection = typeof chosen === 'string' ? { ...rest, config: chosen } : rest;
  const io = { cwd, env, allowCode, ...(typeof chosen === 'object' ? { config: chosen } : {}) };
  return estimateSelection(selection, io, undefined, { batch });
}

/** The cost of one request in a form that JSON can hold. */
export interface UsageCost extends Pick<PricedUsage, 'unpricedParts' | 'split' | 'tokensSource' | 'priceSource'> {
  readonly costUsd: Usd;
}

export interface PriceUsageOptions extends Omit<PriceOptions, 'table' | 'split'> {
  /** The estimate by `countTokens`. It splits the prompt by modality if the endpoint reports only the total. */
  readonly estimate?: Pick<RequestEstimate, 'parts'> & Partial<Pick<RequestEstimate, 'units'>>;
}

/**
 * Prices the usage that an endpoint reported, in USD; `unpriced` when a part has tokens but no rate, or when its count is
 * not known. Counts that `usage` leaves out are not reported. Audio is never billed at the rate of text; without `estimate`,
 * a prompt that is reported only as a total is priced as text.
 *
 * @example
 * import { priceUsage } from 'earsight';
 *
 * const { costUsd } = priceUsage({ promptTokens: 1200, completionTokens: 80 }, 'gpt-4o');
 * console.log(costUsd === 'unpriced' ? 'no price' : costUsd.toFixed(4));
 */
export function priceUsage(
  usage: Partial<Usage>,
  model: ModelInput,
  { estimate, ...options }: PriceUsageOptions = {},
): UsageCost {
  const { costUsd, unpricedParts, split, tokensSource, priceSource } = priceReported(
    { ...NO_USAGE, ...usage },
    modelOf(model),
    { ...defined({ split: estimate && promptSplitOf(estimate.parts), units: estimate?.units?.expected }), ...options },
  );
  return { costUsd: costUsd ?? 'unpriced', unpricedParts, split, tokensSource, priceSource };
}

export interface ReadManifestOptions {
  /** Folder that a relative path starts from; default: the working directory. */
  readonly cwd?: string;
  /** How the file is written, e.g. `inspect`; default: found by the file. */
  readonly format?: string;
  /** Folder that media must lie in, relative to `cwd`, or a URL that they are below; default: the manifest's own. */
  readonly mediaRoot?: string;
  /** Prompt of rows without their own; `{{column}}` is filled in from the row. */
  readonly prompt?: string;
  /** Gets each problem when it is found, and reading goes on; default: all of them are thrown after the last sample. */
  readonly onProblem?: (problem: Problem) => void;
}

/**
 * Reads a manifest, or a dataset of another tool, sample by sample: each is checked, and its media are found, typed and
 * hashed. Sends nothing. Memory does not grow with the file.
 * @throws {InputError} after the last good sample, with all problems by file and line, unless `onProblem` takes them.
 *
 * @example
 * import { readManifest } from 'earsight';
 *
 * for await (const { id, target, turns } of readManifest('manifest.csv')) console.log(id, target, turns.length);
 */
export async function* readManifest(
  path: string,
  { cwd = process.cwd(), format, mediaRoot, prompt, onProblem }: ReadManifestOptions = {},
): AsyncGenerator<Sample, void, void> {
  if (format !== undefined && !isFormatName(format))
    throw new InputError({ message: `unknown format ${quote(format)}` });
  const source: DatasetSource = defined({
    path: resolve(cwd, path),
    displayPath: path,
    format,
    ...mediaPlaceOf(mediaRoot, (folder) => resolve(cwd, folder)),
    prompt,
  });
  const problems: Problem[] = [];
  yield* readSamples(source, onProblem ?? ((problem) => problems.push(problem)), { isOnlyPass: true });
  if (problems.length > 0) throw new InputError(problems);
}

export interface CompareRunsOptions {
  /** Folder that relative paths start from, and that `results/` is in; default: the working directory. */
  readonly cwd?: string;
  /** Model that the others are compared with; default: the first one, with two runs the same model of the first. */
  readonly against?: string;
  /** Scores to compare: `run`, or a name that `earsight score` gave; default: the newest. */
  readonly set?: string;
  /** Called with each warning, one line; default: warnings are dropped. */
  readonly onWarning?: (line: string) => void;
}

/**
 * Compares the models of one run, or of two runs, on the same samples, as `earsight compare --json` does: differences with
 * intervals and tests, what is missing, and what else differs. Reads their journals; writes and sends nothing.
 * @param runs results folders, or `latest`; with two, the models of the second are B.
 * @throws {InputError} when there is no such run, or nothing to compare.
 *
 * @example
 * import { compareRuns } from 'earsight';
 *
 * const { pairs } = await compareRuns(['results/before', 'latest']);
 * for (const { a, b, verdict } of pairs) console.log(a, b, verdict.conclusion);
 */
export async function compareRuns(
  runs: readonly [first: string, second?: string],
  { cwd = process.cwd(), against, set, onWarning = () => {} }: CompareRunsOptions = {},
): Promise<Comparison> {
  const [first, second] = runs;
  const readScores = async (name: string) => {
    const { directory, info } = findRun(name, cwd);
    const scores = await readRunScores(directory, info, set);
    scores.warnings.forEach(onWarning);
    return scores;
  };
  const a = await readScores(first);
  const b = second === undefined ? null : await readScores(second);
  if (b?.directory === a.directory)
    throw new InputError({ message: 'both runs are the same folder', hint: 'name it once to compare its models' });
  return compareScores(planComparison(a, b, against));
}
