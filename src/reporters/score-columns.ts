/** The columns of `results.csv` that say how a cell was scored: the run's own, then those of each further set of scores. */

import { ERROR_RATES, MAX_REASON, RUN_SET, type RunReport } from '../report.ts';
import type { CellScores, Result, Score } from '../result.ts';
import { cutText } from '../text/cut-text.ts';
import { type Column, writeTargets } from './column.ts';

type Scored = Pick<CellScores, 'outcome' | 'score' | 'scores'>;

/** One set of scores: what its columns end in, its scorers, and how to find it in a result. */
interface ColumnSet {
  readonly suffix: string;
  readonly names: readonly string[];
  readonly of: (result: Result) => Scored;
  readonly targetOf: (result: Result) => CellScores['target'];
}

type Units = ReadonlyMap<string, string>;

/** `target`, before the columns of the answer's end. */
export function targetColumn(): Column<Result> {
  return targetOfSet(ownSet([]));
}

/** `outcome`, `score`, `score.<name>` and the parts of error rates; then the same as `...@<set>` for each further set. */
export function scoreColumns({
  scorers,
  scoreSets,
  units = new Map(),
}: Pick<RunReport, 'scorers' | 'scoreSets' | 'units'>): readonly Column<Result>[] {
  const [own, ...more] = scoreSets?.all ?? [];
  const sets = more.map(({ name, names }) => columnSet(`@${name}`, names, name));
  return [
    ...columnsOf(ownSet(own?.names ?? scorers), units),
    ...sets.flatMap((set) => [targetOfSet(set), ...columnsOf(set, units)]),
  ];
}

function ownSet(names: readonly string[]): ColumnSet {
  return columnSet('', names, RUN_SET);
}

/** A result without sets has the run's own scores itself. */
function columnSet(suffix: string, names: readonly string[], name: string): ColumnSet {
  const scoresOf = (result: Result) => result.scoreSets?.find(({ set }) => set === name);
  return {
    suffix,
    names,
    of: (result) => scoresOf(result) ?? result,
    targetOf: (result) => (scoresOf(result) ?? result.sample).target,
  };
}

function targetOfSet({ suffix, targetOf }: ColumnSet): Column<Result> {
  return {
    name: `target${suffix}`,
    type: 'string',
    description: 'Acceptable answer; several as a JSON list',
    cell: (result) => writeTargets(targetOf(result)),
  };
}

function columnsOf({ suffix, names, of }: ColumnSet, units: Units): readonly Column<Result>[] {
  return [
    {
      name: `outcome${suffix}`,
      type: 'string',
      description: 'What the model did: answered, refused, filtered, truncated or unparsed',
      cell: (result) => of(result).outcome,
    },
    {
      name: `score${suffix}`,
      type: 'number',
      description: 'Weighted mean of the scores, 0 to 1, higher is better',
      cell: (result) => of(result).score,
    },
    ...names.flatMap((name) =>
      figuresOf(name, units.get(name) ?? '').map(
        ({ column, description, figure }): Column<Result> => ({
          name: `score.${name}${column}${suffix}`,
          type: 'number',
          description,
          cell(result) {
            const score = of(result).scores.find(({ scorer }) => scorer === name);
            return score === undefined ? null : figure(score);
          },
        }),
      ),
    ),
    ...(names.some((name) => units.get(name) === 'grade') ? judgeColumns(suffix, of) : []),
  ];
}

/** What the judges of a cell took, which is never a part of what its model took. */
function judgeColumns(suffix: string, of: ColumnSet['of']): readonly Column<Result>[] {
  const sumOf = (member: 'promptTokens' | 'completionTokens' | 'costUsd') => (result: Result) => {
    const figures = of(result).scores.flatMap(({ judgeCalls = [] }) => judgeCalls.map((call) => call[member]));
    const known = figures.filter((figure) => figure !== null);
    return known.length === 0 || known.length < figures.length ? null : known.reduce((sum, one) => sum + one, 0);
  };
  const textOf = (member: 'servedModel' | 'promptHash' | 'failure') => (result: Result) => {
    const texts = of(result).scores.flatMap(({ judgeCalls = [] }) => judgeCalls.map((call) => call[member] ?? null));
    const known = [...new Set(texts.filter((text) => text !== null))];
    return known.length === 0 ? null : known.join('|');
  };
  const reasons = (result: Result) =>
    of(result).scores.find(({ judgeCalls, explanation }) => judgeCalls !== undefined && explanation !== undefined)
      ?.explanation ?? null;
  return [
    {
      name: `judge_cost_usd${suffix}`,
      type: 'number',
      unit: 'USD',
      description: 'Price of the judgements; empty when unpriced, 0 when another cell with the same answer has it',
      cell: sumOf('costUsd'),
    },
    {
      name: `judge_prompt_tokens${suffix}`,
      type: 'integer',
      description: 'Prompt tokens of the judgements',
      cell: sumOf('promptTokens'),
    },
    {
      name: `judge_completion_tokens${suffix}`,
      type: 'integer',
      description: 'Completion tokens of the judgements',
      cell: sumOf('completionTokens'),
    },
    {
      name: `judge_failure${suffix}`,
      type: 'string',
      description: 'Why a judge did not reply',
      cell: textOf('failure'),
    },
    {
      name: `judge_served_model${suffix}`,
      type: 'string',
      description: 'What the endpoint of the judge called itself',
      cell: textOf('servedModel'),
    },
    {
      name: `judge_prompt_hash${suffix}`,
      type: 'string',
      description: 'Hash of the rubric and the grades',
      cell: textOf('promptHash'),
    },
    {
      name: `judge_reasons${suffix}`,
      type: 'string',
      description: 'Grade and reasons of the judge, or why the answer is unscored; at most 300 characters',
      cell: (result) => {
        const text = reasons(result);
        return text === null ? null : cutText(text, MAX_REASON);
      },
    },
  ];
}

interface FigureColumn {
  /** What follows the name of the scorer. */
  readonly column: string;
  readonly description: string;
  readonly figure: (score: Score) => number | null;
}

/** The value of a score; of an error rate also the rate itself and its counts. */
function figuresOf(name: string, unit: string): readonly FigureColumn[] {
  const value = {
    column: '',
    description: `Score of ${name}, 0 to 1, higher is better`,
    figure: (score: Score) => score.value,
  };
  if (!ERROR_RATES.includes(unit)) return [value];
  return [
    value,
    {
      column: '.raw',
      description: `The ${unit} itself, lower is better; it can be above 1`,
      figure: ({ raw }) => raw,
    },
    ...Object.entries(COUNTS[unit] ?? COUNTS_OF_WORDS).map(([column, count]) => ({
      column: `.${column}`,
      description: `Number of ${column}`,
      figure: ({ counts }: Score) => counts?.[count] ?? null,
    })),
  ];
}

/** Columns of an error rate by the names of its counts. */
const COUNTS_OF_WORDS = {
  substitutions: 'substitutions',
  deletions: 'deletions',
  insertions: 'insertions',
  words: 'reference',
};
const COUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cer: {
    substitutions: 'substitutions',
    deletions: 'deletions',
    insertions: 'insertions',
    characters: 'reference',
  },
  ter: { edits: 'edits', words: 'reference' },
};

/** `@<set>` after the names of figures of the set in use; empty when the run has only its own scores. */
export function setSuffix({ scoreSets }: Pick<RunReport, 'scoreSets'>): string {
  return scoreSets === undefined || scoreSets.used === RUN_SET ? '' : `@${scoreSets.used}`;
}
