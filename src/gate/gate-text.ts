/** A gate's report as lines for a terminal or a log. */

import type { GateReport, GateResult, Verdict } from '../gate-report.ts';
import { VERDICTS } from '../gate-report.ts';
import { counted } from '../text/counted.ts';
import { shareText } from './gate-words.ts';

/** Samples of one model in a line. */
const MAX_NAMED = 10;

const EXPLAINED: Readonly<Record<Verdict, string>> = {
  pass: 'no gate failed',
  inconclusive: 'no regression is shown, and none is excluded',
  missed: 'a figure is beyond its limit',
  regressed: 'worse than the baseline',
  unjudged: 'cannot be judged',
};

/** The verdict first, then the results from the worst, then samples and notes. Not escaped. */
export function gateLines(report: GateReport): readonly string[] {
  const { verdict, scoreSet, baseline, results, notes } = report;
  const against =
    baseline === null
      ? 'without a baseline'
      : `baseline ${baseline.file} (${baseline.runs} ${baseline.runs === 1 ? 'run' : 'runs'}, ${baseline.common} of ${baseline.samples} samples)`;
  const ordered = [...results].sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
  return [
    `gate: ${verdict}, ${EXPLAINED[verdict]} · ${against}${scoreSet === null ? '' : ` · scores @${scoreSet}`}`,
    ...ordered.map((result) => `${nameOf(result).padEnd(14)} ${sentence(result)}`),
    ...worseLines(report),
    ...notes.map((note) => `note: ${note}`),
  ];
}

/** What was found and what to do. */
function sentence({ message, hint }: Pick<GateResult, 'message' | 'hint'>): string {
  return hint === undefined ? message : `${message} · ${hint}`;
}

function nameOf({ verdict, level }: GateResult): string {
  return verdict === 'pass' || level === 'error' ? verdict : `${verdict} (warn)`;
}

/** One line for each model that regressed. */
function worseLines({ worse, worseCounts }: GateReport): readonly string[] {
  return Object.entries(worseCounts).map(([model, count]) => {
    const own = worse.filter((sample) => sample.model === model).slice(0, MAX_NAMED);
    const list = own.map(({ sampleId, baseline, run }) => `${sampleId} (${shareText(baseline)} → ${shareText(run)})`);
    const more = count > own.length ? ` and ${count - own.length} more` : '';
    return `${model}: ${counted(count, 'sample is', 'samples are')} worse: ${list.join(', ')}${more}`;
  });
}
