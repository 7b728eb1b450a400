/** The charts of a run; those without figures are left out. */

import type { PageHead, PageTail } from '../../reporters/html/page-data.ts';
import type { StressCurve } from '../../stress-report.ts';
import { DifferenceChart } from './difference-chart.tsx';
import { EstimateChart } from './estimate-chart.tsx';
import { FrontierChart } from './frontier-chart.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { QualityChart } from './quality-chart.tsx';
import { StressChart } from './stress-chart.tsx';
import { TokenChart } from './token-chart.tsx';
import { WordErrorTable } from './word-errors.tsx';

export function Charts({ head, tail }: { readonly head: PageHead; readonly tail: PageTail }) {
  const stress = head.comparison?.stress ?? [];
  const steps = new Set(stress.flatMap((curve) => curve.steps.map(({ model }) => model)));
  return (
    <section class="charts" aria-label="Charts">
      <QualityChart models={head.models} hidden={steps} />
      {head.comparison !== null && <DifferenceChart models={head.models} comparison={head.comparison} />}
      {head.comparison?.frontiers?.map((frontier) => (
        <FrontierChart key={frontier.base} frontier={frontier} models={head.models} />
      ))}
      {byKind(stress).map(([kind, curves]) => (
        <StressChart key={kind} curves={curves} models={head.models} />
      ))}
      <LatencyChart models={head.models} hidden={steps} latencies={tail.latencies} />
      <TokenChart models={head.models} tokens={tail.tokens} />
      <EstimateChart models={head.models} />
      <WordErrorTable head={head} edits={tail.edits} />
    </section>
  );
}

/** The curves of all models by their kind of stress. */
function byKind(curves: readonly StressCurve[]): readonly (readonly [string, readonly StressCurve[]])[] {
  const kinds = [...new Set(curves.map(({ kind }) => kind))];
  return kinds.map((kind) => [kind, curves.filter((curve) => curve.kind === kind)]);
}
