/** What a judge is sent about an answer: one message as a sample of its own, and what was said before the answer. */

import type { JudgeQuestion } from '../scorers/scorer.ts';
import type { Message, Sample } from '../types.ts';

/** One message, with the media and the identity of the sample; nothing else of it concerns the judge. */
export function questionSample({ content }: Pick<JudgeQuestion, 'content'>, sample: Sample): Sample {
  const { id, index, line, group, metadata } = sample;
  return { id, index, line, messages: [{ role: 'user', content }], turns: [], target: [], group, tags: [], metadata };
}

/**
 * The messages of the sample before an answer, the same for all models: without the system message and the template of the
 * model. `earlier` are the answers to the turns before.
 */
export function saidBefore({ messages, turns }: Sample, earlier: readonly string[]): readonly Message[] {
  const said = turns.slice(0, earlier.length + 1).flatMap(({ content }, turn): readonly Message[] => {
    const text = earlier[turn];
    const asked = { role: 'user', content } as const;
    return text === undefined ? [asked] : [asked, { role: 'assistant', content: [{ type: 'text', text }] }];
  });
  return [...messages, ...said];
}
