/** Reads the journal of a run once into columns of numbers: scores, latencies, tokens and costs by model and sample. */

import { damageWarnings } from '../journal/journal-damage.ts';
import type { ByteRange } from '../journal/journal-line.ts';
import type { PreferenceLine } from '../journal/lines/preference-line.ts';
import { readUnder } from '../journal/result-thinking.ts';
import { type Progress, readProgress } from '../journal/resume.ts';
import type { RunDefinition } from '../plan/request-hash.ts';
import type { HumanAgreement, ModelInfo, RunInfo } from '../report.ts';
import { UNSCORED_HINT, unscoredText } from '../reporters/figures-for-people.ts';
import type { Result } from '../result.ts';
import { readResults } from '../summary/fold.ts';
import { createHumanAgreements } from '../summary/human-agreement.ts';
import { labelOf } from '../summary/human-label.ts';
import { isUnscored, scorersUsed, usedSet } from '../summary/score-sets.ts';
import { type CellColumns, createCellColumns } from './cell-columns.ts';
import { createSampleTable, type SampleTable } from './sample-table.ts';

/** The newest results of a run, as columns of numbers. */
export interface RunScores {
  readonly directory: string;
  readonly info: RunInfo;
  /** What was sent to which models; null when the lines that hold it are damaged. */
  readonly definition: RunDefinition | null;
  /** Name of the set of scores; `run` for those that the run made itself. */
  readonly scoreSet: string;
  /** Their scorers as JSON; null when the lines that hold them are damaged. */
  readonly scorers: string | null;
  readonly samples: SampleTable;
  /** In configuration order. */
  readonly models: readonly ModelScores[];
  /** How the scores agree with labels of people. */
  readonly agreements: readonly HumanAgreement[];
  /** A/B verdicts in its journal, also about answers of other runs. */
  readonly preferences: readonly PreferenceLine[];
  /** What is wrong with the journal, one sentence each. */
  readonly warnings: readonly string[];
}

/** One model of a run. */
export interface ModelScores extends CellColumns {
  readonly info: ModelInfo;
}

/**
 * With the scores of a set, by default the newest. Results of models and repeats that `run.json` does not name are left out.
 * Needs some 100 bytes for each cell.
 * @throws {InputError} for a set that the run does not have.
 */
export async function readRunScores(directory: string, info: RunInfo, set?: string): Promise<RunScores> {
  let columns = createColumns(info);
  let isLabelled = false;
  const { progress, scan } = await readProgress(directory, info.selection, {
    add: (result, line) => {
      columns.add(result, line);
      isLabelled ||= labelOf(result) !== null;
    },
    clear: () => {
      columns = createColumns(info);
    },
  });
  // Only a resumed run needs the set of finished cells: free its memory.
  progress.done.clear();
  const scoreSet = usedSet(progress.scoreSets, set, directory);
  const sets = progress.scoreSets.list();
  const isFirstReading = sets.length === 0 && !isLabelled;
  const scores = isFirstReading
    ? { columns, agreements: [], warnings: [] }
    : await readNewest(directory, info, progress, set);
  const made = sets.find((one) => one.info.name === scoreSet);
  const definition = progress.runDefinition;
  const scorers = made === undefined ? scorersOf(definition) : JSON.stringify(made.info.scorers);
  const warnings = [...damageWarnings(scan), ...scores.warnings];
  const facts = { directory, info, definition, scoreSet, scorers, agreements: scores.agreements };
  const preferences = progress.preferences.list();
  return { ...facts, ...scores.columns.finish(), preferences, warnings };
}

/**
 * Reads the results once more: the scores of a cell in a set are in another line than its answer, and only the newest result
 * of a cell is compared with its label.
 */
async function readNewest(directory: string, info: RunInfo, progress: Progress, set: string | undefined) {
  const columns = createColumns(info);
  const agreements = createHumanAgreements(info.models.map(({ id }) => id));
  const lines = progress.index.entries()[Symbol.iterator]();
  let unscored = 0;
  for await (const result of readResults(directory, progress, info, set)) {
    const line = lines.next();
    if (line.done !== true) columns.add(result, line.value);
    agreements.add(result);
    if (isUnscored(result)) unscored += 1;
  }
  const text = unscoredText({ used: usedSet(progress.scoreSets, set), unscored });
  const compared = agreements.list(scorersUsed(progress, set));
  return { columns, agreements: compared, warnings: text === null ? [] : [`${text} · ${UNSCORED_HINT}`] };
}

function scorersOf(definition: RunDefinition | null): string | null {
  return definition === null ? null : JSON.stringify(definition.scorers);
}

function createColumns({ models, repeat }: RunInfo) {
  const samples = createSampleTable();
  const repeats = Math.max(1, repeat);
  const byModel = new Map(models.map((info) => [info.id, { info, cells: createCellColumns(repeats) }]));
  return {
    add(result: Result, line: ByteRange) {
      const model = byModel.get(result.modelId);
      if (model === undefined || result.repeat >= repeats) return;
      model.cells.set(samples.add(result), readUnder(result, model.info.thinking), line);
    },
    finish(): Pick<RunScores, 'samples' | 'models'> {
      const table = samples.finish();
      return {
        samples: table,
        models: [...byModel.values()].map(({ info, cells }) => ({ ...cells.finish(table.count), info })),
      };
    },
  };
}
