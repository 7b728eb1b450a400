/** The figures of each model, one row each. */

import type { ModelDifference } from '../report.ts';
import { cost, duration, NONE, percent, percentInterval, tallies } from '../reporters/figures-for-people.ts';
import type { PageHead, PageModel } from '../reporters/html/page-data.ts';
import type { OverviewFigure } from '../reporters/overview.ts';
import { ModelName, seriesClass } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';

export function SummaryTable({ head }: { readonly head: PageHead }) {
  const { models, comparison } = head;
  const isScored = models.some(({ score, scoreAll }) => score.value !== null || scoreAll.value !== null);
  const names = scorerNames(models);
  return (
    <section aria-labelledby="summary-title">
      <h2 id="summary-title">Summary</h2>
      <ScrollRegion label="Summary table">
        <table class="summary">
          <thead>
            <tr>
              <th scope="col">Model</th>
              {isScored && <th scope="col">Score</th>}
              {isScored && <th scope="col">95 % interval</th>}
              {isScored && <th scope="col">All</th>}
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {comparison !== null && <th scope="col">Difference</th>}
              {comparison !== null && <th scope="col">Better / worse</th>}
              {comparison !== null && <th scope="col">p</th>}
              <th scope="col">Latency</th>
              <th scope="col">Tokens in → out</th>
              <th scope="col">Cost</th>
              <th scope="col">Cells</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model, index) => (
              <tr key={model.id}>
                <th scope="row">
                  <ModelName index={index} id={model.id} />
                </th>
                {isScored && <td class="strong">{percent(model.score.value)}</td>}
                {isScored && (
                  <td>
                    <IntervalBar figure={model.score} index={index} />{' '}
                    <span class="below">{percentInterval(model.score)}</span>
                  </td>
                )}
                {isScored && <td>{percent(model.scoreAll.value)}</td>}
                {names.map((name) => (
                  <td key={name}>
                    {scorerText(model, name)}
                    <span class="below">{rawText(model, name)}</span>
                  </td>
                ))}
                {comparison !== null && (
                  <Differences
                    difference={comparison.differences.find((one) => one.model === model.id)}
                    isBase={comparison.differences.some(({ base }) => base === model.id)}
                  />
                )}
                <td>
                  {duration(model.p50Ms)}
                  <span class="below">p95 {duration(model.p95Ms)}</span>
                </td>
                <td>{tokenText(model)}</td>
                <td>{cost(model)}</td>
                <td>
                  {model.completed.toLocaleString('en')}
                  {model.failed > 0 && <span class="below alert">{model.failed.toLocaleString('en')} failed</span>}
                  {model.skipped > 0 && <span class="below">{model.skipped.toLocaleString('en')} skipped</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <Explained models={models} isScored={isScored} method={comparison?.method} />
    </section>
  );
}

function Explained(props: {
  readonly models: readonly PageModel[];
  readonly isScored: boolean;
  readonly method: string | undefined;
}) {
  const { models, isScored, method } = props;
  const troubles = models.flatMap(({ id, outcomes, failures }) => {
    const all = [...failures, ...outcomes];
    return all.length === 0 ? [] : [`${id}: ${tallies(all)}`];
  });
  return (
    <>
      {troubles.length > 0 && <p class="small">{troubles.join(' · ')}</p>}
      {isScored && (
        <p class="small muted">
          Score is over answered samples; in All, refused, filtered, truncated and unparsed answers count 0. Failures
          are missing, not wrong answers. {method}
        </p>
      )}
    </>
  );
}

/** Scorers that say more than the score: several, or those with a figure of their own. */
function scorerNames(models: readonly PageModel[]): readonly string[] {
  const names = [...new Set(models.flatMap(({ scores }) => scores.map(({ name }) => name)))].sort();
  const hasRaw = models.some(({ scores }) => scores.some(({ raw }) => raw !== null));
  return names.length > 1 || hasRaw ? names : [];
}

function scorerText({ scores }: PageModel, name: string): string {
  const score = scores.find((one) => one.name === name);
  if (score === undefined || score.figure.value === null) return NONE;
  return percent(score.figure.value);
}

/** The figure of the metric in its own unit; empty where it has none. */
function rawText({ scores }: PageModel, name: string): string {
  const raw = scores.find((one) => one.name === name)?.raw ?? null;
  return raw === null ? '' : `raw ${raw.toFixed(3)}`;
}

function tokenText({ promptTokens, completionTokens }: PageModel): string {
  const rounded = (mean: number | null) => (mean === null ? NONE : Math.round(mean).toLocaleString('en'));
  return `${rounded(promptTokens)} → ${rounded(completionTokens)}`;
}

function Differences({
  difference,
  isBase,
}: {
  readonly difference: ModelDifference | undefined;
  readonly isBase: boolean;
}) {
  if (isBase) {
    return (
      <>
        <td class="muted">base</td>
        <td />
        <td />
      </>
    );
  }
  if (difference === undefined || difference.difference === null) return <td colSpan={3}>{NONE}</td>;
  const points = (share: number) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)}`;
  const { low, high, better, worse, pAdjusted } = difference;
  return (
    <>
      <td class="strong">
        {points(difference.difference)}
        {low !== null && high !== null && (
          <span class="below">
            [{points(low)}, {points(high)}]
          </span>
        )}
      </td>
      <td>
        {better} / {worse}
      </td>
      <td>{pAdjusted === null ? NONE : pAdjusted < 0.001 ? '< 0.001' : pAdjusted.toFixed(3)}</td>
    </>
  );
}

const BAR_WIDTH = 96;

/** A score on the line from 0 to 1, with its interval. */
function IntervalBar({ figure, index }: { readonly figure: OverviewFigure; readonly index: number }) {
  if (figure.value === null) return null;
  const at = (share: number) => 2 + Math.min(1, Math.max(0, share)) * (BAR_WIDTH - 4);
  return (
    <svg class={`bar ${seriesClass(index)}`} width={BAR_WIDTH} height="14" aria-hidden="true">
      <rect class="track" x="0" y="5" width={BAR_WIDTH} height="4" rx="2" />
      {figure.low !== null && figure.high !== null && (
        <rect
          x={at(figure.low)}
          y="4"
          width={at(figure.high) - at(figure.low)}
          height="6"
          rx="2"
          fill="currentColor"
          opacity="0.55"
        />
      )}
      <rect x={at(figure.value) - 1.5} y="0" width="3" height="14" rx="1" fill="currentColor" />
    </svg>
  );
}
