/** Compares scores with the labels that people gave to the same answers: raw agreement, and Cohen's kappa. */

import { type GrowingNumbers, growingNumbers } from '../collections/growing-numbers.ts';
import type { AgreementFigure, HumanAgreement, SummaryRow } from '../report.ts';
import type { Result, Score } from '../result.ts';
import { GRADES } from '../scorers/judge.ts';
import { scoreName } from '../scorers/registry.ts';
import { cohenKappa } from '../stats/agreement/kappa.ts';
import type { Estimate } from '../stats/estimate.ts';
import { estimateScore } from '../stats/mean.ts';
import { sum } from '../stats/sum.ts';
import { isRecord } from '../text/is-record.ts';
import type { ScorerConfig } from '../types.ts';
import { HUMAN, type HumanLabel, labelOf, readLabel } from './human-label.ts';
import { judgesOfScore } from './judge-agreement.ts';
import { ALL } from './slices.ts';
import { clusterOf } from './tally.ts';

export interface HumanAgreements {
  add(result: Result): void;
  /** In the order of the models; empty when no answer has a label. `scorers` have the grades of judges. */
  list(scorers: readonly ScorerConfig[]): readonly HumanAgreement[];
}

/** Different labels that are read; metadata with more are no labels. */
const MAX_LABELS = 1000;

/** From here on, a value is a pass. */
const PASS = 0.5;

/** Values that differ by less are the same grade: people write one third with a few digits. */
const GRADE_STEPS = 10_000;

interface Rater {
  readonly scorer: string;
  readonly judge: string | null;
  /** Whether its values are grades. */
  readonly isGrading: boolean;
}

/** What one rater says of the answers of one model; the columns have the answers with a label. */
interface Column {
  readonly rater: Rater;
  readonly labels: GrowingNumbers<Uint32ArrayConstructor>;
  /** NaN = no score. */
  readonly values: GrowingNumbers<Float64ArrayConstructor>;
  readonly clusters: GrowingNumbers<Uint32ArrayConstructor>;
  labelled: number;
  /** Scored answers without a label. */
  unlabelled: number;
}

export function createHumanAgreements(modelIds: readonly string[]): HumanAgreements {
  const models = new Map(modelIds.map((id) => [id, new Map<string, Column>()]));
  const labels = createNumbers(MAX_LABELS);
  const clusters = createNumbers(Number.POSITIVE_INFINITY);
  return {
    add(result) {
      const columns = models.get(result.modelId);
      if (columns === undefined || result.status !== 'completed') return;
      const text = labelOf(result);
      for (const { rater, value } of result.scores.flatMap(verdictsOf)) {
        const key = JSON.stringify([rater.scorer, rater.judge]);
        const column = columns.get(key) ?? createColumn(rater);
        columns.set(key, column);
        if (text === null) {
          column.unlabelled += value === null ? 0 : 1;
          continue;
        }
        column.labels.set(column.labelled, labels.of(text));
        column.values.set(column.labelled, value ?? Number.NaN);
        // Repeats of a sample are not independent, either.
        column.clusters.set(column.labelled, clusters.of(clusterOf(result) ?? `sample ${result.sampleIndex}`));
        column.labelled += 1;
      }
    },
    list(scorers) {
      const gradesOf = gradesUnder(scorers);
      return [...models].flatMap(([model, columns]) =>
        [...columns.values()]
          .filter(({ labelled }) => labelled > 0)
          .sort((a, b) => compare(nameOf(a.rater), nameOf(b.rater)))
          .map((column) => {
            const grades = gradesOf(column.rater);
            return agreementOf(
              model,
              column,
              labels.texts().map((text) => readLabel(text, grades)),
            );
          }),
      );
    },
  };
}

/** Numbers texts from 0; a text too many has the number `most`. */
function createNumbers(most: number) {
  const numbers = new Map<string, number>();
  return {
    texts: () => [...numbers.keys()],
    of(text: string): number {
      const number = numbers.get(text) ?? Math.min(numbers.size, most);
      if (number < most) numbers.set(text, number);
      return number;
    },
  };
}

