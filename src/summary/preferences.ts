/** How often a judge preferred the answers of one model to those of another. */

import type { PreferenceFigures } from '../agreement-report.ts';
import {
  type ComparedAnswer,
  POSITION_BIAS,
  type PreferenceLine,
  SAME_ANSWER,
} from '../journal/lines/preference-line.ts';
import { estimateScore } from '../stats/mean.ts';

/** Reasons that are named; the rest counts as others. */
const REASONS_SHOWN = 5;

/**
 * One entry for each pair, judge and instructions, in the order of the first verdict. `labelOf` names a model; null leaves the
 * pair out. A tie counts half; the interval of the win rate is that of a score from 0 to 1.
 */
export function preferenceFigures(
  lines: readonly PreferenceLine[],
  labelOf: (answer: ComparedAnswer) => string | null,
): readonly PreferenceFigures[] {
  const groups = new Map<string, PreferenceLine[]>();
  for (const line of lines) {
    const { judge, promptHash, a, b } = line;
    const key = JSON.stringify([judge, promptHash, a.runId, a.modelId, b.runId, b.modelId]);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(line);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const labels = first === undefined ? [] : [labelOf(first.a), labelOf(first.b)];
    const [a, b] = labels;
    if (first === undefined || typeof a !== 'string' || typeof b !== 'string') return [];
    return [{ a, b, judge: first.judge, promptHash: first.promptHash, ...figuresOf(group) }];
  });
}

/** Models of the run by their ids, those of another run with the id of that run. */
export function labelInRun(runId: string): (answer: ComparedAnswer) => string {
  return (answer) => (answer.runId === runId ? answer.modelId : `${answer.modelId} (${answer.runId})`);
}

const POINTS = { a: 0, tie: 0.5, b: 1 } as const;

function figuresOf(lines: readonly PreferenceLine[]) {
  const count = (is: (line: PreferenceLine) => boolean) => lines.filter(is).length;
  const judged = lines.flatMap((line) => (line.preferred === null ? [] : [{ ...line, preferred: line.preferred }]));
  const { value, ciLow, ciHigh, ciMethod } = estimateScore(
    judged.map(({ preferred }) => POINTS[preferred]),
    judged.map(({ cluster }) => cluster),
  );
  const missing = lines.filter(({ preferred }) => preferred === null);
  return {
    n: judged.length,
    winsB: count(({ preferred }) => preferred === 'b'),
    winsA: count(({ preferred }) => preferred === 'a'),
    ties: count(({ preferred }) => preferred === 'tie'),
    positionBias: count(({ preferred, reason }) => preferred === 'tie' && reason === POSITION_BIAS),
    sameAnswer: count(({ preferred, reason }) => preferred === 'tie' && reason === SAME_ANSWER),
    winRate: { value, ciLow, ciHigh, ciMethod },
    missing: missing.length,
    reasons: reasonsOf(missing),
  };
}

function reasonsOf(missing: readonly PreferenceLine[]) {
  const counts = new Map<string, number>();
  for (const { reason } of missing) counts.set(reason ?? '', (counts.get(reason ?? '') ?? 0) + 1);
  return [...counts]
    .map(([reason, samples]) => ({ reason, samples }))
    .sort((one, other) => other.samples - one.samples)
    .slice(0, REASONS_SHOWN);
}
