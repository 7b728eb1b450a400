/** A baseline as reports compare with it. */

import { baselineComparison } from '../compare/baseline-comparison.ts';
import { reportComparison } from '../compare/report-comparison.ts';
import { InputError } from '../errors.ts';
import type { ReportBaseline } from '../gate-report.ts';
import type { RunReport } from '../report.ts';
import { reportScorers } from './baseline.ts';
import { listProblems, type NamedBaseline } from './pair-samples.ts';
import { mean } from './values.ts';

/** Members of a report that compare its models: with a baseline each with itself, else all with the first one. */
export function comparisonOf(
  report: RunReport,
  directory: string,
  { baseline, set }: { readonly baseline: NamedBaseline | null; readonly set?: string | undefined },
): Pick<RunReport, 'comparison' | 'baseline'> {
  const amongModels = () => reportComparison(directory, report.run, set);
  if (baseline === null) return { comparison: amongModels };
  const shown = reportBaseline(baseline, report);
  return {
    baseline: shown,
    async comparison() {
      const [own, models] = [await baselineComparison(report, shown), await amongModels()];
      if (own === null || models === null) return own ?? models;
      // What is said of the variants of a model needs no baseline.
      const { verdict, method, differences } = own;
      return { ...models, verdict: [...verdict, ...models.verdict], method, differences };
    },
  };
}

/** @throws {InputError} when other scorers made its scores than those of the report. */
function reportBaseline(baseline: NamedBaseline, report: Pick<RunReport, 'run' | 'scoreSets'>): ReportBaseline {
  const problems = listProblems(baseline, reportScorers(report));
  if (problems.length > 0) throw new InputError(problems);
  const { file, samples } = baseline;
  return {
    file,
    scoreOf({ sampleId, sampleKey }, modelId) {
      const sample = samples.get(sampleId);
      return sample?.key === sampleKey ? mean(sample.models.get(modelId)?.values.get('score_all')) : null;
    },
  };
}
