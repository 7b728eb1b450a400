/** Plans the request of one model for one sample, once: conversation, parameters, request hash, unsupported content. */

import { changedParams } from '../models/changed-params.ts';
import type { GenerateParams, ModelConfig, Sample } from '../types.ts';
import { nothingToAblate } from './ablation.ts';
import { buildConversation, type Conversation } from './conversation.ts';
import { unsupportedBy, wireSettingsOf } from './model-provider.ts';
import { requestHash } from './request-hash.ts';

export interface PlannedRequest {
  readonly sample: Sample;
  readonly model: ModelConfig;
  readonly conversation: Conversation;
  /** The model's parameters, overridden by those of the sample. */
  readonly params: GenerateParams;
  /** Why the model does not support it, and the cell is skipped; null = it is supported. */
  readonly unsupported: string | null;
  /** See `requestHash`; computed when it is first read, because most estimates never read it. */
  readonly requestHash: string;
}

export interface Planner {
  plan(sample: Sample): PlannedRequest;
  /** The model's wire settings, as they are in each request hash. */
  readonly wire: unknown;
}

/** @throws {InputError} for an unknown provider; on reading `wire` or `requestHash` for an endpoint that is not a URL. */
export function createPlanner(model: ModelConfig): Planner {
  const unsupported = unsupportedBy(model);
  let settings: { readonly wire: unknown } | null = null;
  const wireOf = () => {
    settings ??= { wire: wireSettingsOf(model) };
    return settings.wire;
  };
  return {
    plan: (sample) => new LazyPlannedRequest(sample, model, unsupported, wireOf),
    get wire() {
      return wireOf();
    },
  };
}

class LazyPlannedRequest implements PlannedRequest {
  readonly sample: Sample;
  readonly model: ModelConfig;
  readonly conversation: Conversation;
  readonly params: GenerateParams;
  readonly unsupported: string | null;
  readonly #wireOf: () => unknown;
  #hash: string | null = null;

  constructor(
    sample: Sample,
    model: ModelConfig,
    unsupported: ReturnType<typeof unsupportedBy>,
    wireOf: () => unknown,
  ) {
    this.sample = sample;
    this.model = model;
    this.conversation = buildConversation(sample, model);
    this.params = changedParams(model.params, sample.params);
    const { messages, followUps } = this.conversation;
    const reason = () =>
      nothingToAblate(sample, model) ?? unsupported(followUps.length === 0 ? messages : [...messages, ...followUps]);
    this.unsupported = sample.broken === undefined ? reason() : null;
    this.#wireOf = wireOf;
  }

  get requestHash(): string {
    this.#hash ??= requestHash(this.#wireOf(), this.model, this.conversation, this.params);
    return this.#hash;
  }
}
