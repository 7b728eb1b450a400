/** The charts of a run; those without figures are left out. */

import type { PageHead, PageTail } from '../../reporters/html/page-data.ts';
import { DifferenceChart } from './difference-chart.tsx';
import { EstimateChart } from './estimate-chart.tsx';
import { FrontierChart } from './frontier-chart.tsx';
import { LatencyChart } from './latency-chart.tsx';
import { QualityChart } from './quality-chart.tsx';
import { TokenChart } from './token-chart.tsx';
import { WordErrorTable } from './word-errors.tsx';

export function Charts({ head, tail }: { readonly head: PageHead; readonly tail: PageTail }) {
  return (
    <section class="charts" aria-label="Charts">
      <QualityChart models={head.models} />
      {head.comparison !== null && <DifferenceChart models={head.models} comparison={head.comparison} />}
      {head.comparison?.frontiers?.map((frontier) => (
        <FrontierChart key={frontier.base} frontier={frontier} models={head.models} />
      ))}
      <LatencyChart models={head.models} latencies={tail.latencies} />
      <TokenChart models={head.models} tokens={tail.tokens} />
      <EstimateChart models={head.models} />
      <WordErrorTable head={head} edits={tail.edits} />
    </section>
  );
}
