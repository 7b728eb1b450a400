/** Pairs a run's answers with the requests that they answered, for what can be learned from them. */

import { baseModelId } from '../config/select-models.ts';
import type { Replay } from '../journal/replay.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { Observation } from '../tokens/calibrate.ts';
import { estimateRequest } from '../tokens/estimate.ts';
import type { ImageFacts } from '../tokens/image-tokens.ts';
import type { MediaFacts } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { ContentPart, Message, ModelConfig } from '../types.ts';

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

/**
 * The media and the uncalibrated text of one request beside the prompt tokens that it was billed. null when a medium
 * of it cannot be measured: behind a URL, or broken.
 */
export async function observe(
  model: ModelConfig,
  messages: readonly Message[],
  reported: number,
  readFacts: ReadFacts,
): Promise<Observation | null> {
  const images: ImageFacts[] = [];
  const clips: Extract<MediaFacts, { readonly type: 'audio' }>[] = [];
  for (const part of countedMedia(model, messages)) {
    const facts = await readFacts(part.media);
    if (facts?.type === 'image') images.push({ ...sentSize(facts, model.media?.image?.maxEdge), ...detailOf(part) });
    else if (facts?.type === 'audio') clips.push(facts);
    else return null;
  }
  const { parts } = await estimateRequest(model, messages, { facts: readFacts });
  return { reported, text: parts.text.expected + parts.template.expected, images, clips };
}

type MediumPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** A model that keeps only the last image of a conversation is not billed for earlier ones. */
function countedMedia({ imageHistory }: ModelConfig, messages: readonly Message[]): readonly MediumPart[] {
  const isImage = (part: ContentPart) => part.type === 'image';
  const last = messages.findLastIndex(({ content }) => content.some(isImage));
  return messages.flatMap(({ content }, index) =>
    content.flatMap((part) => {
      const isForgotten = part.type === 'image' && imageHistory === 'last' && index !== last;
      return part.type === 'text' || isForgotten ? [] : [part];
    }),
  );
}

function detailOf(part: MediumPart): Pick<ImageFacts, 'detail'> {
  return part.type === 'image' && part.detail !== undefined ? { detail: part.detail } : {};
}

/** Images above the limit are scaled, and turned upright on the way. */
function sentSize(
  { width, height, orientation }: Extract<MediaFacts, { readonly type: 'image' }>,
  maxEdge: number | undefined,
): ImageFacts {
  const long = Math.max(width, height);
  if (maxEdge === undefined || long <= maxEdge) return { width, height, orientation };
  const scaled = (side: number) => Math.max(1, Math.round((side * maxEdge) / long));
  const isTurned = orientation >= 5;
  return { width: scaled(isTurned ? height : width), height: scaled(isTurned ? width : height), orientation: 1 };
}
