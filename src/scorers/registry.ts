/** All scorers by name, and the functions that check and create one from a configuration entry. */

import { InputError, type Problem } from '../errors.ts';
import type { ScorerInfo } from '../report.ts';
import type { Score } from '../result.ts';
import { suggest } from '../text/nearest-name.ts';
import type { ScorerConfig } from '../types.ts';
import { anls } from './anls.ts';
import { bleu } from './bleu.ts';
import { cer } from './cer.ts';
import { choice } from './choice.ts';
import { chrf } from './chrf.ts';
import { chrfPlusPlus } from './chrf-plus-plus.ts';
import { containsAll } from './contains-all.ts';
import { containsAny } from './contains-any.ts';
import { createWrapped } from './create-scorer.ts';
import { exact } from './exact.ts';
import { f1 } from './f1.ts';
import { includes } from './includes.ts';
import { iou } from './iou.ts';
import { json } from './json.ts';
import { judge } from './judge.ts';
import { keywords } from './keywords.ts';
import { levenshtein } from './levenshtein.ts';
import { mer } from './mer.ts';
import { mmmuOpen } from './mmmu-open.ts';
import { numeric } from './numeric.ts';
import { ALIASES, resolveAssertion } from './options/assertion.ts';
import { COMMON_NAMES, commonOptions } from './options/common-options.ts';
import { extractProblem } from './options/extract.ts';
import { optionProblems } from './options/option-problems.ts';
import { refusal } from './refusal.ts';
import { regex } from './regex.ts';
import { relaxedAccuracy } from './relaxed-accuracy.ts';
import { rougeL } from './rouge-l.ts';
import type { Counts, Figure, OtherScorers, Ratio, Scorer, ScorerFactory } from './scorer.ts';
import { ter } from './ter.ts';
import { type UserScorer, userScorerFactory } from './user-scorer.ts';
import { vqaAccuracy } from './vqa-accuracy.ts';
import { wer } from './wer.ts';
import { wil } from './wil.ts';
import { yesNo } from './yes-no.ts';

/** The scorers; a new one is one file and one line here. */
export const SCORERS = {
  exact,
  includes,
  'contains-all': containsAll,
  'contains-any': containsAny,
  regex,
  choice,
  'yes-no': yesNo,
  'mmmu-open': mmmuOpen,
  numeric,
  'relaxed-accuracy': relaxedAccuracy,
  anls,
  'vqa-accuracy': vqaAccuracy,
  f1,
  levenshtein,
  wer,
  cer,
  mer,
  wil,
  keywords,
  bleu,
  chrf,
  'chrf++': chrfPlusPlus,
  ter,
  'rouge-l': rougeL,
  json,
  iou,
  refusal,
  judge,
} as const satisfies Record<string, ScorerFactory>;

const factories: ReadonlyMap<string, ScorerFactory> = new Map(Object.entries(SCORERS));
/** Of the configuration or program that was read last; a run that has started keeps its own. */
const userScorers = new Map<string, ScorerFactory>();

/** Makes a user's scorer known by a name. @throws {InputError} for the name of one of ours, and for a time that is none. */
export function addScorer(name: string, definition: UserScorer): void {
  if (factories.has(name))
    throw new InputError({ message: `there is a scorer "${name}" already`, hint: 'rename yours' });
  const { timeoutMs } = definition;
  if (timeoutMs !== undefined && !(timeoutMs > 0))
    throw new InputError({ message: `scorer "${name}": timeoutMs is ${timeoutMs}`, hint: 'give milliseconds above 0' });
  userScorers.set(name, userScorerFactory(definition));
}

/** Whether a user's scorer is known by this name. */
export function isUserScorer(name: string): boolean {
  return userScorers.has(name);
}

function factoryOf(name: string): ScorerFactory | undefined {
  return factories.get(name) ?? userScorers.get(name);
}

/** By unit, which a score carries whatever it is named. */
const pooled: ReadonlyMap<string, ScorerFactory> = new Map(
  [...factories.values()].filter(({ pool }) => pool !== undefined).map((factory) => [factory.unit, factory]),
);

/** An entry taken apart: `contains: x` is resolved, common options are apart from the scorer's own. */
function resolve(config: ScorerConfig) {
  const resolved = userScorers.has(config.name) ? config : resolveAssertion(config, factories);
  const entries = Object.entries(resolved).filter(([key]) => key !== 'name');
  return {
    name: resolved.name,
    factory: factoryOf(resolved.name),
    common: Object.fromEntries([
      ...(userScorers.has(resolved.name) ? [['as', columnName(resolved.name)] as const] : []),
      ...entries.filter(([key]) => COMMON_NAMES.includes(key)),
    ]),
    own: Object.fromEntries(entries.filter(([key]) => !COMMON_NAMES.includes(key))),
  };
}

/** `my-scorer` for `./scorers/my-scorer.mjs`: the name of a file is one of columns, too. */
function columnName(name: string): string {
  const file = name.split(/[\\/]/u).at(-1) ?? name;
  return file.replace(/\.[cm]?[jt]s$/u, '').replace(/[^\p{L}\p{N}._+-]/gu, '-');
}

