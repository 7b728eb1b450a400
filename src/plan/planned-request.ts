/** Plans the request of one model for one sample, once: conversation, parameters, request hash, unsupported content. */

import { changedParams } from '../models/changed-params.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { sentClip } from '../tokens/sent-media.ts';
import type { GenerateParams, ModelConfig, Sample } from '../types.ts';
import { nothingToAblate } from './ablation.ts';
import { buildConversation, type Conversation } from './conversation.ts';
import { heardBy, supportOf, unsupportedBy, wireSettingsOf } from './model-provider.ts';
import { requestHash } from './request-hash.ts';
import { nothingToStress } from './stress/nothing-to-stress.ts';

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
  /** Whether the model takes clips up to a length only, which their files must tell. */
  readonly measures: boolean;
  /** As `plan`; a clip that is longer than the model takes makes it unsupported. */
  planMeasured(sample: Sample, facts: ReadFacts): Promise<PlannedRequest>;
  /** Why a clip is longer than the model takes; null = it is not. */
  tooLong(request: PlannedRequest, facts: ReadFacts): Promise<string | null>;
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
  const plan = (sample: Sample) => new LazyPlannedRequest(sample, model, unsupported, wireOf);
  const { maxAudioSeconds } = supportOf(model);
  const tooLong = async ({ conversation, unsupported: other }: PlannedRequest, facts: ReadFacts) =>
    maxAudioSeconds === undefined || other !== null ? null : longClip(conversation, maxAudioSeconds, model, facts);
  return {
    plan,
    measures: maxAudioSeconds !== undefined,
    async planMeasured(sample, facts) {
      const request = plan(sample);
      const reason = await tooLong(request, facts);
      return reason === null ? request : new LazyPlannedRequest(sample, model, () => reason, wireOf);
    },
    tooLong,
    get wire() {
      return wireOf();
    },
  };
}

/** Why a clip is too long as it is sent; null = none is, or its length is not known. */
async function longClip(
  { messages, followUps }: Pick<Conversation, 'messages' | 'followUps'>,
  maxSeconds: number,
  { media }: Pick<ModelConfig, 'media'>,
  readFacts: ReadFacts,
): Promise<string | null> {
  for (const { content } of [...messages, ...followUps])
    for (const part of content) {
      if (part.type !== 'audio') continue;
      const facts = await readFacts(part.media);
      const seconds = facts?.type === 'audio' ? sentClip(facts, media?.audio).seconds : 0;
      if (seconds > maxSeconds) return `a clip of ${Math.ceil(seconds)} s; the model takes ${maxSeconds} s`;
    }
  return null;
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
    this.conversation = heardBy(model, buildConversation(sample, model));
    this.params = changedParams(model.params, sample.params);
    const { messages, followUps } = this.conversation;
    const reason = () =>
      nothingToAblate(sample, model) ??
      nothingToStress(this.conversation, model) ??
      unsupported(followUps.length === 0 ? messages : [...messages, ...followUps]);
    this.unsupported = sample.broken === undefined ? reason() : null;
    this.#wireOf = wireOf;
  }

  get requestHash(): string {
    this.#hash ??= requestHash(this.#wireOf(), this.model, this.conversation, this.params);
    return this.#hash;
  }
}
