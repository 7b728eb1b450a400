/** The types that every layer shares: plain data, with the unit of sizes and times in the name. */

import type { EncodedMedia, Redaction } from './io.ts';
import type { MediaRules, MediaTransform, PageOfDocument } from './media-transform.ts';
import type { Modality } from './modalities.ts';
import type { Price } from './price.ts';
import type { RateLimit } from './rate-limit.ts';

export type Role = 'system' | 'user' | 'assistant';
export type { Modality };

/** What is known of the bytes of a medium. */
interface KnownBytes {
  /** IANA media type from the magic bytes, e.g. `image/jpeg`. */
  readonly mediaType: string;
  /** Lower-case hex of the bytes. */
  readonly sha256: string;
  readonly byteLength: number;
  /** Of an image whose pixels are not stored upright: EXIF, 2 to 8. */
  readonly orientation?: number;
  /** Of a document. */
  readonly pages?: number;
  /** The bytes are those of a document; the medium is an image of this page. */
  readonly page?: PageOfDocument;
}

/** Where the bytes of a medium are. The `data` kind carries them in memory only; the journal never holds them. */
export type Media =
  | (KnownBytes & {
      readonly type: 'file';
      /** As written in the manifest. */
      readonly uri: string;
      /** Absolute, with symbolic links resolved, below the media root. */
      readonly path: string;
    })
  /** Below the URL that is the media root. `read` throws a ProviderError of kind `media` when the bytes are others by now. */
  | (KnownBytes & { readonly type: 'remote'; readonly uri: string; readonly read: () => Promise<Uint8Array> })
  | (KnownBytes & {
      readonly type: 'data';
      /** Shown in tables instead of the bytes: `data:<mediaType>;sha256=<hex>`. */
      readonly uri: string;
      readonly base64: string;
    })
  | {
      readonly type: 'url';
      /** `https:` URL as written in the manifest; sent to the model, or fetched only with `allowRemoteMedia`. */
      readonly uri: string;
    };

export type ImageDetail = 'auto' | 'low' | 'high' | 'original';

export type ContentPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly media: Media; readonly detail?: ImageDetail }
  | { readonly type: 'audio' | 'document' | 'video'; readonly media: Media };

export interface Message {
  readonly role: Role;
  readonly content: readonly ContentPart[];
}

/** One user turn of a `turns` sample; the model's answer is added to the history before the next turn. */
export interface Turn {
  readonly content: readonly ContentPart[];
  /** Acceptable answers to this turn; empty = the turn is not scored. */
  readonly target: readonly string[];
}

/** One item of the manifest. */
export interface Sample {
  readonly id: string;
  /** 0-based index of the row in the manifest; the order of every table. */
  readonly index: number;
  /** 1-based line in the manifest where the item starts. */
  readonly line: number;
  /** History and, without `turns`, the user message to answer. A system message, if any, is the first. */
  readonly messages: readonly Message[];
  /** Turns that the model answers one by one; empty = the last message is the only one to answer. */
  readonly turns: readonly Turn[];
  /** Acceptable answers; empty = unscored. */
  readonly target: readonly string[];
  /** Scorers of this sample; absent = those of the configuration. */
  readonly scorers?: readonly ScorerConfig[];
  /** Cluster for standard errors; null = none given. */
  readonly group: string | null;
  readonly tags: readonly string[];
  /** The `meta.<key>` columns without their prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Applied to the parameters of the model. */
  readonly params?: ParamChanges;
  /** Why its media cannot be used, with `skipBroken`: no model is asked. Media without bytes have the type `url` then. */
  readonly broken?: string;
}

/** Generation settings; absent members are not sent. */
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
  /** Of chat completions: the voice of a spoken answer; absent = the answer is text. */
  readonly voice?: string;
  /** Of a transcription: the language that is spoken, as the vendor writes it (`en`, `en-US`). */
  readonly language?: string;
  /** Of a transcription: words or a style that the transcript should follow. */
  readonly prompt?: string;
  /** Of a transcription: the form of the reply; its text is the answer in each. */
  readonly transcriptFormat?: 'json' | 'verbose_json' | 'diarized_json';
  /** Of a transcription: how the endpoint cuts a long clip. */
  readonly chunkingStrategy?: 'auto' | Readonly<Record<string, string | number | boolean>>;
}

