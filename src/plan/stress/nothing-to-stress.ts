/** Samples that a step of a stress test says nothing about. */

import { STRESS_KINDS, stressOf } from '../../stress-kinds.ts';
import type { ContentPart, ModelConfig } from '../../types.ts';
import type { Conversation } from '../conversation.ts';

/** Why the step changes nothing of a request; null = it does, or the model is no such step. */
export function nothingToStress(
  { messages, followUps }: Pick<Conversation, 'messages' | 'followUps'>,
  { media, remoteMedia }: ModelConfig,
): string | null {
  const stress = stressOf(media);
  if (stress === null) return null;
  const { medium } = STRESS_KINDS[stress.kind];
  const isOfMedium = (part: ContentPart) => part.type === medium;
  const parts = [...messages, ...followUps].flatMap(({ content }) => content.filter(isOfMedium));
  if (parts.length === 0) return `the sample has no ${medium} to put under stress`;
  const isPassedOn = parts.some((part) => part.type !== 'text' && part.media.type === 'url');
  return isPassedOn && remoteMedia !== 'inline'
    ? `${medium} behind a URL, which is passed on as it is · set remoteMedia: inline`
    : null;
}
