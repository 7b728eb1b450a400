/** What an answered request tells about the way its endpoint counts tokens. */

import type { Observation } from '../tokens/calibrate.ts';
import { estimateRequest } from '../tokens/estimate.ts';
import type { ImageFacts } from '../tokens/image-tokens.ts';
import type { MediaFacts } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { ContentPart, Message, ModelConfig } from '../types.ts';

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
