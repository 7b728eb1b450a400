/** The figures of each model, one row each. */

import type { ModelDifference } from '../comparison-report.ts';
import {
  clusterNotes,
  cost,
  duration,
  NONE,
  percent,
  percentInterval,
  rateText,
  rtfxText,
  tallies,
} from '../reporters/figures-for-people.ts';
import type { PageHead, PageModel } from '../reporters/html/page-data.ts';
import type { OverviewFigure, ScorerFigure } from '../reporters/overview.ts';
import { ModelName, seriesClass } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { firstLine, visibleText } from './visible-text.ts';

/** More scorers have a table of their own: otherwise cost and latency would be out of sight. */
const MAX_IN_TABLE = 2;

export function SummaryTable({ head }: { readonly head: PageHead }) {
  const { models, comparison } = head;
  const isScored = models.some(({ score, scoreAll }) => score.value !== null || scoreAll.value !== null);
  const isHeard = models.every(({ rtfx }) => rtfx !== null);
  const names = scorerNames(models);
  const inTable = names.length > MAX_IN_TABLE ? [] : names;
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
              {inTable.map((name) => (
                <ScorerHead key={name} name={name} models={models} />
              ))}
              {comparison !== null && <th scope="col">Difference</th>}
              {comparison !== null && <th scope="col">Better / worse</th>}
              {comparison !== null && <th scope="col">p</th>}
              <th scope="col">Latency</th>
              {isHeard && <th scope="col">rtfx</th>}
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
                {inTable.map((name) => (
                  <ScorerCell key={name} score={model.scores.find((one) => one.name === name)} />
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
                {isHeard && <td>{rtfxText(model.rtfx)}</td>}
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
      {names.length > MAX_IN_TABLE && <ScorerTable models={models} names={names} />}
      <Explained models={models} isScored={isScored} method={comparison?.method} />
      {isHeard && <p class="small muted">rtfx is seconds of sound for each second of latency: higher is faster.</p>}
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
  const hasRates = models.some(({ scores }) => scores.some(({ errorRate }) => errorRate !== null));
  return (
    <>
      {troubles.length > 0 && <p class="small">{visibleText(troubles.join(' · '))}</p>}
      {clusterNotes(models).map((note) => (
        <p key={note} class="small">
          {visibleText(note)}
        </p>
      ))}
      {isScored && (
        <p class="small muted">
          Score is over answered samples; in All, refused, filtered, truncated and unparsed answers count 0. Failures
          are missing, not wrong answers.{' '}
          {hasRates && 'Figures with ↓ are error rates of all answers together: lower is better. '}
          {method}
        </p>
      )}
    </>
  );
}

/** Scorers that say more than the score: several, or those with a figure of their own. */
function scorerNames(models: readonly PageModel[]): readonly string[] {
  const names = [...new Set(models.flatMap(({ scores }) => scores.map(({ name }) => name)))].sort();
  const hasOwn = models.some(({ scores }) => scores.some(({ raw, macroF1 }) => raw !== null || macroF1 !== null));
  return names.length > 1 || hasOwn ? names : [];
}

function isRate(models: readonly PageModel[], name: string): boolean {
  return models.some(({ scores }) => scores.some((score) => score.name === name && score.errorRate !== null));
}

function ScorerTable({ models, names }: { readonly models: readonly PageModel[]; readonly names: readonly string[] }) {
  return (
    <ScrollRegion label="Scores by scorer">
      <table class="summary">
        <thead>
          <tr>
            <th scope="col">Scorers</th>
            {names.map((name) => (
              <ScorerHead key={name} name={name} models={models} />
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map((model, index) => (
            <tr key={model.id}>
              <th scope="row">
                <ModelName index={index} id={model.id} />
              </th>
              {names.map((name) => (
                <ScorerCell key={name} score={model.scores.find((one) => one.name === name)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function ScorerHead({ name, models }: { readonly name: string; readonly models: readonly PageModel[] }) {
  return (
    <th scope="col">
      {firstLine(name, 40)}
      {isRate(models, name) && <LowerIsBetter />}
    </th>
  );
}

function LowerIsBetter() {
  return (
    <>
      {' '}
      <span aria-hidden="true" title="lower is better">
        ↓
      </span>
      <span class="hidden">lower is better</span>
    </>
  );
}

/** An error rate as one, other scores as shares; below it the figure of the whole corpus, which is no mean of samples. */
function ScorerCell({ score }: { readonly score: ScorerFigure | undefined }) {
  if (score === undefined) return <td>{NONE}</td>;
  const { figure, raw, errorRate, macroF1 } = score;
  if (errorRate !== null) {
    return (
      <td>
        {rateText(errorRate.value)}
        <span class="below">{percentInterval(errorRate)}</span>
      </td>
    );
  }
  return (
    <td>
      {percent(figure.value)}
      {raw === null && macroF1 === null && <span class="below">{percentInterval(figure)}</span>}
      {raw !== null && <span class="below">corpus {raw.toFixed(3)}</span>}
      {macroF1 !== null && <span class="below">macro F1 {percent(macroF1)}</span>}
    </td>
  );
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
