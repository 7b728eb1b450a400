/** The nouns that every layer shares. Plain data; sizes and times carry their unit in the name. */

export type Role = 'system' | 'user' | 'assistant';
export type Modality = 'text' | 'image' | 'audio';

/** Where the bytes of an image or a clip are. The `data` kind carries them in memory only; the journal never holds them. */
export type Media =
  | {
      readonly type: 'file';
      /** As the manifest wrote it. */
      readonly uri: string;
      /** Absolute, links resolved, below the media root. */
      readonly path: string;
      /** IANA name from the magic bytes, e.g. `image/jpeg`. */
      readonly mediaType: string;
      /** Lower-case hex of the file's bytes. */
      readonly sha256: string;
      readonly byteLength: number;
    }
  | {
      readonly type: 'data';
      /** What tables show instead of the bytes: `data:<mediaType>;sha256=<hex>`. */
      readonly uri: string;
      readonly mediaType: string;
      readonly sha256: string;
      readonly byteLength: number;
      readonly base64: string;
    }
  | {
      readonly type: 'url';
      /** `https:` as the manifest wrote it; passed on, or fetched only with `allowRemoteMedia`. */
      readonly uri: string;
    };

export type ImageDetail = 'auto' | 'low' | 'high' | 'original';

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly media: Media; readonly detail?: ImageDetail }
  | { readonly type: 'audio'; readonly media: Media };

export interface Message {
  readonly role: Role;
  readonly content: readonly ContentPart[];
}

/** One user turn of a `turns` sample; the model's own answer enters the history before the next turn. */
export interface Turn {
  readonly content: readonly ContentPart[];
  /** Acceptable answers to this turn; empty = the turn is not judged. */
  readonly target: readonly string[];
}

/** One item of the manifest. */
export interface Sample {
  readonly id: string;
  /** 0-based place in the manifest; orders every table. */
  readonly index: number;
  /** 1-based line in the manifest where the item starts. */
  readonly line: number;
  /** History and, without `turns`, the user message to be answered. A system message, if any, comes first. */
  readonly messages: readonly Message[];
  /** Empty unless the model answers several turns. */
  readonly turns: readonly Turn[];
  /** Acceptable answers; empty = unscored. */
  readonly target: readonly string[];
  /** The sample's own scorers; absent = the configuration's. */
  readonly scorers?: readonly ScorerConfig[];
  /** Cluster for standard errors; null = none named. */
  readonly group: string | null;
  readonly tags: readonly string[];
  /** The `meta.<key>` columns without their prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly params?: GenerateParams;
}

/** Generation settings; what is left out is not sent. */
export interface GenerateParams {
  readonly temperature?: number;
  readonly topP?: number;
  /** Upper bound of completion tokens. */
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly reasoningEffort?: string;
  readonly responseFormat?:
    | { readonly type: 'text' | 'json_object' }
    | { readonly type: 'json_schema'; readonly name: string; readonly schema: unknown; readonly strict?: boolean };
}

export type Auth =
  | { readonly type: 'key' /** Name of the environment variable. */; readonly env: string }
  | { readonly type: 'entra' /** OAuth scope; absent = by endpoint kind. */; readonly scope?: string }
  | { readonly type: 'none' };

export interface Limits {
  /** Requests in flight; `auto` adapts to the endpoint. */
  readonly concurrency: number | 'auto';
  /** Absent = not limited by us. */
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** One attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  /** Further attempts after the first, for transient failures. */
  readonly retries: number;
  /** A request with its waits and retries: no attempt begins after it; absent = the engine's default. */
  readonly deadlineMs?: number;
}

/**
 * USD per 1,000,000 tokens. An absent rate is unknown (unpriced), never 0; audio never takes the text rate. Images take the
 * prompt rate where they have none of their own, cached tokens that of the prompt they are part of.
 */
export interface Price {
  readonly promptPerMillion?: number;
  readonly completionPerMillion?: number;
  readonly cachedPromptPerMillion?: number;
  /** For tokens written to the cache, where that costs extra. */
  readonly cacheWritePerMillion?: number;
  readonly imagePromptPerMillion?: number;
  readonly audioPromptPerMillion?: number;
  readonly audioCompletionPerMillion?: number;
  /** Fraction taken off for batch APIs, e.g. 0.5. */
  readonly batchDiscount?: number;
  /** Rates that replace the base ones above a number of prompt tokens. */
  readonly tiers?: readonly ({ readonly abovePromptTokens: number } & TierRates)[];
}

type TierRates = Omit<Price, 'imagePromptPerMillion' | 'audioCompletionPerMillion' | 'batchDiscount' | 'tiers'>;

/** How media are changed before they are sent. */
export interface MediaTransform {
  readonly image?: { /** Longest side in pixels; larger images are scaled down. */ readonly maxEdge?: number };
}

/** What is compared: one deployment with its settings (and its variant); `id` names it in every report. */
export interface ModelConfig {
  /** `<model>` or `<model>@<variant>`; unique. */
  readonly id: string;
  /** A name of the provider registry. */
  readonly provider: string;
  /** What goes on the wire. */
  readonly model: string;
  readonly endpoint?: string;
  readonly auth?: Auth;
  readonly apiVersion?: string;
  readonly modalities: readonly Modality[];
  /** Images in one request; absent = no limit known. */
  readonly maxImages?: number;
  /** What the model does with images of earlier turns: takes all, keeps only the last, or answers an error. */
  readonly imageHistory?: 'all' | 'last' | 'error';
  /** Largest single media file. */
  readonly maxMediaBytes?: number;
  /** Media types the model takes, e.g. `audio/wav`; absent = all that the provider can send. */
  readonly audioFormats?: readonly string[];
  readonly audioEncoding?: 'input_audio' | 'audio_url';
  /** Pass a URL on, or fetch it and send its bytes. */
  readonly remoteMedia?: 'pass' | 'inline';
  /** For images that name none of their own. */
  readonly detail?: ImageDetail;
  readonly params: GenerateParams;
  readonly limits: Limits;
  readonly price?: Price;
  /** Which token rules apply when the deployment's name says nothing. */
  readonly tokens?: { readonly image?: string; readonly audio?: string; readonly text?: string };
  readonly system?: string;
  /** Replaces the prompt; `{{prompt}}`, `{{id}}`, `{{group}}` and `{{meta.<key>}}` are filled in. */
  readonly template?: string;
  readonly media?: MediaTransform;
  /** Extra request headers; values may hold secrets and are never written. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Extra members of the request body. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly stream?: boolean;
  /** Whether reasoning-model rules apply; absent = by the model's name. */
  readonly reasoning?: boolean;
  readonly http2?: boolean;
  /** Allow a key over plain http to a host that is not loopback. */
  readonly allowInsecure?: boolean;
  /** Managed online endpoints: the deployment to pin (`azureml-model-deployment`). */
  readonly deployment?: string;
  /** Models that name the same group share one quota. */
  readonly limitGroup?: string;
}

/** A scorer by name with its options and its weight in the cell's score. */
export interface ScorerConfig {
  readonly name: string;
  /** Default 1. */
  readonly weight?: number;
  readonly [option: string]: unknown;
}

/** One request on the wire, provider-neutral. */
export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly params: GenerateParams;
  /** Same over all attempts of one request (`x-ms-client-request-id`). UUID. */
  readonly clientRequestId: string;
}