/** Changes to the parameters of a model: null leaves one out. */
export type ParamChanges = { readonly [Name in keyof GenerateParams]: GenerateParams[Name] | null };

export type Auth =
  | { readonly type: 'key' /** Name of the environment variable. */; readonly env: string }
  | { readonly type: 'entra' /** OAuth scope; absent = the default of the endpoint's kind. */; readonly scope?: string }
  | { readonly type: 'none' };

export interface Limits {
  /** Requests in flight; `auto` adapts to the endpoint. */
  readonly concurrency: number | 'auto';
  /** Absent = no limit. */
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  /** One attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  /** Attempts after the first, for transient failures. */
  readonly retries: number;
  /** For a request with its waits and retries: no attempt starts later; absent = the default of `limits/`. */
  readonly deadlineMs?: number;
}

/** Whether a model's thinking is kept apart from its answer, or is a part of it. */
export type ThinkingSetting = 'apart' | 'inAnswer';

/** What is compared: one deployment with its settings and its variant; every report names it by `id`. */
export interface ModelConfig {
  /** `<model>` or `<model>@<variant>`; unique. */
  readonly id: string;
  /** A name in the provider registry. */
  readonly provider: string;
  /** The model or deployment name that is sent. */
  readonly model: string;
  readonly endpoint?: string;
  readonly auth?: Auth;
  readonly apiVersion?: string;
  /** The protocol; absent = chat completions. */
  readonly api?: 'chat' | 'responses';
  /** Of `provider: transcription`: a name in its registry of dialects; absent = `openai`. */
  readonly dialect?: string;
  /** Of `provider: transcription`: whether the text of a sample is sent as the prompt; absent = it is not. */
  readonly sendPrompt?: boolean;
  readonly modalities: readonly Modality[];
  /** Left out of every message; absent = nothing. */
  readonly without?: 'image' | 'audio';
  /** The most images, and pages of all documents, in one request; absent = the known limit of the endpoint. */
  readonly maxImages?: number;
  readonly maxPages?: number;
  /** What the model does with images of earlier turns: uses all, keeps only the last, or answers with an error. */
  readonly imageHistory?: 'all' | 'last' | 'error';
  /** Size of the largest media file. */
  readonly maxMediaBytes?: number;
  /** Media types that the model accepts, e.g. `audio/wav`; absent = all that the provider can send. */
  readonly audioFormats?: readonly string[];
  readonly audioEncoding?: 'input_audio' | 'audio_url';
  /** `pass` sends the URL, `inline` fetches it and sends its bytes. */
  readonly remoteMedia?: 'pass' | 'inline';
  /** For images without a `detail` of their own. */
  readonly detail?: ImageDetail;
  readonly params: GenerateParams;
  readonly limits: Limits;
  readonly price?: Price;
  /** Token rules to use when the model's name does not tell. */
  readonly tokens?: Readonly<Partial<Record<'image' | 'audio' | 'text' | 'document', string>>>;
  readonly system?: string;
  /** Replaces the prompt; may contain `{{prompt}}`, `{{id}}`, `{{group}}` and `{{meta.<key>}}`. */
  readonly template?: string;
  readonly media?: MediaTransform;
  /** `media: auto` sends documents as images of their pages: the model takes no PDF. Hashes hold the pages, not this. */
  readonly autoPages?: true;
  /** Extra request headers; their values may be secrets and are never written to files or logs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Extra members of the request body. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  readonly stream?: boolean;
  /** Whether thinking is part of the answer that is scored; absent = `apart`. It changes no request. */
  readonly thinking?: ThinkingSetting;
  /** Whether the rules for reasoning models apply; absent = decided by the model's name. */
  readonly reasoning?: boolean;
  readonly http2?: boolean;
  /** Allows sending a key over plain http to a host that is not loopback. */
  readonly allowInsecure?: boolean;
  /** Managed online endpoints: the deployment to pin (`azureml-model-deployment`). */
  readonly deployment?: string;
  /** Models with the same group share one quota. */
  readonly limitGroup?: string;
  /** Hides the values that `${NAME}` references of the configuration were replaced by; absent = there are none. */
  readonly filledIn?: Redaction;
}

