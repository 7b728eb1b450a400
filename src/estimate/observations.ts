/** Pairs a run's answers with the requests that they answered, for what can be learned from them. */

import { baseModelId } from '../config/select-models.ts';
import type { Replay } from '../journal/replay.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { Observation } from '../tokens/calibrate.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { observe } from './observe.ts';

/** So many of each kind are enough for a line of two numbers; the rest would only take memory. */
const MAX_OF_A_KIND = 2000;

/** What is billed together with the text: nothing, images, clips, or both, which cannot be told apart. */
export type ObservedKind = 'text' | 'image' | 'audio' | 'mixed';

/** Everything that was seen of one model. */
export interface ObservedModel {
  readonly observations: Observation[];
  readonly counts: Record<ObservedKind, number>;
}

export interface Observations {
  /** Looks for the answer to a request, repeats included; the first that was billed counts. */
  add(request: PlannedRequest): Promise<void>;
  /** By model id without its variant. */
  readonly byModel: ReadonlyMap<string, ObservedModel>;
}

export function collectObservations(run: Replay, repeat: number, facts: ReadFacts): Observations {
  const byModel = new Map<string, ObservedModel>();
  return {
    async add(request) {
      const { model, conversation, unsupported } = request;
      // The usage of several turns is a sum that cannot be taken apart.
      if (unsupported !== null || conversation.followUps.length > 0) return;
      const reported = promptTokensOf(run, request, repeat);
      const observation = reported === null ? null : await observe(model, conversation.messages, reported, facts);
      if (observation === null) return;
      const id = baseModelId(model.id);
      const seen = byModel.get(id) ?? { observations: [], counts: { text: 0, image: 0, audio: 0, mixed: 0 } };
      byModel.set(id, seen);
      const kind = kindOf(observation);
      if (seen.counts[kind] === MAX_OF_A_KIND) return;
      seen.counts[kind] += 1;
      seen.observations.push(observation);
    },
    byModel,
  };
}

function promptTokensOf(run: Replay, request: PlannedRequest, repeat: number): number | null {
  const { sample, model, requestHash } = request;
  for (let index = 0; index < repeat; index += 1) {
    const cell = { requestHash, sampleId: sample.id, modelId: model.id, repeat: index };
    const tokens = run.find(cell)?.usage?.promptTokens ?? null;
    if (tokens !== null) return tokens;
  }
  return null;
}

function kindOf({ images, clips }: Observation): ObservedKind {
  if (images.length > 0) return clips.length > 0 ? 'mixed' : 'image';
  return clips.length > 0 ? 'audio' : 'text';
}