function createColumn(rater: Rater): Column {
  return {
    rater,
    labels: growingNumbers(Uint32Array, 0),
    values: growingNumbers(Float64Array, Number.NaN),
    clusters: growingNumbers(Uint32Array, 0),
    labelled: 0,
    unlabelled: 0,
  };
}

interface Verdict {
  readonly rater: Rater;
  readonly value: number | null;
}

/** Of the score, and of each of several judges. */
function verdictsOf(score: Score): readonly Verdict[] {
  const { scorer, unit, value, raw } = score;
  if (scorer === HUMAN) return [];
  const isGrading = unit === 'grade';
  // A threshold turns the value of a grade into pass or fail; `raw` stays that of the grade.
  return [
    { rater: { scorer, judge: null, isGrading }, value: isGrading ? raw : value },
    ...[...judgesOfScore(score)].map(([judge, calls]) => ({
      rater: { scorer, judge, isGrading },
      value: meanOf(calls.map((call) => call.value ?? null)),
    })),
  ];
}

/** Over the turns of a conversation, as for the score; null = a turn has no verdict. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : sum(known) / known.length;
}

function nameOf({ scorer, judge }: Pick<Rater, 'scorer' | 'judge'>): string {
  return judge === null ? scorer : `${scorer}/${judge}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Of a judge its own grades; of other scorers those that judges have by default. */
function gradesUnder(scorers: readonly ScorerConfig[]) {
  const byName = new Map(scorers.map((scorer) => [scoreName(scorer), scorer['grades']]));
  return ({ scorer, isGrading }: Rater): Readonly<Record<string, number>> => {
    const own = isGrading ? byName.get(scorer) : undefined;
    if (!isRecord(own)) return GRADES;
    return Object.fromEntries(
      Object.entries(own).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  };
}

function agreementOf(model: string, column: Column, labels: readonly (HumanLabel | null)[]): HumanAgreement {
  const { rater, labelled, unlabelled } = column;
  const basis = rater.isGrading && labels.some((label) => label?.isPassOrFail === false) ? 'grades' : 'passes';
  const labelAs = (value: number) =>
    basis === 'grades' ? Math.round(value * GRADE_STEPS) / GRADE_STEPS : Number(value >= PASS);
  const people: number[] = [];
  const scores: number[] = [];
  const clusters: number[] = [];
  let [unread, unscored] = [0, 0];
  for (let at = 0; at < labelled; at += 1) {
    const label = labels[column.labels.get(at)] ?? null;
    const value = column.values.get(at);
    if (Number.isNaN(value)) unscored += 1;
    else if (label === null) unread += 1;
    else {
      people.push(labelAs(label.value));
      scores.push(labelAs(value));
      clusters.push(column.clusters.get(at));
    }
  }
  const same = people.map((label, at) => Number(label === scores[at]));
  return {
    ...{ model, scorer: rater.scorer, judge: rater.judge, basis, n: people.length },
    agreement: figureOf(estimateScore(same, clusters)),
    kappa: figureOf(cohenKappa(people, scores, clusters)),
    ...{ unlabelled, unread, unscored },
  };
}

function figureOf({ value, ciLow, ciHigh, ciMethod }: Estimate): AgreementFigure {
  return { value, ciLow, ciHigh, ciMethod };
}

/** `agreement.<scorer>` and `kappa.<scorer>` of `summary.csv`; with several judges also `agreement.<scorer>/<judge>`. */
export function agreementRows(agreement: HumanAgreement): readonly SummaryRow[] {
  const { model, n, unlabelled, unread } = agreement;
  const name = nameOf(agreement);
  const common = { model, slice: ALL, n, missing: unlabelled + unread };
  return [
    { ...common, metric: `agreement.${name}`, ...agreement.agreement },
    { ...common, metric: `kappa.${name}`, ...agreement.kappa },
  ];
}
