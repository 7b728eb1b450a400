/** What the tables of models may state: the shape of their rows. */

import type { GenerateParams, Modality, ModelConfig } from '../types.ts';
import type { Host } from './host.ts';

/** The protocol of an endpoint that has several. */
export type Api = NonNullable<ModelConfig['api']>;

/** What a row may state; absent = the row says nothing about it. */
export interface ModelFacts {
  /** What the model accepts. */
  readonly modalities?: readonly Modality[];
  /** Most images in one request. */
  readonly maxImages?: number;
  /** Size of the largest clip. */
  readonly maxAudioBytes?: number;
  /** Most pages of the documents of one request. */
  readonly maxPages?: number;
  /** Size of the largest document, before base64. */
  readonly maxDocumentBytes?: number;
  /** Size of the largest video, before base64. */
  readonly maxVideoBytes?: number;
  /** Pixels. The vendor scales images with a longer side down. */
  readonly maxImageEdge?: number;
  /** Length of the longest clip. */
  readonly maxAudioSeconds?: number;
  /** Parameters that it answers with an error. */
  readonly refuses?: readonly (keyof GenerateParams)[];
  /** The name on the wire for the longest answer, where `max_tokens` is an error. */
  readonly lengthMember?: 'max_completion_tokens';
  /** The only protocol in which it answers. */
  readonly api?: Api;
  /** ISO date from which requests fail; null = the source names no date. */
  readonly retiresOn?: string | null;
}

export interface FactRow extends ModelFacts {
  /** Names as vendors write them, for lists and tests; empty for a row about all models of a host. */
  readonly names: readonly string[];
  /** Matches names from `comparableModel`, with vendor prefixes and the additions of deployments. */
  readonly models: RegExp;
  /** Where it holds; absent = everywhere. */
  readonly hosts?: readonly Host[];
  readonly source: string;
  /** ISO date of the source, or of the day on which it was read. */
  readonly asOf: string;
}
