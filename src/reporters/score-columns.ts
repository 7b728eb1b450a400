/** The columns of `results.csv` that say how a cell was scored: the run's own, then those of each further set of scores. */

import { RUN_SET, type RunReport } from '../report.ts';
import type { CellScores, Result } from '../result.ts';
import { type Column, writeTargets } from './column.ts';

type Scored = Pick<CellScores, 'target' | 'outcome' | 'score' | 'scores'>;
type Set = readonly [suffix: string, names: readonly string[], of: (result: Result) => Scored];

/** `target`, before the columns of the answer's end. */
export function targetColumn(): Column<Result> {
  return target('', ownScores);
}

/** `outcome`, `score` and `score.<name>`; then the same as `...@<set>` for each further set. */
export function scoreColumns({
  scorers,
  scoreSets,
}: Pick<RunReport, 'scorers' | 'scoreSets'>): readonly Column<Result>[] {
  const [own, ...more] = scoreSets?.all ?? [];
  const sets = more.map(({ name, names }): Set => [`@${name}`, names, scoresOf(name)]);
  return [
    ...columnsOf(['', own?.names ?? scorers, ownScores]),
    ...sets.flatMap((set) => [target(set[0], set[2]), ...columnsOf(set)]),
  ];
}

function ownScores(result: Result): Scored {
  return scoresOf(RUN_SET)(result);
}

function scoresOf(name: string): (result: Result) => Scored {
  return (result) => result.scoreSets?.find(({ set }) => set === name) ?? { ...result, target: result.sample.target };
}

function target(suffix: string, of: (result: Result) => Scored): Column<Result> {
  return {
    name: `target${suffix}`,
    type: 'string',
    description: 'Acceptable answer; several as a JSON list',
    cell: (result) => writeTargets(of(result).target),
  };
}

function columnsOf([suffix, names, of]: Set): readonly Column<Result>[] {
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
    ...names.map(
      (name): Column<Result> => ({
        name: `score.${name}${suffix}`,
        type: 'number',
        description: `Score of ${name}, 0 to 1, higher is better`,
        cell: (result) => of(result).scores.find(({ scorer }) => scorer === name)?.value ?? null,
      }),
    ),
  ];
}

/** `@<set>` after the names of figures of the set in use; empty when the run has only its own scores. */
export function setSuffix({ scoreSets }: Pick<RunReport, 'scoreSets'>): string {
  return scoreSets === undefined || scoreSets.used === RUN_SET ? '' : `@${scoreSets.used}`;
}
