/** The input and the output of reporters. */

import type { PreferenceFigures } from './agreement-report.ts';
import type { ReportComparison } from './comparison-report.ts';
import type { GateReport, ReportBaseline } from './gate-report.ts';
import type { MediumKind } from './modalities.ts';
import type { OptionalPackage } from './optional-package.ts';
import type { FailureKind, Result } from './result.ts';
import type { ReportMedia } from './shown-media.ts';
import type { StoppingInfo } from './stopping-report.ts';
import type { StressOf } from './stress-report.ts';
import type { ModelConfig, ThinkingSetting } from './types.ts';

/** A model of a run, without secrets. */
export interface ModelInfo {
  readonly id: string;
  readonly provider: string;
  readonly model: string;
  /** Of `provider: transcription`; absent = `openai`, or another provider. */
  readonly dialect?: string;
  /** Absent = `apart`. */
  readonly thinking?: ThinkingSetting;
  /** The step of a stress test that it gets; absent = media as its settings say. */
  readonly stress?: StressOf;
}

/** Which part of the configuration is used; a run writes it to `run.json`, and a resumed run reads it back. */
export interface Selection {
  /** Configuration file as the user wrote it; absent = found by name. */
  readonly config?: string;
  readonly dataset?: string;
  /** Name of the format that the manifest is written in; absent = found by the file. */
  readonly format?: string;
  /** Prompt of rows without their own; absent = that of the configuration. */
  readonly prompt?: string;
  /** Columns of the manifest under other names, as in `--map`; absent = those of the configuration. */
  readonly map?: string;
  /** Ids of the configuration, or `provider:model`. */
  readonly model?: readonly string[];
  /** The URL of models that are named as `provider:model`. */
  readonly endpoint?: string;
  readonly limit?: number;
  /** Draws the samples of `limit`, and is the seed of everything random in a run; absent = that of the configuration, and the first samples. */
  readonly seed?: number;
  readonly sample?: readonly string[];
  /** `i/n`, from 1. */
  readonly shard?: string;
  /** How the shard is cut, as `run.json` records it: by the hash of ids, or, in runs of earlier versions, by row. */
  readonly shardBy?: 'id' | 'row';
  readonly repeat?: number;
  /** Media that each model is also asked without, as in `--ablate`. */
  readonly ablate?: string;
  /** Leave samples with missing or broken media out; absent = as the configuration says. */
  readonly skipBroken?: boolean;
}

/** One run, as stored in `run.json`. */
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
  /** Sum over all resumes. */
  readonly wallMs: number;
  readonly dataset: {
    readonly path: string;
    readonly sha256: string;
    readonly samples: number;
    /** All rows of the manifest as written, of which a shard is a part; absent = not recorded. */
    readonly rows?: { readonly count: number; readonly sha256: string };
    /** Relative to the run's folder, or a URL without its query; absent = the folder of the manifest. */
    readonly mediaRoot?: string;
  };
  readonly models: readonly ModelInfo[];
  readonly repeat: number;
  /** Of samples without scorers of their own, with their versions; absent in runs of earlier versions. */
  readonly scorers?: readonly ScorerInfo[];
  /** Packages that change media before they are sent, with the versions of all executions; absent = none, or not recorded. */
  readonly codecs?: readonly string[];
  /** Id of the run that the answers, latencies and usage come from; absent = requests were sent to the models. */
  readonly replayOf?: string;
  /** Absent = every sample is asked. */
  readonly stopping?: StoppingInfo;
  /** Ids of the runs that it was merged from; absent = it asked itself. */
  readonly mergedFrom?: readonly string[];
  readonly counts: {
    readonly completed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly missing: number;
  };
  /** The selection on the command line, so that a resumed run uses the same. */
  readonly selection: Selection;
  /** The configuration as written: secrets stay `${ENV}` references. */
  readonly config: unknown;
}

/** One figure: a row of `summary.csv`. */
export interface SummaryRow {
  readonly model: string;
  /** `all`, `meta.<key>=<value>` or `tag=<tag>`. */
  readonly slice: string;
  readonly metric: string;
  /** Number of cells (for scores: samples) behind the figure. */
  readonly n: number;
  readonly value: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Empty without an interval. */
  readonly ciMethod: string;
  /** Cells without this measurement. */
  readonly missing: number;
}

/** Characters of a reason in tables, enough for an endpoint's sentence; the journal has it whole. */
export const MAX_REASON = 300;

/** Why cells of one model failed in one way. */
export interface FailureReason {
  readonly model: string;
  readonly kind: FailureKind;
  /** Failed cells of this kind. */
  readonly cells: number;
  /** The most frequent reason in the endpoint's or our own words, at most `MAX_REASON` characters; numbers may differ among cells. */
  readonly message: string;
  /** Cells with this reason. */
  readonly messageCells: number;
}

/** The name of the scores that a run made itself. */
export const RUN_SET = 'run';

/** One set of scores of a run. */
export interface ScoreSetInfo {
  readonly name: string;
  /** ISO 8601 UTC; null = while the run was running. */
  readonly scoredAt: string | null;
  /** Scorers of samples without their own, each with its version and options. */
  readonly scorers: readonly ScorerInfo[];
  /** Names of the scorers in its scores, sorted. */
  readonly names: readonly string[];
}

/** A scorer as it was used. */
export interface ScorerInfo {
  readonly name: string;
  readonly version: string;
  readonly [option: string]: unknown;
}

