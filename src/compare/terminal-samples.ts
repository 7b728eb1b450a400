/** The samples where two models differ most as text for a terminal: prompt, targets, both answers and their differences. */

import { openJournalReader } from '../journal/journal-reader.ts';
import { NONE, percent } from '../reporters/figures-for-people.ts';
import { sampleLines } from '../reporters/terminal/result-lines.ts';
import type { Result } from '../result.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { diffLegend, diffLines } from '../text/shown-diff.ts';
import { wordDiff } from '../text/word-diff.ts';
import { mostDifferent, type PlacedSample } from './different-samples.ts';
import { firstCompleted } from './first-completed.ts';
import type { ComparisonPlan, LabelledModel, ModelPair } from './plan-comparison.ts';

/** Characters of an answer that are shown: a screen or two. */
const MAX_ANSWER = 4000;

export interface SampleStyle {
  readonly color: boolean;
}

/** At most `count` samples of each pair, as lines that are escaped; the answers are read from the journals. */
export async function terminalSamples(plan: ComparisonPlan, count: number, style: SampleStyle): Promise<string> {
  const readers = await Promise.all(plan.runs.map(({ directory }) => openJournalReader(directory)));
  const readerOf = ({ runIndex }: LabelledModel) => readers[runIndex];
  try {
    return plan.pairs
      .flatMap((pair) => {
        const samples = mostDifferent(pair, plan.common, count);
        return samples.map((placed) => {
          const a = firstCompleted(pair.a, plan.common.a[placed.position] ?? 0, readerOf(pair.a));
          const b = firstCompleted(pair.b, plan.common.b[placed.position] ?? 0, readerOf(pair.b));
          return `\n${sampleText(pair, placed, [a, b], style).join('\n')}\n`;
        });
      })
      .join('');
  } finally {
    for (const reader of readers) reader.close();
  }
}

function sampleText(
  { a, b }: ModelPair,
  { sample }: PlacedSample,
  [first, second]: readonly [Result | null, Result | null],
  style: SampleStyle,
): readonly string[] {
  const card = (second ?? first)?.sample;
  const [answerA, answerB] = [answerOf(first), answerOf(second)];
  const head = (label: string, score: number | null, result: Result | null) =>
    `  ${escapeTerminal(label)} · score_all ${score === null ? NONE : percent(score)} · ${whatBecame(result)}`;
  return [
    ...(card === undefined ? [] : sampleLines(sample.sampleId, card)),
    head(a.label, sample.a, first),
    ...(answerA === null ? [] : indented(cut(answerA))),
    head(b.label, sample.b, second),
    ...(answerB === null ? [] : indented(cut(answerB))),
    ...(answerA === null || answerB === null
      ? []
      : differences([a.label, cut(answerA)], [b.label, cut(answerB)], style)),
  ];
}

function whatBecame(result: Result | null): string {
  if (result === null) return 'no result';
  return escapeTerminal(result.status === 'completed' ? result.outcome : `${result.status}: ${result.failure.kind}`);
}

function answerOf(result: Result | null): string | null {
  return result?.status === 'completed' ? result.answer : null;
}

function cut(answer: string): string {
  return answer.length <= MAX_ANSWER ? answer : `${answer.slice(0, MAX_ANSWER)}…`;
}

/** Text keeps its own lines; everything else that a terminal would obey is escaped. */
function indented(text: string): readonly string[] {
  return text.split(/\r\n|\n/u).map((line) => `    ${escapeTerminal(line)}`.trimEnd());
}

function differences(
  [labelA, a]: readonly [label: string, answer: string],
  [labelB, b]: readonly [label: string, answer: string],
  { color }: SampleStyle,
): readonly string[] {
  if (a === b) return ['  same answer'];
  return [
    `  words ${diffLegend(labelA, labelB, color)}`,
    ...diffLines(wordDiff(a, b), color).map((line) => `    ${line}`.trimEnd()),
  ];
}
