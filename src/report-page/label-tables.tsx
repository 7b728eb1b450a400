/** Scorers of labels: precision, recall and F1 of each label, and which label was answered for which. */

import { percent } from '../reporters/figures-for-people.ts';
import type { PageHead, PageLabels } from '../reporters/html/page-data.ts';
import { counted } from '../text/counted.ts';
import { ModelName } from './model-name.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { firstLine } from './visible-text.ts';

/** Characters of a label. */
const MAX_LABEL = 30;

/** Tables that are open from the start. */
const MAX_OPEN = 4;

export function LabelTables({ head }: { readonly head: PageHead }) {
  const { labels, models } = head;
  if (labels.length === 0) return null;
  const scorers = [...new Set(labels.map(({ scorer }) => scorer))];
  return (
    <details class="slices" open={labels.length <= MAX_OPEN}>
      <summary>
        <h2>By label</h2> <span class="muted">{scorers.map((scorer) => firstLine(scorer, 40)).join(', ')}</span>
      </summary>
      <div class="labels">
        {byScorer(labels, scorers).map((one) => (
          <ModelLabels
            key={`${one.scorer} ${one.model}`}
            labels={one}
            index={Math.max(
              0,
              models.findIndex(({ id }) => id === one.model),
            )}
            isNamed={scorers.length > 1}
          />
        ))}
      </div>
    </details>
  );
}

/** The models side by side. */
function byScorer(labels: readonly PageLabels[], scorers: readonly string[]): readonly PageLabels[] {
  return scorers.flatMap((scorer) => labels.filter((one) => one.scorer === scorer));
}

interface ModelLabelsProps {
  readonly labels: PageLabels;
  readonly index: number;
  readonly isNamed: boolean;
}

function ModelLabels({ labels, index, isNamed }: ModelLabelsProps) {
  const { model, scorer, macroF1, unread, more, mistakes } = labels;
  return (
    <section class="chart" aria-label={`Labels of ${firstLine(scorer, 40)}: ${firstLine(model, 60)}`}>
      <h3>
        <ModelName index={index} id={model} />
        {isNamed && <span class="muted"> {firstLine(scorer, 40)}</span>}
      </h3>
      <p class="small">
        <strong>Macro F1 {percent(macroF1)}</strong>
        {unread > 0 && ` · ${counted(unread, 'answer')} could not be read`}
      </p>
      <Figures labels={labels} />
      {more > 0 && <p class="small muted">{more} more labels are in report.json.</p>}
      {labels.matrix.length > 0 ? (
        <Matrix labels={labels} />
      ) : (
        mistakes.length > 0 && (
          <p class="small">
            {mistakes.map(({ target, answer, count }) => (
              <span key={`${target}\n${answer}`} class="pair">
                <bdi>{firstLine(target, MAX_LABEL)}</bdi> → <Answer label={answer} />
                {count > 1 && <span class="muted"> ×{count}</span>}
              </span>
            ))}
          </p>
        )
      )}
    </section>
  );
}

/** An empty label could not be read. */
function Answer({ label }: { readonly label: string }) {
  return label === '' ? <em>not read</em> : <bdi>{firstLine(label, MAX_LABEL)}</bdi>;
}

function Figures({ labels: { model, classes } }: { readonly labels: PageLabels }) {
  return (
    <ScrollRegion label={`Figures by label: ${firstLine(model, 60)}`}>
      <table class="small">
        <thead>
          <tr>
            {['Label', 'Targets', 'Answers', 'Right', 'Precision', 'Recall', 'F1'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map(({ label, targets, answers, right, precision, recall, f1 }) => (
            <tr key={label}>
              <th scope="row">
                <bdi>{firstLine(label, MAX_LABEL)}</bdi>
              </th>
              <td>{targets.toLocaleString('en')}</td>
              <td>{answers.toLocaleString('en')}</td>
              <td>{right.toLocaleString('en')}</td>
              <td>{percent(precision)}</td>
              <td>{percent(recall)}</td>
              <td>{percent(f1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** A row for each label that is a target, a column for each one that was answered; the numbers say what the colours do. */
function Matrix({ labels: { model, classes, matrix, unread } }: { readonly labels: PageLabels }) {
  const all = classes.map(({ label }) => label);
  const columns = unread > 0 ? [...all, ''] : all;
  const countOf = (target: string, answer: string) =>
    matrix.find((cell) => cell.target === target && cell.answer === answer)?.count ?? 0;
  return (
    <ScrollRegion label={`Confusion matrix: ${firstLine(model, 60)}`}>
      <p class="small muted">Confusion matrix: targets down, answers across</p>
      <table class="small matrix">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">target</span>
            </th>
            {columns.map((label) => (
              <th key={label} scope="col">
                <Answer label={label} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes
            .filter(({ targets }) => targets > 0)
            .map(({ label, targets }) => (
              <tr key={label}>
                <th scope="row">
                  <bdi>{firstLine(label, MAX_LABEL)}</bdi>
                </th>
                {columns.map((answer) => {
                  const count = countOf(label, answer);
                  return (
                    <td key={answer} class={matrixClass(count / targets, label === answer)}>
                      {count === 0 ? <span class="muted">0</span> : count.toLocaleString('en')}
                    </td>
                  );
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** The stronger, the larger the share of the targets of the row. */
function matrixClass(share: number, isRight: boolean): string {
  if (share === 0) return '';
  const step = share > 0.6 ? 2 : share > 0.25 ? 1 : 0;
  return isRight ? `heat-${3 + step}` : `heat-${2 - step}`;
}
