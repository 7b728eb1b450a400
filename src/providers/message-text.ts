/** Takes the text out of messages, for protocols that send it apart from media or apart from the conversation. */

import type { ContentPart, Message } from '../types.ts';

/** The text of a message as one string: some servers take parts from users only, some not at all. */
export function plainText(content: readonly ContentPart[]): string {
  const [only] = content;
  if (content.length === 1 && only?.type === 'text') return only.text;
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** System messages as their texts, and all other messages, for protocols that send them in different members. */
export function splitSystem(messages: readonly Message[]): {
  readonly system: readonly string[];
  readonly turns: readonly Message[];
} {
  return {
    system: messages.filter(({ role }) => role === 'system').map(({ content }) => plainText(content)),
    turns: messages.filter(({ role }) => role !== 'system'),
  };
}
