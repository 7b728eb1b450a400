/** Scores the kept answers of a run again, without a request to the models, as one more set of scores in its journal. */

import { sampleKey } from '../../dataset/content-hash.ts';
import { InputError } from '../../errors.ts';
import type { Journal } from '../../journal/journal.ts';
import { openJournal } from '../../journal/journal.ts';
import { openJournalReader } from '../../journal/journal-reader.ts';
import { journalRunId } from '../../journal/journal-scan.ts';
import { type CellScoreLine, isSetName, judgedHash, type ScoreSet } from '../../journal/lines/score-line.ts';
import type { JournalReading, Progress } from '../../journal/resume.ts';
import { MAX_SETS } from '../../journal/scores/stored-sets.ts';
import { systemClock } from '../../limits/clock.ts';
import { createTasks } from '../../limits/tasks.ts';
import { sampleCard, targetsOf } from '../../plan/conversation.ts';
import { scoredAnswers } from '../../plan/scored-answers.ts';
import { RUN_SET, type RunInfo } from '../../report.ts';
import type { Result } from '../../result.ts';
import { quote } from '../../text/quote.ts';
import type { Sample, ScorerConfig } from '../../types.ts';
import type { JudgeTotals } from '../judging/asker.ts';
import type { OpenJudges } from '../judging/open-judges.ts';
import { createScoring, type Scoring } from '../scoring.ts';
import { createStoredAnswers, isSameQuestion, type StoredAnswer } from './stored-answers.ts';

/** A run and how it is to be scored. */
export interface RescoreOptions {
  readonly directory: string;
  readonly info: RunInfo;
  /** Of the run's folder, which is locked. */
  readonly reading: JournalReading;
  readonly set: ScoreSet;
  /** For samples without scorers of their own. */
  readonly scorers: readonly ScorerConfig[];
  /** Checked. */
  readonly samples: AsyncIterable<Sample>;
  readonly stop: AbortSignal;
  /** Returns null when no scorer asks a judge. */
  readonly openJudges: (journal: Journal) => Promise<OpenJudges> | null;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
}

/** How many cells got scores, and which samples have none. */
export interface RescoreCounts {
  /** Cells with a score in the set. Those that failed or were refused have none. */
  cells: number;
  /** Samples of the manifest that the run has no result of. */
  unknown: number;
  /** Samples that ask something else than the run did: their answers are not scored. */
  changed: number;
  /** What judges were asked; null = no scorer asks one. */
  judges: JudgeTotals | null;
}

/** `rescore-1`, or the next one that is free. */
export function nextSetName({ scoreSets }: Pick<Progress, 'scoreSets'>): string {
  const names = new Set(scoreSets.list().map(({ info }) => info.name));
  let number = 1;
  while (names.has(`rescore-${number}`)) number += 1;
  return `rescore-${number}`;
}

/** @throws {InputError} for a name that no new set can have, and for a run that can have no more sets. */
export function requireNewSet(name: string, { scoreSets }: Pick<Progress, 'scoreSets'>): void {
  const sets = scoreSets.list();
  if (name === RUN_SET || sets.some(({ info }) => info.name === name))
    throw new InputError({ message: `the run has scores named ${quote(name)} already`, hint: 'choose another --as' });
  if (!isSetName(name))
    throw new InputError({
      message: `--as ${quote(name)} is no name of a set of scores`,
      hint: 'start with a letter or digit, then letters, digits and . _ + -, at most 60',
    });
  if (sets.length >= MAX_SETS)
    throw new InputError({ message: `the run has ${MAX_SETS} sets of scores, and can have no more` });
}

/**
 * Appends the scores of every cell, then the line that makes them a set: when it is stopped before, there is no set.
 * Returns null when it was stopped. @throws {InputError} for a journal whose header is damaged.
 */
export async function rescore(options: RescoreOptions): Promise<RescoreCounts | null> {
  const { directory, info, reading, set, stop, mode } = options;
  const { runDefinition, index } = reading.progress;
  if (runDefinition === null)
    throw new InputError({
      file: directory,
      message: 'has a journal without a header that can be read',
      hint: 'earsight run --resume writes a new one',
    });
  const header = {
    format: 'earsight-journal',
    version: 1,
    runId: (await journalRunId(directory)) ?? info.runId,
    runIdentity: runDefinition,
  } as const;
  const reader = await openJournalReader(directory);
  const journal = await openJournal({ directory, header, clock: systemClock, scan: reading.scan, mode });
  const answers = createStoredAnswers(reader, info, index);
  const counts: RescoreCounts = { cells: 0, unknown: 0, changed: 0, judges: null };
  const tasks = createTasks();
  let judges: OpenJudges | null = null;
  const isOver = () => stop.aborted || tasks.failure() !== null;
  try {
    judges = await options.openJudges(journal);
    const scoring = createScoring(options.scorers, judges?.ask);
    const keep = async ({ rowIndex, result }: StoredAnswer, sample: Sample) => {
      const data = await scoreLine(set.name, result, sample, scoring);
      // A question that was not asked because of the stop is no verdict.
      if (stop.aborted) return;
      await journal.ready(stop);
      journal.append({ type: 'score', cell: rowIndex, data });
      if (data.scores.some(({ value }) => value !== null)) counts.cells += 1;
    };
    for await (const sample of options.samples) {
      const rows = answers.of(sample);
      const asked = rows.filter(({ result }) => isSameQuestion(result, sample));
      if (rows.length === 0) counts.unknown += 1;
      else if (asked.length === 0) counts.changed += 1;
      for (const row of asked) {
        if (isOver()) break;
        while (tasks.count() >= (judges?.concurrency() ?? 1)) await tasks.oneEnds();
        void tasks.run(() => keep(row, sample));
      }
      if (isOver()) break;
    }
    await tasks.allEnd();
    if (tasks.failure() !== null) throw tasks.failure();
    counts.judges = judges?.totals ?? null;
    if (!stop.aborted) journal.append({ type: 'scoreset', data: set });
  } finally {
    // Questions in flight are paid for.
    await tasks.allEnd();
    await judges?.close();
    // Earlier versions cut off what they do not know at the end of a journal: this line keeps it for later ones.
    if (judges !== null || !isOver()) journal.append({ type: 'header', data: header });
    reader.close();
    await journal.close();
  }
  return stop.aborted ? null : counts;
}

async function scoreLine(set: string, result: Result, sample: Sample, scoring: Scoring): Promise<CellScoreLine> {
  const { sampleId, modelId, repeat } = result;
  const judged = await judgeAgain(result, sample, scoring);
  return {
    ...{ set, sampleId, modelId, repeat },
    judged: judgedHash(result),
    sampleKey: sampleKey(sample),
    target: sampleCard(sample).target,
    scorers: scoring.names(sample, targetsOf(sample)),
    outcome: judged?.outcome ?? result.outcome,
    score: judged?.score ?? null,
    scores: judged?.scores ?? [],
  };
}

async function judgeAgain(result: Result, sample: Sample, scoring: Scoring) {
  const answers = scoredAnswers(result, sample);
  if (answers === null) return null;
  const { scores, score, unparsed } = await scoring.score(sample, answers, result);
  return { outcome: unparsed ? ('unparsed' as const) : ('answered' as const), scores, score };
}
