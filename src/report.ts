/** What reporters are given and what they make. */

import type { Result } from './result.ts';

/** What a model of a run is, without secrets. */
export interface ModelInfo {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
}

/** One execution, as `run.json` holds it. */
export interface RunInfo {
  readonly format: 'earsight-run';
  readonly formatVersion: 1;
  readonly runId: string;
  readonly name: string;
  readonly earsightVersion: string;
  readonly nodeVersion: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** null while running or after a crash. */
  readonly finishedAt: string | null;
  /** Summed over resumes. */
  readonly wallMs: number;
  readonly dataset: { readonly path: string; readonly sha256: string; readonly samples: number };
  readonly models: readonly ModelInfo[];
  readonly repeat: number;
  /** Id of the run whose answers, latencies and usage these are; absent = the models were asked. */
  readonly replayOf?: string;
  readonly counts: {
    readonly completed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly missing: number;
  };
  /** What the command line chose, so that a resumed run chooses the same. */
  readonly selection: Readonly<Record<string, unknown>>;
  /** The configuration as written: secrets stay `${ENV}` references. */
  readonly config: unknown;
}

/** One figure: a row of `summary.csv`. */
export interface SummaryRow {
  readonly model: string;
  /** `all`, `meta.<key>=<value>` or `tag=<tag>`. */
  readonly slice: string;
  readonly metric: string;
  /** Cells (or samples, for scores) behind the figure. */
  readonly n: number;
  readonly value: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Empty without an interval. */
  readonly ciMethod: string;
  /** Cells without this measurement. */
  readonly missing: number;
}

/** What reporters see: finished numbers, nothing to compute. Results are streamed in manifest order, then configuration order. */
export interface RunReport {
  readonly run: RunInfo;
  /** Names of the scorers that stand in the results, sorted. */
  readonly scorers: readonly string[];
  /** Keys of `meta.*`, sorted. */
  readonly metadataKeys: readonly string[];
  readonly summary: readonly SummaryRow[];
  results(): AsyncIterable<Result>;
  /** The same results, those of one sample together. */
  samples(): AsyncIterable<readonly Result[]>;
}

/** A file that a reporter makes; the caller writes it to a temporary name and renames it. */
export interface ReportFile {
  readonly name: string;
  readonly content: AsyncIterable<string> | Iterable<string>;
}

/** An output format: pure, it reads no file, no clock and no terminal. */
export interface Reporter {
  /** One line for `--help` and the docs. */
  readonly description: string;
  files(report: RunReport): readonly ReportFile[];
}