/** The problems of a configuration entry: its name, its options, files and patterns. Empty when it can be created. */
export function scorerProblems(config: ScorerConfig): readonly Problem[] {
  const { name, factory, common, own } = resolve(config);
  if (factory === undefined)
    return [
      { message: `unknown scorer "${name}"`, hint: suggest(name, [...factories.keys(), ...Object.keys(ALIASES)]) },
    ];
  const shape = factory.options.extend(commonOptions.shape);
  const problems = optionProblems(name, shape, { ...own, ...common });
  if (problems.length > 0) return problems;
  const { extract } = commonOptions.parse(common);
  const unusable = extract === undefined ? undefined : extractProblem(extract);
  return [
    ...(unusable === undefined ? [] : [{ message: `scorer "${name}": extract.regex: ${unusable}` }]),
    ...factory
      .problems(own, OTHERS)
      .map((problem) => ({ ...problem, message: `scorer "${name}": ${problem.message}` })),
  ];
}

/** Creates the scorer of a configuration entry. @throws {InputError} with all problems of the entry. */
export function createScorer(config: ScorerConfig): Scorer {
  const problems = scorerProblems(config);
  const { name, factory, common, own } = resolve(config);
  if (factory === undefined || problems.length > 0) throw new InputError(problems);
  return createWrapped({ name, factory, common: commonOptions.parse(common), own, others: OTHERS });
}

const OTHERS: OtherScorers = { problems: scorerProblems, create: createScorer };

/** The name in the columns of an entry's scores, `score.<name>`. */
export function scoreName(config: ScorerConfig): string {
  const { name, common } = resolve(config);
  return typeof common['as'] === 'string' ? common['as'] : name;
}

/** An entry with the version of its scorer, as records of a run name it. */
export function scorerInfo(config: ScorerConfig): ScorerInfo {
  const { name, factory } = resolve(config);
  return { ...config, version: `${name} ${factory?.version}` };
}

/** The version that made a score, e.g. `wer 1`, when that is not the current one; null when it is, or is not known. */
export function otherVersion({ scorer, version = `${scorer} ${FIRST_VERSION}` }: ScoredBy): string | null {
  const name = version.slice(0, version.lastIndexOf(' '));
  const current = factoryOf(name)?.version;
  return current === undefined || version === `${name} ${current}` ? null : version;
}

type ScoredBy = Pick<Score, 'scorer' | 'version'>;

/** Scores without a version are of earsight 0.1.0. */
const FIRST_VERSION = 1;

/** Whether an entry compares the answer with the sample's target; an entry that cannot be created counts as one that does. */
export function scorerNeedsTarget(config: ScorerConfig): boolean {
  return scorerProblems(config).length > 0 || createScorer(config).needsTarget;
}

/** Checks the targets of samples for an entry: says why they cannot be scored. undefined when every target can. */
export function targetCheck(config: ScorerConfig): ((target: readonly string[]) => Problem | undefined) | undefined {
  const { name, factory, common, own } = resolve(config);
  if (factory?.targetProblem === undefined || common['target'] !== undefined) return undefined;
  const { targetProblem } = factory;
  return (target) => {
    const message = target.length === 0 ? undefined : targetProblem(target, own);
    if (message === undefined) return undefined;
    const problem = { message: `scorer "${name}": ${message}` };
    return target.includes('') ? { ...problem, hint: 'an empty text is a target; write null for none' } : problem;
  };
}

/** Whether an entry names files. */
export function readsFiles(config: ScorerConfig): boolean {
  return (factories.get(resolve(config).name)?.paths ?? []).some((key) => Object.hasOwn(config, key));
}

/** An entry with the paths of its files made absolute. */
export function withAbsolutePaths(config: ScorerConfig, absolute: (path: string) => string): ScorerConfig {
  const paths = factories.get(config.name)?.paths ?? [];
  const changed = paths.flatMap((key) => {
    const path = config[key];
    return typeof path === 'string' ? [[key, absolute(path)] as const] : [];
  });
  return changed.length === 0 ? config : { ...config, ...Object.fromEntries(changed) };
}

/**
 * The figure of a whole corpus, e.g. errors divided by reference words, from the summed `counts` of scores of one unit,
 * under default options. null when there is none: the corpus figure is then the mean of the values.
 */
export function corpusFigure(unit: string, counts: Counts): Figure | null {
  return pooled.get(unit)?.pool?.(counts) ?? null;
}

/** The corpus figure of a configuration entry under its options; null = it has none, or its options are not valid. */
export function poolOf(config: ScorerConfig, counts: Counts): Figure | null {
  const { factory, own } = resolve(config);
  const settled = factory?.options.safeParse(own);
  return settled?.success === true ? (factory?.pool?.(counts, own) ?? null) : null;
}

/** Whether scores of this unit have a corpus figure that is not the ratio of two sums. */
export function isPooled(unit: string): boolean {
  return pooled.has(unit) && pooled.get(unit)?.ratio === undefined;
}

/** What the counts of one score of this unit add to the corpus figure; null when they add nothing. */
export function corpusParts(unit: string, counts: Counts): Ratio | null {
  return pooled.get(unit)?.ratio?.(counts) ?? null;
}
