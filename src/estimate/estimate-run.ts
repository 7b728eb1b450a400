/** Estimates a whole run in one pass over its manifest; sends nothing and needs no keys. */

import { defined } from '../collections/defined.ts';
import { byPosition } from '../dataset/defect.ts';
import { formatProblem, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { createConversionCount } from '../plan/conversions.ts';
import type { PlannedSample } from '../plan/inspect.ts';
import { createPackageCheck } from '../plan/model-packages.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { inspectSetup, openSetup, type Setup } from '../plan/prepare.ts';
import type { ScoredAnswer } from '../plan/scored-answers.ts';
import type { Selection } from '../report.ts';
import type { CsvFormat } from '../reporters/csv-format.ts';
import { mediaFactsReader } from '../tokens/read-media-facts.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { createBatchEstimate } from './batch-estimate.ts';
import { type CellEstimate, estimateCell } from './estimate-cell.ts';
import { type ModelFacts, modelEstimates, type RunEstimate, totalCost } from './estimate-document.ts';
import { createAnsweredJudging, createJudgingEstimator } from './estimate-judging.ts';
import type { EstimateSources } from './estimate-sources.ts';
import { createEstimateSources } from './estimate-sources.ts';
import { createEstimateTotals, type ModelTotals } from './estimate-totals.ts';

/** A cell with the number of repeats that will be sent. */
export interface EstimatedCell {
  readonly cell: CellEstimate;
  readonly times: number;
}

type TimesOf = (request: PlannedRequest) => number;

/** Estimates sample by sample and adds up the totals. */
export interface RunEstimator {
  /**
   * Cells in configuration order; `timesOf` gives the number of repeats that are still to be sent, `judgedTimesOf` that of
   * those whose answers are still to be judged.
   */
  add(sample: PlannedSample, timesOf: TimesOf, judgedTimesOf?: TimesOf): Promise<readonly EstimatedCell[]>;
  /** Adds the questions about answers that are there, unless `isKnown` has their replies by the keys of their judgements. */
  addAnswered(sample: Sample, answers: readonly ScoredAnswer[], isKnown: (key: string) => boolean): Promise<void>;
  /** The totals of all samples so far. */
  estimate(): Pick<RunEstimate, 'calibrationFile' | 'models' | 'costUsd' | 'unpricedCells' | 'warnings' | 'problems'>;
}

/** Makes an estimator for the models of a setup and the judges of its scorers. */
export function createRunEstimator({ config, models, source }: Setup, sources: EstimateSources): RunEstimator {
  const { judges } = config;
  const totals = createEstimateTotals([...models, ...judges].map(({ id }) => id));
  const questionsOf = createJudgingEstimator(config, sources);
  const questionsAboutAnswers = createAnsweredJudging(config, sources);
  const problems: Problem[] = [];
  return {
    async addAnswered(sample, answers, isKnown) {
      await sources.begin(sample);
      for (const question of await questionsAboutAnswers(sample, answers, isKnown)) totals.add(question, 1);
    },
    async add({ sample, requests }, timesOf, judgedTimesOf = timesOf) {
      await sources.begin(sample);
      const questionsAbout = await questionsOf(sample);
      const cells: EstimatedCell[] = [];
      for (const request of requests) {
        const cell = await estimateCell(request, sources);
        const times = timesOf(request);
        totals.add(cell, times);
        for (const question of questionsAbout(cell)) totals.add(question, judgedTimesOf(request));
        cells.push({ cell, times });
      }
      // All models read the same media: report each problem once.
      const unusable = cells.flatMap(({ cell }) => (cell.status === 'unusable' ? [cell.reason] : []));
      for (const message of new Set(unusable))
        problems.push({ file: source.displayPath, line: sample.line, message, hint: 'repair or replace it' });
      return cells;
    },
    estimate() {
      const sums = totals.models();
      const isAsked = ({ id }: ModelConfig) => totalCells(sums.get(id)) > 0;
      const all = [...models, ...judges.filter(isAsked)];
      const estimates = modelEstimates(all, sums, (model) => ({
        ...factsOf(model, sources),
        ...(judges.includes(model) ? { role: 'judge' as const } : {}),
      }));
      return {
        calibrationFile: sources.calibrationFile,
        models: estimates,
        costUsd: totalCost(estimates),
        unpricedCells: estimates.reduce((sum, { unpricedCells }) => sum + unpricedCells, 0),
        warnings: [...sources.warnings, ...totals.warnings()],
        problems,
      };
    },
  };
}

function totalCells(totals: ModelTotals | undefined): number {
  return totals === undefined ? 0 : totals.cells + totals.skipped + totals.unusable;
}

function factsOf(model: ModelConfig, { earlierOf, calibrationOf }: EstimateSources): ModelFacts {
  const earlier = earlierOf(model);
  return {
    earlier: earlier === undefined ? null : { run: earlier.run, answers: earlier.answers, meanTokens: earlier.mean },
    calibration: calibrationOf(model)?.name ?? null,
  };
}

/** Receives each cell as soon as it is estimated, e.g. to write it to a file. */
export type CellSink = (
  cells: AsyncIterable<EstimatedCell>,
  inputs: EstimateInputs,
  format: CsvFormat,
) => Promise<void>;

/** Absolute paths of the files that an estimate reads. */
export interface EstimateInputs {
  readonly config: string;
  readonly manifest: string;
}

/**
 * Estimates what the selection would send. Samples that cannot be read and media that cannot be used are listed in
 * `problems`; the figures cover the other samples.
 * @param batch whether what can go by a batch API has the price of that.
 * @throws {InputError} when the configuration or the selection is wrong; the reason of `stop` after a stop.
 */
export async function estimateSelection(
  selection: Selection,
  io: Pick<Io, 'cwd' | 'env' | 'now' | 'allowCode' | 'config'> & Partial<Pick<Io, 'stop'>>,
  sink: CellSink = drain,
  { batch: isBatch = false }: { readonly batch?: boolean } = {},
): Promise<RunEstimate> {
  const setup = await openSetup(selection, io, { requireKeys: false, isOnlyPass: true });
  const inspection = inspectSetup(setup, selection);
  const batch = isBatch ? createBatchEstimate(setup.models) : null;
  const sources = { ...createEstimateSources(setup, io.cwd), ...defined({ byBatch: batch?.byBatch }) };
  const estimator = createRunEstimator(setup, sources);
  const packages = createPackageCheck(setup.models);
  const conversions = createConversionCount();
  const facts = mediaFactsReader();
  async function* cells() {
    for await (const sample of inspection.samples()) {
      io.stop?.throwIfAborted();
      if (sample.sample.broken !== undefined) continue;
      packages.look(sample.sample);
      await conversions.add(sample.requests, facts);
      const estimated = await estimator.add(sample, () => setup.repeat);
      for (const { cell, times } of estimated) batch?.add(cell, times);
      yield* estimated;
    }
  }
  await sink(cells(), { config: setup.config.path, manifest: setup.source.path }, setup.config.csv);
  const { sampleCount, datasetHash, warnings, problems } = inspection.findings();
  const estimate = estimator.estimate();
  return {
    dataset: { path: setup.source.displayPath, sha256: datasetHash, samples: sampleCount },
    repeat: setup.repeat,
    ...estimate,
    ...defined({ models: batch?.shares(estimate.models) }),
    warnings: [
      ...setup.notes(),
      ...packages.problems().map(formatProblem),
      ...warnings,
      ...conversions.sentences(),
      ...estimate.warnings,
      ...(batch?.sentences() ?? []),
    ],
    problems: [...problems, ...estimate.problems].sort(byPosition),
  };
}

async function drain(cells: AsyncIterable<EstimatedCell>): Promise<void> {
  for await (const _ of cells);
}
