/** Pairs the samples of a run with those of a baseline, and names what differs between the two. */

import { sampleKey } from '../dataset/content-hash.ts';
import { InputError, type Problem } from '../errors.ts';
import { UNSCORED_HINT, unscoredText } from '../reporters/figures-for-people.ts';
import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { type Baseline, type BaselineSample, reportScorers, scorersOf } from './baseline.ts';
import { changedSettings, settingsOf } from './model-settings.ts';
import type { MeasuredRun } from './open-measured-run.ts';
import type { SampleMeasures } from './run-measures.ts';

/** A baseline with the name that the user gave it. */
export interface NamedBaseline extends Baseline {
  readonly file: string;
}

export interface SamplePair {
  readonly baseline: BaselineSample;
  readonly run: SampleMeasures;
}

export interface PairedSamples {
  readonly pairs: readonly SamplePair[];
  /** One sentence each. */
  readonly notes: readonly string[];
}

/** Ids and settings that a sentence names; more are counted. */
const MAX_NAMED = 5;

/**
 * Pairs on `sampleKey`.
 * @throws {InputError} when fewer than `minOverlap` of the baseline's samples are in the run, or the scorers differ.
 */
export function pairSamples(
  baseline: NamedBaseline,
  run: Pick<MeasuredRun, 'definition' | 'measures' | 'report'>,
  minOverlap: number,
): PairedSamples {
  const pairs: SamplePair[] = [];
  const [changed, removed]: [string[], string[]] = [[], []];
  for (const sample of baseline.samples.values()) {
    const other = run.measures.samples.get(sample.id);
    if (other === undefined) removed.push(sample.id);
    else if (other.key !== sample.key) changed.push(sample.id);
    else pairs.push({ baseline: sample, run: other });
  }
  const added = [...run.measures.samples.keys()].filter((id) => !baseline.samples.has(id));
  const notes = [
    named(added, 'was added', 'were added', 'not judged'),
    named(changed, 'has other media or targets', 'have other media or targets', 'not judged'),
    named(removed, 'is missing in this run', 'are missing in this run', 'not judged'),
    named(
      pairs.flatMap(({ baseline: was, run: { id, prompt } }) => (was.prompt === prompt ? [] : [id])),
      'has another prompt',
      'have other prompts',
      'compared',
    ),
  ].filter((note) => note !== null);
  const problems = [
    ...overlapProblems(baseline, pairs.length, minOverlap, notes),
    ...scorerProblems(baseline, run, pairs),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return { pairs, notes: [...notes, ...modelNotes(baseline, run)] };
}

/**
 * The same checks before a run is started, as far as its manifest tells.
 * @throws {InputError} as `pairSamples` does.
 */
export async function requireFit(
  baseline: NamedBaseline,
  samples: AsyncIterable<Sample>,
  config: unknown,
  minOverlap: number,
): Promise<void> {
  let common = 0;
  for await (const sample of samples) if (baseline.samples.get(sample.id)?.key === sampleKey(sample)) common += 1;
  const problems = [
    ...overlapProblems(baseline, common, minOverlap, []),
    ...listProblems(baseline, scorersOf({ config })),
  ];
  if (problems.length > 0) throw new InputError(problems);
}

const OTHER_SCORERS = 'scores of different scorers cannot be compared: set a new baseline';

/** Scores of other scorers, or of other options, cannot be compared. */
export function listProblems({ file, head }: NamedBaseline, scorers: readonly unknown[]): readonly Problem[] {
  if (JSON.stringify(head.scorers) === JSON.stringify(scorers)) return [];
  return [{ file, message: 'was scored by other scorers or options than this run', hint: OTHER_SCORERS }];
}

function named(ids: readonly string[], one: string, many: string, what: string): string | null {
  if (ids.length === 0) return null;
  const more = ids.length > MAX_NAMED ? ` and ${ids.length - MAX_NAMED} more` : '';
  const list = ids.slice(0, MAX_NAMED).map(quote).join(', ');
  return `${ids.length} ${ids.length === 1 ? `sample ${one}` : `samples ${many}`} (${what}): ${list}${more}`;
}

function overlapProblems(
  { file, samples }: NamedBaseline,
  common: number,
  minOverlap: number,
  notes: readonly string[],
): readonly Problem[] {
  if (samples.size === 0)
    return [{ file, message: 'holds no samples', hint: 'write it again with earsight baseline set RUN' }];
  if (common >= minOverlap * samples.size) return [];
  const share = `${common} of its ${samples.size} samples are in the run, fewer than ${Math.round(100 * minOverlap)} %`;
  const details = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
  return [
    {
      file,
      message: `is a baseline of another dataset: only ${share}${details}`,
      hint: 'set a new baseline, or lower --min-overlap',
    },
  ];
}

function scorerProblems(
  baseline: NamedBaseline,
  { report }: Pick<MeasuredRun, 'report'>,
  pairs: readonly SamplePair[],
): readonly Problem[] {
  const { scoreSets } = report;
  const unscored = scoreSets === undefined ? null : unscoredText(scoreSets);
  if (unscored !== null) return [{ message: unscored, hint: UNSCORED_HINT }];
  const problems = listProblems(baseline, reportScorers(report));
  if (problems.length > 0) return problems;
  const other = pairs.find(({ baseline, run }) => baseline.scorers.join('\n') !== run.scorers.join('\n'));
  if (other === undefined) return [];
  const names = (list: readonly string[]) => (list.length === 0 ? 'no scorer' : list.join(', '));
  const message = `scored ${quote(other.run.id)} with ${names(other.baseline.scorers)}, this run with ${names(other.run.scorers)}`;
  return [{ file: baseline.file, message, hint: OTHER_SCORERS }];
}

function modelNotes(
  { head }: Baseline,
  { definition, measures, report }: Pick<MeasuredRun, 'definition' | 'measures' | 'report'>,
) {
  const ids = report.run.models.map(({ id }) => id);
  const missing = head.models.filter(({ id }) => !ids.includes(id)).map(({ id }) => `${id} is only in the baseline`);
  return [...missing, ...ids.flatMap((id) => notesOf(id))];

  function notesOf(id: string): readonly string[] {
    const was = head.models.find((model) => model.id === id);
    if (was === undefined) return [`${id} has no baseline and is not compared`];
    const now = definition === null ? null : settingsOf(definition, id);
    const changed = was.settings === null || now === null ? [] : changedSettings(was.settings, now);
    const served = measures.models.get(id)?.served ?? [];
    const isOther = was.served.length > 0 && served.length > 0 && was.served.join('\n') !== served.join('\n');
    return [
      ...(changed.length === 0 ? [] : [`${id} has other settings: ${changed.slice(0, MAX_NAMED).join(', ')}`]),
      ...(isOther ? [`${id} was served as ${was.served.join(', ')}, now as ${served.join(', ')}`] : []),
    ];
  }
}
