/** The part of `earsight compare` that asks a judge, with `--judge`: expected cost, confirmation, and what it took. */

import { type Arguments, flag, number, text } from '../../command.ts';
import type { ComparisonPlan } from '../../compare/plan-comparison.ts';
import { EXIT, InputError } from '../../errors.ts';
import { lockFolder } from '../../files/lock.ts';
import type { Io } from '../../io.ts';
import { readProgress } from '../../journal/resume.ts';
import { runFileMode } from '../../journal/run-files.ts';
import type { RunInfo } from '../../report.ts';
import { dollars } from '../../reporters/figures-for-people.ts';
import { judgeSentence, judgeTroubles } from '../../run/judging/judge-troubles.ts';
import { askPreferences, type ExpectedQuestions } from '../../run/preferences/ask-preferences.ts';
import { readyPreferences } from '../../run/preferences/ready-preferences.ts';
import { PAIR_RUBRIC } from '../../scorers/judge/pair-question.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';

/** The run whose journal gets the verdicts, and what is compared. */
interface JudgedRun {
  readonly directory: string;
  readonly info: RunInfo;
  readonly plan: ComparisonPlan;
}

/** Options that say how a judge is asked. */
const ONLY_WITH_JUDGE = ['rubric', 'max-cost', 'config', 'dataset'] as const;

/** Asks nothing without `--judge`. Returns an exit code: `done` and `incomplete` go on with the comparison. */
export async function askJudge({ directory, info, plan }: JudgedRun, args: Arguments, io: Io): Promise<number> {
  const judge = text(args, 'judge');
  if (judge === undefined) {
    const idle = ONLY_WITH_JUDGE.find((name) => args[name] !== undefined);
    if (idle === undefined) return EXIT.done;
    throw new InputError({ message: `--${idle} is for a judge`, hint: 'name one with --judge' });
  }
  const rubric = text(args, 'rubric') ?? PAIR_RUBRIC;
  if (rubric.trim() === '')
    throw new InputError({ message: '--rubric is empty', hint: 'say what makes an answer better' });
  const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
  const maxCostUsd = number(args, 'max-cost') ?? null;
  const choice = { judge, config: text(args, 'config'), dataset: text(args, 'dataset'), judging: { maxCostUsd, say } };
  const { prepared, judges } = await readyPreferences({ directory, info }, choice, io);
  const mode = runFileMode(directory);
  const unlock = lockFolder(directory, mode);
  try {
    const reading = await readProgress(directory, info.selection);
    const mayStart = async (expected: ExpectedQuestions) => {
      say(expectedText(judge, expected, judges.maxCostUsd));
      if (flag(args, 'yes') || (expected.expectedUsd ?? 0) <= prepared.config.confirmAbove) return true;
      if (io.confirm === undefined || io.env['CI'] !== undefined) return true;
      return io.confirm('ask the judge? [y/N] ');
    };
    const run = { directory, info, reading, mode };
    const instructions = { judge, rubric };
    const options = { plan, run, judges, instructions, samples: () => prepared.samples(), mayStart };
    const totals = await askPreferences(options, io);
    if (totals === null) {
      say('stopped: what was judged is kept');
      return io.stop.aborted ? Number(io.stop.reason) : EXIT.input;
    }
    say(judgeSentence(totals));
    const troubles = judgeTroubles(totals, prepared.config.maxErrorRate, 'the same command');
    for (const trouble of troubles) say(trouble);
    return troubles.length > 0 ? EXIT.incomplete : EXIT.done;
  } finally {
    unlock();
  }
}

function expectedText(
  judge: string,
  { questions, known, expectedUsd, highUsd }: ExpectedQuestions,
  max: number | null,
) {
  const replies = known === 0 ? '' : `, ${known} more have replies in the journal`;
  const cost =
    questions === 0
      ? ''
      : expectedUsd === null || highUsd === null
        ? ' · no price is known'
        : ` · expected ${dollars(expectedUsd)}, at most ${dollars(highUsd)}`;
  const limit = questions === 0 || max === null ? '' : ` · limit ${dollars(max)}`;
  return `${questions === 1 ? '1 question' : `${questions} questions`} to ${judge}${replies}${cost}${limit}`;
}
