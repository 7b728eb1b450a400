/** Asks a judge which of two answers is better, in both orders, and writes the verdicts into the journal of a run. */

import type { ComparisonPlan } from '../../compare/plan-comparison.ts';
import { InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { type Journal, openJournal } from '../../journal/journal.ts';
import { journalRunId } from '../../journal/journal-scan.ts';
import { type PreferenceLine, SAME_ANSWER } from '../../journal/lines/preference-line.ts';
import { systemClock } from '../../limits/clock.ts';
import { createTasks } from '../../limits/tasks.ts';
import { pairPromptHash } from '../../scorers/judge/pair-question.ts';
import type { Sample } from '../../types.ts';
import type { JudgeTotals } from '../judging/asker.ts';
import { type OpenJudges, openJudges } from '../judging/open-judges.ts';
import type { ReadyJudges } from '../judging/ready-judges.ts';
import type { StoredRun } from '../rescore/ready-rescore.ts';
import { type PairInstructions, pairQuestions, verdictOf } from './pair-questions.ts';
import { type AnswerPairs, openAnswerPairs, type PairedAnswers } from './paired-answers.ts';

export interface PreferenceOptions {
  readonly plan: ComparisonPlan;
  /** Gets the verdicts; its folder is locked. */
  readonly run: StoredRun;
  readonly judges: Omit<ReadyJudges, 'mayAsk'>;
  readonly instructions: PairInstructions;
  /** Starts a new pass over the checked samples. */
  readonly samples: () => AsyncIterable<Sample>;
  /** Gets what is expected before anything is sent; false = do not start. */
  readonly mayStart: (expected: ExpectedQuestions) => Promise<boolean>;
}

/** What will be asked. */
export interface ExpectedQuestions {
  readonly questions: number;
  /** Questions whose replies the journal has. */
  readonly known: number;
  /** USD; null = a question has no price. */
  readonly expectedUsd: number | null;
  readonly highUsd: number | null;
}

/** Returns null when it was not started or was stopped: what was judged until then is kept. @throws {InputError} for a damaged journal. */
export async function askPreferences(options: PreferenceOptions, io: Io): Promise<JudgeTotals | null> {
  const { plan, run, judges } = options;
  const { directory, info, reading, mode } = run;
  const { progress, scan } = reading;
  if (progress.runDefinition === null)
    throw new InputError({ file: directory, message: 'has a journal without a header that can be read' });
  const runId = (await journalRunId(directory)) ?? info.runId;
  const header = { format: 'earsight-journal', version: 1, runId, runIdentity: progress.runDefinition } as const;
  const answers = await openAnswerPairs(plan);
  const journal = await openJournal({ directory, header, clock: systemClock, scan, mode });
  let asker: OpenJudges | null = null;
  try {
    asker = await openJudges({ ...judges, directory, mode, journal, progress }, io);
    const expected = await expectedQuestions(options, answers, asker);
    if (io.stop.aborted || !(await options.mayStart(expected))) return null;
    await askAll(options, { answers, asker, journal, stop: io.stop });
    return io.stop.aborted ? null : asker.totals;
  } finally {
    await asker?.close();
    // Earlier versions cut off what they do not know at the end of a journal: this line keeps it for later ones.
    journal.append({ type: 'header', data: header });
    answers.close();
    await journal.close();
  }
}

interface Asking {
  readonly answers: AnswerPairs;
  readonly asker: OpenJudges;
  readonly journal: Journal;
  readonly stop: AbortSignal;
}

async function askAll(options: PreferenceOptions, { answers, asker, journal, stop }: Asking): Promise<void> {
  const tasks = createTasks();
  const isOver = () => stop.aborted || tasks.failure() !== null;
  const judge = async (sample: Sample, paired: PairedAnswers) => {
    const line = await preferenceOf(options.instructions, sample, paired, asker);
    // A question that was not asked because of the stop is no verdict.
    if (stop.aborted) return;
    await journal.ready(stop);
    journal.append({ type: 'preference', data: line });
    options.run.reading.progress.preferences.add(line);
  };
  try {
    for await (const sample of options.samples()) {
      for (const paired of answers.of(sample)) {
        if (isOver()) break;
        while (tasks.count() >= asker.concurrency()) await tasks.oneEnds();
        void tasks.run(() => judge(sample, paired));
      }
      if (isOver()) break;
    }
  } finally {
    // Questions in flight are paid for.
    await tasks.allEnd();
  }
  if (tasks.failure() !== null) throw tasks.failure();
}

async function preferenceOf(
  instructions: PairInstructions,
  sample: Sample,
  { a, b, names }: PairedAnswers,
  asker: OpenJudges,
): Promise<PreferenceLine> {
  const line = { judge: instructions.judge, promptHash: pairPromptHash(instructions.rubric), ...names };
  if (a === null || b === null) return { ...line, preferred: null, reason: 'no answer' };
  if (a === b) return { ...line, preferred: 'tie', reason: SAME_ANSWER };
  const cell = { sample, modelId: names.b.modelId, repeat: 0 };
  const [first, second] = pairQuestions(instructions, sample, a, b);
  const replies = await Promise.all([asker.ask(first, cell), asker.ask(second, cell)]);
  return { ...line, ...verdictOf(instructions.judge, ...replies) };
}

async function expectedQuestions(
  { samples, instructions }: PreferenceOptions,
  answers: AnswerPairs,
  asker: OpenJudges,
): Promise<ExpectedQuestions> {
  let [questions, known] = [0, 0];
  let expectedUsd: number | null = 0;
  let highUsd: number | null = 0;
  for await (const sample of samples()) {
    for (const { a, b } of answers.of(sample)) {
      if (a === null || b === null || a === b) continue;
      for (const question of pairQuestions(instructions, sample, a, b)) {
        const cost = await asker.expected(question, { sample, modelId: '', repeat: 0 });
        if (cost === null) known += 1;
        else {
          questions += 1;
          expectedUsd = plus(expectedUsd, cost.expected);
          highUsd = plus(highUsd, cost.high);
        }
      }
    }
  }
  return { questions, known, expectedUsd, highUsd };
}

function plus(sum: number | null, more: number | null): number | null {
  return sum === null || more === null ? null : sum + more;
}
