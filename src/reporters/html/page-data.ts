/**
 * What `report.html` holds of a run: lines of JSON, the head first, then one line for each sample, the tail last. The page
 * reads it; names are short where a line is written for each cell.
 */

import type { ReportComparison } from '../../comparison-report.ts';
import type { SentMedia } from '../../media-transform.ts';
import type { MediumKind } from '../../modalities.ts';
import type { ClassReport, FailureReason, ScoreSets, SentSettings, WordConfusion } from '../../report.ts';
import type { AlignmentStep, Outcome } from '../../result.ts';
import type { ModelOverview } from '../overview.ts';

/** The first line. */
export interface PageHead {
  readonly format: 'earsight-page';
  readonly formatVersion: 1;
  readonly name: string;
  readonly runId: string;
  readonly version: string;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** null = the run did not end. */
  readonly finishedAt: string | null;
  readonly wallMs: number;
  readonly dataset: string;
  readonly samples: number;
  readonly repeat: number;
  readonly missing: number;
  readonly replayOf: string | null;
  readonly models: readonly PageModel[];
  readonly scorers: readonly string[];
  readonly metadataKeys: readonly string[];
  readonly warnings: readonly string[];
  readonly failures: readonly FailureReason[];
  readonly slices: readonly PageSlice[];
  /** null = the models were not compared. */
  readonly comparison: ReportComparison | null;
  /** File of the baseline that the run is compared with; null = none. */
  readonly baseline: string | null;
  /** null = the run has only its own scores. */
  readonly scoreSets: ScoreSets | null;
  /** Empty without a scorer of labels. */
  readonly labels: readonly PageLabels[];
  /** The most frequent ones of each model and scorer. */
  readonly confusions: readonly WordConfusion[];
  /** What judges took, one sentence; null = none was asked. */
  readonly judges: string | null;
}

/** How one model answered with the labels of one scorer. */
export interface PageLabels extends Pick<ClassReport, 'model' | 'scorer' | 'macroF1' | 'unread' | 'classes'> {
  /** Labels that `classes` has no room for. */
  readonly more: number;
  /** Empty when there are more labels than anybody reads in a matrix. */
  readonly matrix: ClassReport['matrix'];
  /** Labels that were taken for others, most frequent first. */
  readonly mistakes: ClassReport['matrix'];
}

/** A model with its figures and what a request to it looks like. */
export interface PageModel extends ModelOverview {
  readonly provider: string;
  readonly wireModel: string;
  /** null = not recorded. */
  readonly sent: SentSettings | null;
  /** `key`, `entra` or `none`; null = the configuration leaves it to the provider. */
  readonly auth: string | null;
  /** Variable of the environment that holds the key; null = none is configured. */
  readonly keyVariable: string | null;
  /** As in the configuration; null = none. */
  readonly system: string | null;
  readonly template: string | null;
  /** Further members of the request as configured; null = none. */
  readonly extraBody: Readonly<Record<string, unknown>> | null;
}

/** The score of each model in a part of the dataset; null = none. */
export interface PageSlice {
  readonly name: string;
  /** Most samples of any model. */
  readonly n: number;
  readonly scores: readonly (number | null)[];
}

/** A medium of a sample or an answer. */
export interface PageMedia {
  /** As in the manifest. */
  readonly name: string;
  readonly kind: MediumKind;
  /** Key of its bytes in the media block; absent = they are not in the file. */
  readonly key?: string;
  /** Address relative to the report, or an https URL. */
  readonly href?: string;
  /** Of a document, if known; `key` is a picture of its first page. */
  readonly pages?: number;
  /** Why it is not shown. */
  readonly problem?: string;
}

/** A line for each sample. */
export interface PageSample {
  readonly id: string;
  readonly key: string;
  readonly row: number;
  readonly prompt: string;
  readonly target: readonly string[];
  /** All images, then all clips, documents and videos. */
  readonly media: readonly PageMedia[];
  /** Of a conversation, what each turn asked; absent otherwise. */
  readonly turns?: readonly PageTurn[];
  readonly tags: readonly string[];
  readonly group: string | null;
  readonly meta: Readonly<Record<string, string>>;
  readonly cells: readonly PageCell[];
  /** Score of each model in the baseline, null = none; absent without a baseline. */
  readonly was?: readonly (number | null)[];
}

/** One turn of a conversation, with how many of the sample's media it has. */
export interface PageTurn {
  readonly prompt: string;
  readonly images: number;
  readonly audio: number;
  /** Absent = none. */
  readonly documents?: number;
  readonly videos?: number;
}

/** One cell. Absent members are missing or empty. */
export interface PageCell {
  /** Index in `PageHead.models`. */
  readonly m: number;
  readonly repeat: number;
  readonly status: 'completed' | 'failed' | 'skipped';
  readonly outcome: Outcome | null;
  readonly score: number | null;
  readonly answer?: string;
  /** Characters of the answer before it was cut. */
  readonly cutFrom?: number;
  readonly earlier?: readonly string[];
  readonly thinking?: string;
  readonly sound?: PageMedia;
  readonly failure?: {
    readonly kind: string;
    readonly text: string;
    readonly hint?: string;
    readonly partial?: string;
  };
  readonly scores?: readonly PageScore[];
  /** Scores of the cell in the other sets; absent = the run has no others. */
  readonly otherSets?: readonly { readonly set: string; readonly score: number | null }[];
  readonly ms?: number;
  readonly firstMs?: number;
  /** Seconds of sound for each second of latency. */
  readonly rtfx?: number;
  readonly queueMs?: number;
  readonly waitMs?: number;
  /** The latency is that of the answer's first request; it came from the cache. */
  readonly cached?: true;
  readonly attempts: number;
  readonly tokens?: PageTokens;
  readonly usd?: number;
  readonly served?: string;
  readonly request?: string;
  readonly ended?: string;
  /** Media that the settings of the model changed before they were sent; absent = none, or not recorded. */
  readonly changed?: readonly SentMedia[];
}

/** Tokens as billed; absent = not reported. */
export interface PageTokens {
  readonly prompt?: number;
  readonly completion?: number;
  readonly cached?: number;
  readonly reasoning?: number;
  readonly image?: number;
  readonly audio?: number;
}

/** A score of a cell. */
export interface PageScore {
  readonly name: string;
  readonly value: number | null;
  readonly raw: number | null;
  readonly unit: string;
  readonly why?: string;
  readonly steps?: readonly AlignmentStep[];
}

/** The last line: figures over all cells, also of samples that are not in the file. */
export interface PageTail {
  /** For each model the latency at equal steps of the share of its cells, from the fastest to the slowest. */
  readonly latencies: readonly (readonly number[])[];
  /** For each model. */
  readonly tokens: readonly TokenMeans[];
  /** By model and scorer; empty without transcripts. */
  readonly edits: readonly Edits[];
  /** Samples of the run that are in the file, and all. */
  readonly shown: number;
  readonly all: number;
  /** What was left out of the file, one sentence each. */
  readonly notes: readonly string[];
}

/** Mean tokens of a cell by part; null = no cell reported it. */
export interface TokenMeans {
  readonly text: number | null;
  readonly image: number | null;
  readonly audio: number | null;
  readonly completion: number | null;
  readonly reasoning: number | null;
}

/** Edits between references and transcripts, over all cells of a model. */
export interface Edits {
  /** Index in `PageHead.models`. */
  readonly m: number;
  readonly scorer: string;
  /** Unit of the error rate: `cer` counts characters, the others words. */
  readonly unit: string;
  /** Length of the references. */
  readonly reference: number;
  readonly substituted: number;
  readonly deleted: number;
  readonly inserted: number;
}
