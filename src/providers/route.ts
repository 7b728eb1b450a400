/** Defines how one model is called: where, with which authorisation, in which form, and how the reply is read. */

import type { ChatRequest, Completion } from '../types.ts';
import type { AuthRules } from './auth.ts';
import type { BatchRoute } from './batch/batch-client.ts';
import type { ReplyFacts } from './http/failures.ts';
import type { Fold } from './http/stream.ts';
import type { RequestBody } from './http/transport.ts';
import type { SourceOf } from './media-source.ts';
import type { ParamRange } from './model-problems.ts';
import type { ConfigProblem, MediaSupport } from './provider.ts';

export interface Route {
  /** The URL that is called, with its query. */
  readonly url: URL;
  /** null = the endpoint takes no authorisation, even if one is configured. */
  readonly auth: AuthRules | null;
  readonly media: MediaSupport;
  /** Lists the models of the endpoint; absent = it has no such list. */
  readonly modelsUrl?: URL;
  /** Takes many requests at once, for less; absent = there is none. */
  readonly batch?: BatchRoute;
  /** Parameters whose range is narrower than the configuration's; absent = none. */
  readonly ranges?: readonly ParamRange[];
  /** Settings that the endpoint would reject; absent = none. */
  readonly problems?: readonly ConfigProblem[];
  /** What one request sends. */
  outgoing(request: ChatRequest, sourceOf: SourceOf): Outgoing;
  readonly reply: ReplyFormat;
}

export interface Outgoing {
  readonly body: RequestBody;
  /** Beside those for authorisation and content; absent = none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a protocol's answers are read, whole or streamed. */
export interface ReplyFormat {
  /** @throws {ProviderError} when the body holds no answer. */
  read(body: unknown, facts: ReplyFacts): Completion;
  /** Folds a stream's events into the body that `read` takes. */
  fold(): Fold;
}