/** The sets of scores of a run that was scored again. */
export interface ScoreSets {
  /** Name of the set that `score`, the outcomes and the summary are of. */
  readonly used: string;
  /** The run's own first, then in the order in which they were made. */
  readonly all: readonly ScoreSetInfo[];
  /** Answers without scores in the set in use, though another set has some: they came later, or its manifest lacks them. */
  readonly unscored: number;
}

/** Units of error rates: lower is better, and the figure itself is what people know. */
export const ERROR_RATES: readonly string[] = ['wer', 'cer', 'mer', 'wil', 'ter'];

/** Confusions of each model and scorer that a report has. */
export const CONFUSIONS_SHOWN = 20;

/** A word of a reference that was transcribed as another one, summed over the run. */
export interface WordConfusion {
  readonly model: string;
  readonly scorer: string;
  /** null = the answer has a word too many. */
  readonly reference: string | null;
  /** null = the answer lacks the word. */
  readonly answer: string | null;
  readonly count: number;
}

/** One label of a scorer of labels. Counts are of cells with a target. */
export interface ClassFigures {
  readonly label: string;
  readonly targets: number;
  readonly answers: number;
  readonly right: number;
  /** null = it was never answered. */
  readonly precision: number | null;
  /** null = it is never a target. */
  readonly recall: number | null;
  readonly f1: number;
}

/** What one model answered for which label. */
export interface ClassReport {
  readonly model: string;
  readonly scorer: string;
  /** Sorted by label. */
  readonly classes: readonly ClassFigures[];
  readonly macroF1: number | null;
  /** Answers in which no label could be read. */
  readonly unread: number;
  /** Cells of the confusion matrix that are not 0; an empty answer could not be read. */
  readonly matrix: readonly { readonly target: string; readonly answer: string; readonly count: number }[];
}

/** How often the scores of one model agree with what people said of the same answers. */
export interface HumanAgreement {
  readonly model: string;
  readonly scorer: string;
  /** One of several judges of the scorer; null = the score as a whole. */
  readonly judge: string | null;
  /** `grades`: equal values agree. `passes`: both are at least 0.5, or both below it. */
  readonly basis: 'grades' | 'passes';
  /** Answers with a score and a label. */
  readonly n: number;
  /** Share of these with the same verdict; null = there are none. */
  readonly agreement: AgreementFigure;
  /** Cohen's kappa; null = none, or chance explains everything. */
  readonly kappa: AgreementFigure;
  /** Scored answers without a label. */
  readonly unlabelled: number;
  /** Scored answers whose label cannot be read. */
  readonly unread: number;
  /** Labelled answers without a score. */
  readonly unscored: number;
}

/** Bounds are null where there is no interval; its method is then empty. */
export type AgreementFigure = Pick<SummaryRow, 'value' | 'ciLow' | 'ciHigh' | 'ciMethod'>;

/** What the journal recorded of the requests to a model; in its URL, values from the environment show as `${NAME}`. */
export type SentSettings = Pick<ModelConfig, 'params' | 'audioEncoding' | 'detail' | 'reasoning'> & {
  readonly url: string;
};

/** The input of reporters: all figures are computed. Results are streamed in manifest order, then configuration order. */
export interface RunReport {
  readonly run: RunInfo;
  /** Names of the scorers in the results, sorted. */
  readonly scorers: readonly string[];
  /** Keys of `meta.*`, sorted. */
  readonly metadataKeys: readonly string[];
  /** Kinds of media that samples have; absent = images and clips at most. */
  readonly mediaKinds?: readonly MediumKind[];
  /** Whether a sample has `turns`. */
  readonly hasTurns: boolean;
  readonly summary: readonly SummaryRow[];
  readonly failures: readonly FailureReason[];
  /** Units of the scorers by name, e.g. `wer`; absent = not known. */
  readonly units?: ReadonlyMap<string, string>;
  /** The most frequent ones; absent = none. */
  readonly confusions?: readonly WordConfusion[];
  /** Absent = no scorer of labels. */
  readonly classes?: readonly ClassReport[];
  /** Absent = no answer has a label of people. */
  readonly agreements?: readonly HumanAgreement[];
  /** Absent = no judge compared answers. */
  readonly preferences?: readonly PreferenceFigures[];
  /** Absent = the run has only its own scores. */
  readonly scoreSets?: ScoreSets;
  /** By model; absent = not recorded. */
  readonly sent?: ReadonlyMap<string, SentSettings>;
  /** What a reader should know first, one sentence each: models with too many missing answers, models that are or will soon be retired. */
  readonly warnings: readonly string[];
  /** Absent = no report shows media, only their names. */
  readonly media?: ReportMedia;
  /** Compares the models when a report asks for it; null = there is nothing to compare. Absent = they are not compared. */
  readonly comparison?: () => Promise<ReportComparison | null>;
  readonly baseline?: ReportBaseline;
  /** Names of the reporters that write at the same time; absent = not known. */
  readonly reporters?: readonly string[];
  /** Absent = the run was not gated. */
  readonly gate?: GateReport;
  results(): AsyncIterable<Result>;
  /** The same results, grouped by sample. */
  samples(): AsyncIterable<readonly Result[]>;
}

/** A file from a reporter; the caller writes it under a temporary name and renames it. */
export interface ReportFile {
  readonly name: string;
  readonly content: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
}

/** An output format. It is pure: it reads no file, no clock and no terminal. */
export interface Reporter {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** What must be installed to write it; absent = nothing. */
  readonly packages?: readonly OptionalPackage[];
  files(report: RunReport): readonly ReportFile[];
}
