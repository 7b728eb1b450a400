/** Defines what a provider is and what it is given. */

import type { Environment, TokenCredential } from '../io.ts';
import type { Auth, MediaLoader, Message, Modality, ModelClient, ModelConfig } from '../types.ts';
import type { BatchClient } from './batch/batch-client.ts';

/** The adapter of one vendor: one file, made with `defineProvider`, and one line in `registry.ts`. */
export interface Provider {
  /** One line for `--help` and the docs. */
  readonly description: string;
  /** What the protocol can send at all; a model may take less. */
  readonly modalities: readonly Modality[];
  /** The forms in which media can be sent to this model. @throws {InputError} when the endpoint is not a URL. */
  mediaSupport(model: ModelConfig): MediaSupport;
  /** The URL that is called. @throws {InputError} when the endpoint is not a URL. */
  url(model: ModelConfig): string;
  /** How requests are authorised: as configured, else the default of the host. A known scope is filled in. */
  auth(model: ModelConfig): Auth;
  /** All problems with the model's settings that can be found without sending. */
  problems(model: ModelConfig, env: Environment): readonly ConfigProblem[];
  /**
   * What a user should know of the settings before anything is sent, one sentence each: what is configured and not sent,
   * and what the model is known to refuse.
   */
  notes(model: ModelConfig): readonly string[];
  /** What the vendor announced about the route of this model, one sentence each, for commands that check a model. */
  announcements(model: ModelConfig): readonly string[];
  /** The same model with the endpoint that calls the URL of earlier versions; null = the URL has always been the same. */
  earlier(model: ModelConfig): ModelConfig | null;
  /** Whether it may be asked for a spoken answer (`params.voice`). */
  speaks(model: ModelConfig): boolean;
  /** The messages as far as this model is sent any of them; all of them, if the protocol has a place for them. */
  heard(messages: readonly Message[], model: ModelConfig): readonly Message[];
  /** All wire settings that decide what is sent, as plain JSON without secrets: part of the request hash. */
  wireSettings(model: ModelConfig): unknown;
  /**
   * A client for one model; nothing is sent yet.
   * @throws {InputError} when `problems` finds any.
   */
  create(model: ModelConfig, context: ProviderContext): ProviderClient | Promise<ProviderClient>;
  /** Why this model's requests cannot go by a batch API; null = they can. @throws {InputError} when the endpoint is not a URL. */
  batchProblem(model: ModelConfig): string | null;
  /**
   * The batch API for one model; nothing is sent yet.
   * @throws {InputError} when there is none, or `problems` finds any.
   */
  openBatch(model: ModelConfig, context: ProviderContext): Promise<BatchClient>;
}

/** The entry of a model in its endpoint's list of models. */
export interface ModelListing {
  /** ISO date from which requests fail; null = none is announced. */
  readonly shutdownDate: string | null;
}

/** The client that a provider makes. */
export interface ProviderClient extends ModelClient {
  /**
   * Looks the model up in the endpoint's own list; null = it is not there. Absent = the endpoint has no list.
   * @throws {ProviderError} when the list cannot be read.
   */
  listing?(signal: AbortSignal): Promise<ModelListing | null>;
}

/** What clients are given. Clients with the same context object share connections and tokens until all are closed. */
export interface ProviderContext {
  readonly env: Environment;
  readonly media: MediaLoader;
  /** Replaces `DefaultAzureCredential`. */
  readonly credential?: TokenCredential;
  /** Wall clock in ms since 1970, for dates in headers and the expiry of tokens; default `Date.now`. */
  readonly now?: () => number;
  /** PEM certificates to trust beside the built-in ones; default none (`NODE_EXTRA_CA_CERTS` works as in all of Node). */
  readonly trust?: string;
}

/** One thing wrong with a model's settings; the caller knows file and line. */
export interface ConfigProblem {
  readonly message: string;
  readonly hint?: string;
  /** Path of the member of the model that it is about; absent = the model. */
  readonly member?: readonly string[];
}

/** The forms in which media can be sent. Media types are IANA names. */
export interface MediaSupport {
  /** What the protocol can send at all. */
  readonly modalities: readonly Modality[];
  /** Absent = any. */
  readonly imageTypes?: readonly string[];
  /** Absent = any. */
  readonly audioTypes?: readonly string[];
  /** Whether an `https:` image may be passed on. */
  readonly imageUrl: boolean;
  /** Whether an `https:` clip may be passed on. */
  readonly audioUrl: boolean;
  /** Whether an `https:` document may be passed on; absent = no. */
  readonly documentUrl?: boolean;
  /** Whether an `https:` video may be passed on; absent = no. */
  readonly videoUrl?: boolean;
  /** Most pages of all documents of one request; absent = no known limit. */
  readonly maxPages?: number;
  /** Size of the largest document, unless the model's configuration says otherwise; absent = no known limit. */
  readonly maxDocumentBytes?: number;
  /** The same of a video. */
  readonly maxVideoBytes?: number;
  /** Most images in one request, unless the model's configuration says otherwise; absent = no known limit. */
  readonly maxImages?: number;
  /** Size of the largest clip, unless the model's configuration says otherwise; absent = no known limit. */
  readonly maxAudioBytes?: number;
  /** Length of the longest `data:` URL; absent = no known limit. */
  readonly maxDataUrlCharacters?: number;
  /** Length of the longest clip; absent = no known limit. */
  readonly maxAudioSeconds?: number;
  /** One request takes one clip and no conversation; absent = any messages. */
  readonly onlyOneClip?: true;
}
