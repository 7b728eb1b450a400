/** Pairs the requests of a run with the prompt tokens that the endpoint reported for them: the input of a calibration. */

import { baseModelId } from '../config/select-models.ts';
import type { Replay } from '../journal/replay.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import type { Observation } from '../tokens/calibrate.ts';
import { estimateRequest } from '../tokens/estimate.ts';
import type { ImageFacts } from '../tokens/image-tokens.ts';
import type { MediaFacts } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { sentClip, sentImage } from '../tokens/sent-media.ts';
import type { ContentPart, Message, ModelConfig } from '../types.ts';

/** Enough of each kind to fit a line with two parameters; more would only take memory. */
const MAX_OF_A_KIND = 2000;

/** The media that are billed together with the text; `mixed` = images and clips, whose tokens cannot be separated. */
export type ObservedKind = 'text' | 'image' | 'audio' | 'mixed';

/** All observations of one model. */
export interface ObservedModel {
  readonly observations: Observation[];
  readonly counts: Record<ObservedKind, number>;
}

export interface Observations {
  /** Looks up the answers to a request over all repeats; the first with reported prompt tokens is used. */
  add(request: PlannedRequest): Promise<void>;
  /** By model id without its variant. */
  readonly byModel: ReadonlyMap<string, ObservedModel>;
}

export function collectObservations(run: Replay, repeat: number, facts: ReadFacts): Observations {
  const byModel = new Map<string, ObservedModel>();
  return {
    async add(request) {
      const { model, conversation, unsupported } = request;
      // The usage of several turns is a sum that cannot be split.
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
 * The media and the uncalibrated text tokens of one request with the prompt tokens that the endpoint reported. null when
 * one of its media cannot be measured: it is a URL, or broken.
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
    if (facts?.type === 'image') images.push({ ...sentImage(facts, model.media?.image), ...detailOf(part) });
    else if (facts?.type === 'audio') clips.push(sentClip(facts, model.media?.audio));
    else return null;
  }
  const { parts } = await estimateRequest(model, messages, { facts: readFacts });
  return { reported, text: parts.text.expected + parts.template.expected, images, clips };
}

type MediumPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** The media that are billed: not the earlier images, for a model that keeps only the last one of a conversation. */
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