/** A scorer by name with its options and its weight in the cell's score. */
export interface ScorerConfig {
  readonly name: string;
  /** Default 1. */
  readonly weight?: number;
  readonly [option: string]: unknown;
}

/** One request, independent of the provider. */
export interface ChatRequest {
  readonly messages: readonly Message[];
  readonly params: GenerateParams;
  /** The same for all attempts of one request (`x-ms-client-request-id`). UUID. */
  readonly clientRequestId: string;
}

/** Reads and encodes each file once for all models and repeats. */
export interface MediaLoader {
  /** @throws {ProviderError} kind `media` when the file cannot be read or has changed since validation. */
  load(media: Media, rules?: MediaRules): Promise<EncodedMedia>;
}

export interface CompleteOptions {
  readonly signal: AbortSignal;
  /** Called once when the first token of a streamed answer arrives. */
  readonly onFirstToken?: () => void;
}

/** Client of one model's endpoint; each call of `complete` is one attempt. */
export interface ModelClient {
  /** @throws {ProviderError} when there is no answer. */
  complete(request: ChatRequest, options: CompleteOptions): Promise<Completion>;
  /** Closes idle connections. */
  close?(): Promise<void>;
}

/** The reasons that all vendors have, in our words; `unknown` = the vendor named none. */
export type KnownFinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'unknown';

/** Why a model stopped: a known reason, or the vendor's own word in at most 80 characters. */
export type FinishReason = KnownFinishReason | (string & Record<never, never>);

/** The sound of a spoken answer; or why its bytes cannot be used. */
export type Sound =
  | {
      readonly bytes: Buffer;
      /** As it was requested, e.g. `wav` or `pcm16`; null = not known. */
      readonly format: string | null;
    }
  | { readonly problem: string };

/** A model's answer. */
export interface Completion {
  /** As it came, also with thinking between tags; of a spoken answer the transcript. */
  readonly text: string;
  readonly finishReason: FinishReason;
  /** True when the model refused (a `refusal` member, stop reason `refusal`). */
  readonly refused: boolean;
  /** null = the endpoint reported none. */
  readonly usage: Usage | null;
  /** The model name in the answer; null when there is none. */
  readonly servedModel: string | null;
  readonly requestId: string | null;
  /** Thinking that the endpoint sent in a member of its own. */
  readonly reasoning?: string;
  /** In memory only: the run keeps it as a file. */
  readonly sound?: Sound;
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
  /** Audio tokens of the prompt. */
  readonly audioTokens: number | null;
  /** Image tokens of the prompt. */
  readonly imageTokens: number | null;
  /** Text tokens of the prompt. */
  readonly textTokens: number | null;
  /** Seconds of sound in the prompt, as an endpoint that bills by time reported them; absent = no such endpoint. */
  readonly audioSeconds?: number | null;
  /** Of the completion, as sound. null = the model spoke, and its tokens were not reported; absent = no sound. */
  readonly audioCompletionTokens?: number | null;
  /** Present when the reported total is not the sum of its parts; the larger figure is in `totalTokens`. */
  readonly mismatch?: { readonly partsTokens: number; readonly reportedTokens: number };
  /** The vendor's own usage object, kept in the journal. */
  readonly raw?: unknown;
}

/** A count that every usage has. */
export type UsageCount = Exclude<keyof Usage, 'audioSeconds' | 'audioCompletionTokens' | 'mismatch' | 'raw'>;

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
