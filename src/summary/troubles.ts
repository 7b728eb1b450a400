/** Checks whether a run can be judged: missing answers are reported before any score. */

import { DEFAULTS } from '../config/defaults.ts';
import { isRetriedOnResume } from '../limits/retry.ts';
import type { RunReport } from '../report.ts';
import { FAILURE_KINDS } from '../result.ts';
import { counted } from '../text/counted.ts';
import { isRecord } from '../text/is-record.ts';

/** Failures that the model caused: these are outcomes, not missing answers. */
const OUTCOMES = ['failed.content_filter'];

/** One sentence for each model with too many missing answers; empty = the run can be judged. */
export function troubles(report: Pick<RunReport, 'run' | 'summary'>, maxErrorRate: number): readonly string[] {
  const lines: string[] = [];
  for (const { id } of report.run.models) {
    const rows = report.summary.filter((row) => row.model === id && row.slice === 'all');
    const count = (metric: string) => rows.find((row) => row.metric === metric)?.value ?? 0;
    const finished = count('completed') + count('failed');
    const outcomes = OUTCOMES.reduce((sum, metric) => sum + count(metric), 0);
    const missing = count('failed') - outcomes;
    const kinds = rows
      .filter((row) => row.metric.startsWith('failed.') && !OUTCOMES.includes(row.metric))
      .map(({ metric, value }) => ({ kind: metric.slice('failed.'.length), value }));
    const byKind = kinds.map(({ kind, value }) => `${value} ${kind}`).join(', ');
    const again = resumeOptions(kinds.flatMap(({ kind, value }) => (value === 0 ? [] : [kind])));
    const overBudget = count('skipped.budget');
    if (overBudget > 0) {
      lines.push(
        `${id}: the budget was reached, ${counted(overBudget, 'cell was', 'cells were')} not sent · raise --max-cost, then continue with --resume`,
      );
    } else if (count('failed.auth') > 0) {
      lines.push(
        `${id}: authentication failed (${byKind}) · check its key, role and endpoint, then continue with --resume`,
      );
    } else if (missing > maxErrorRate * finished) {
      const share = ((100 * missing) / finished).toFixed(1);
      lines.push(
        `${id}: ${missing} of ${finished} answers are missing, ${share} % (${byKind}) · scores cannot be compared; ${again} asks for them again`,
      );
    }
  }
  return lines;
}

/** The limit that a run was made with, by its configuration as `run.json` has it. */
export function maxErrorRateOf(config: unknown): number {
  const rate = isRecord(config) ? config['maxErrorRate'] : undefined;
  return typeof rate === 'number' ? rate : DEFAULTS.maxErrorRate;
}

/** The options that ask again for answers missing for these reasons. A plain resume leaves final failures, such as `bad_request`. */
export function resumeOptions(kinds: Iterable<string>): string {
  const missing = new Set(kinds);
  const isFinal = FAILURE_KINDS.some((kind) => missing.has(kind) && !isRetriedOnResume(kind));
  return isFinal ? '--resume with --again failed' : '--resume';
}