/** Bytes ready for the wire. */
export interface EncodedMedia {
  readonly mediaType: string;
  /** The base64 text as ASCII bytes, shared by all requests that send the same file; never changed. */
  readonly base64: Buffer;
  /** Of the media, before base64. */
  readonly byteLength: number;
}

/** Reads and encodes each file once for all models and repeats. */
export interface MediaLoader {
  /** @throws {ProviderError} kind `media` when the bytes cannot be had or changed since validation. */
  load(media: Media, transform?: MediaTransform): Promise<EncodedMedia>;
}

export interface CompleteOptions {
  readonly signal: AbortSignal;
  /** Called once when the first token of a streamed answer arrives. */
  readonly onFirstToken?: () => void;
}

/** A vendor's endpoint: one method, one attempt. */
export interface ModelClient {
  /** @throws {ProviderError} when no answer came. */
  complete(request: ChatRequest, options: CompleteOptions): Promise<Completion>;
  /** Ends idle connections. */
  close?(): Promise<void>;
}

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'unknown';

/** A model's answer. */
export interface Completion {
  readonly text: string;
  readonly finishReason: FinishReason;
  /** True when the model declined (a `refusal` member, stop reason `refusal`). */
  readonly refused: boolean;
  /** null = the endpoint reported none. */
  readonly usage: Usage | null;
  /** The name the endpoint answered with; null when it gave none. */
  readonly servedModel: string | null;
  readonly requestId: string | null;
  /** Reasoning text where the endpoint shows it; never part of the answer. */
  readonly reasoning?: string;
  readonly rateLimit?: RateLimit;
}

/** Tokens as billed; null = not reported. promptTokens includes cached and media tokens, completionTokens includes reasoning. */
export interface Usage {
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly totalTokens: number | null;
  readonly cachedTokens: number | null;
  readonly cacheWriteTokens: number | null;
  readonly reasoningTokens: number | null;
  /** Of the prompt. */
  readonly audioTokens: number | null;
  /** Of the prompt. */
  readonly imageTokens: number | null;
  /** Of the prompt. */
  readonly textTokens: number | null;
  /** The vendor's own object, kept in the journal. */
  readonly raw?: unknown;
}

/** The usage of an endpoint that reported nothing. */
export const NO_USAGE: Usage = {
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  cachedTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  audioTokens: null,
  imageTokens: null,
  textTokens: null,
};

/** What an endpoint's headers say about its limits; every member absent when it did not say. */
export interface RateLimit {
  readonly limitRequests?: number;
  readonly limitTokens?: number;
  readonly remainingRequests?: number;
  readonly remainingTokens?: number;
  /** Until the request count is full again. */
  readonly resetRequestsMs?: number;
  readonly resetTokensMs?: number;
}
