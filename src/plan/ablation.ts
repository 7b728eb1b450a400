/** Models that get the same samples without their images, or without their sound: what a medium is worth. */

import type { Problem } from '../errors.ts';
import { stressOf } from '../stress-kinds.ts';
import { quote } from '../text/quote.ts';
import type { ContentPart, Message, ModelConfig, Sample } from '../types.ts';

/** What can be left out. */
export const ABLATED = ['image', 'audio'] as const;

export type AblatedMedium = (typeof ABLATED)[number];

/** From `image,audio`. */
export function parseAblate(
  written: string,
): { readonly media: readonly AblatedMedium[] } | { readonly problems: readonly Problem[] } {
  const names = written.split(',').map((name) => name.trim());
  const media = ABLATED.filter((medium) => names.includes(medium));
  const unknown = names.filter((name) => !media.some((medium) => medium === name));
  if (unknown.length === 0) return { media };
  return {
    problems: unknown.map((name) => ({
      message: `--ablate ${quote(name)} is no medium`,
      hint: `choose of ${ABLATED.join(', ')}, e.g. --ablate image,audio`,
    })),
  };
}

/** Each model, then itself without each of the media that it takes; steps of a stress test only as they are. */
export function withAblated(models: readonly ModelConfig[], media: readonly AblatedMedium[]): readonly ModelConfig[] {
  return models.flatMap((model) => [
    model,
    ...media
      .filter((medium) => model.modalities.includes(medium) && stressOf(model.media) === null)
      .map((medium) => ({ ...model, id: `${model.id}${suffixOf(medium)}`, without: medium })),
  ]);
}

/** The problem of a medium that no model takes. */
export function notTaken(medium: AblatedMedium): Problem {
  return {
    message: `--ablate ${medium}: no model takes it`,
    hint: 'leave it out, or choose other models with --model',
  };
}

const suffixOf = (medium: AblatedMedium) => `@no-${medium}`;

/** The medium that model `b` lacks if it is model `a` without one; null = it is another model. */
export function ablatedMedium(a: string, b: string): AblatedMedium | null {
  return ABLATED.find((medium) => b === `${a}${suffixOf(medium)}`) ?? null;
}

/** The id of the model that an ablated one is compared with, if it is among `ids`; null = it is not an ablated one. */
export function ablationBase(id: string, ids: readonly string[]): string | null {
  return ids.find((other) => ablatedMedium(other, id) !== null) ?? null;
}

/** What a message has in the place of its only part: an empty message is not accepted by every endpoint. */
const NOTHING_LEFT: ContentPart = { type: 'text', text: '-' };

export function withoutMedium(message: Message, medium: AblatedMedium | undefined): Message {
  if (medium === undefined || !message.content.some(({ type }) => type === medium)) return message;
  const content = message.content.filter(({ type }) => type !== medium);
  return { ...message, content: content.length === 0 ? [NOTHING_LEFT] : content };
}

/** Why a sample says nothing about an ablated model; null = it does, or the model is not one. */
export function nothingToAblate({ messages, turns }: Sample, { without }: ModelConfig): string | null {
  if (without === undefined) return null;
  const has = (content: readonly ContentPart[]) => content.some(({ type }) => type === without);
  const isThere = messages.some(({ content }) => has(content)) || turns.some(({ content }) => has(content));
  return isThere ? null : `the sample has no ${without} that could be left out`;
}
