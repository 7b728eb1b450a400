/** Hashes that say what is the same: a request on the wire, a cell of a run, a whole run. */

import { hash } from 'node:crypto';
import type { GenerateParams, Media, Message, ModelConfig } from '../types.ts';
import type { Conversation } from './request.ts';

/** Everything on the wire, provider-neutral: media by their bytes' hash, no secrets, no run-time knobs. 32 hex digits. */
export function requestHash(
  wire: unknown,
  model: ModelConfig,
  conversation: Conversation,
  params: GenerateParams,
): string {
  return digest(
    JSON.stringify([
      wire,
      model.media ?? null,
      params,
      conversation.messages.map(plainMessage),
      conversation.followUps.map(plainMessage),
    ]),
  );
}

/** What a run asks of whom, less run-time knobs (concurrency, limits, retries, prices). 32 hex digits. */
export function runIdentity(datasetHash: string, models: readonly RunModelIdentity[], repeat: number): string {
  return digest(JSON.stringify([datasetHash, models, repeat]));
}

/** What of a model decides whether an answer can be taken over. */
export interface RunModelIdentity {
  readonly id: string;
  readonly wire: unknown;
  readonly params: GenerateParams;
  readonly system: string | null;
  readonly template: string | null;
  readonly media: unknown;
  readonly detail: string | null;
}

/** See `RunModelIdentity`; `wire` is the provider's own `identity(model)`. */
export function modelIdentity(model: ModelConfig, wire: unknown): RunModelIdentity {
  return {
    id: model.id,
    wire,
    params: model.params,
    system: model.system ?? null,
    template: model.template ?? null,
    media: model.media ?? null,
    detail: model.detail ?? null,
  };
}

/** Tells a cell whose answer can be taken over: the same request, by the same name, for the same sample. */
export function cellKey(requestHash: string, sampleId: string, modelId: string, repeat: number): string {
  return `${requestHash} ${repeat} ${modelId} ${sampleId}`;
}

function plainMessage(message: Message): unknown {
  return [
    message.role,
    message.content.map((part) =>
      part.type === 'text' ? part.text : [part.type, mediaKey(part.media), 'detail' in part ? part.detail : null],
    ),
  ];
}

function mediaKey(media: Media): string {
  return media.type === 'url' ? media.uri : `${media.mediaType};${media.sha256}`;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
