/** Says what cannot go by a provider's batch API, before anything is sent. */

import { counted } from '../text/counted.ts';
import type { ModelConfig } from '../types.ts';
import { asksForSpeech, providerOf } from './model-provider.ts';
import type { PlannedRequest } from './planned-request.ts';

/** Why a request cannot go by batch; null = it can. */
export type BatchObstacle = (request: PlannedRequest) => string | null;

export function createBatchObstacle(): BatchObstacle {
  const ofModels = new Map<ModelConfig, string | null>();
  const ofModel = (model: ModelConfig) => {
    const known = ofModels.get(model);
    if (known !== undefined) return known;
    const reason = providerOf(model).batchProblem(model);
    ofModels.set(model, reason);
    return reason;
  };
  return ({ model, conversation, params }) => {
    const reason = ofModel(model) ?? (asksForSpeech({ model, params }) ? 'the model answers with sound' : null);
    if (reason !== null) return reason;
    if (conversation.followUps.length > 0) return 'turns, each of which needs the answer before it';
    const hasAudio = conversation.messages.some(({ content }) => content.some(({ type }) => type === 'audio'));
    return hasAudio ? 'audio' : null;
  };
}

/** Counts cells by model and reason. */
export function createObstacleCount() {
  const counts = new Map<string, number>();
  return {
    add(modelId: string, reason: string, cells: number): void {
      const key = JSON.stringify([modelId, reason]);
      counts.set(key, (counts.get(key) ?? 0) + cells);
    },
    /** One sentence for each model and reason. */
    sentences: (): readonly string[] =>
      [...counts].map(([key, cells]) => {
        const [modelId, reason] = JSON.parse(key) as [string, string];
        return `${modelId}: ${counted(cells, 'cell')} cannot go by batch (${reason})`;
      }),
  };
}
