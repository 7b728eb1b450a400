import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transcriptUsage } from '../../../src/providers/transcription/transcript-usage.ts';
import { NO_USAGE } from '../../../src/types.ts';

const counts = (usage: unknown, seconds: number | null = null) => {
  const { raw: _, ...found } = transcriptUsage(usage, seconds);
  return found;
};

test.each([
  [
    'tokens, as OpenAI and Azure report them',
    {
      type: 'tokens',
      input_tokens: 14,
      input_token_details: { text_tokens: 4, audio_tokens: 10 },
      output_tokens: 45,
      total_tokens: 59,
    },
    null,
    { promptTokens: 14, textTokens: 4, audioTokens: 10, completionTokens: 45, totalTokens: 59, audioSeconds: null },
  ],
  ['a duration', { type: 'duration', seconds: 9 }, null, { audioSeconds: 9 }],
  [
    'both, as Mistral reports them',
    { prompt_audio_seconds: 203, prompt_tokens: 4, completion_tokens: 635, total_tokens: 639 },
    null,
    { promptTokens: 4, completionTokens: 635, totalTokens: 639, audioSeconds: 203 },
  ],
  ['neither', undefined, null, { audioSeconds: null }],
  ['only the length of the clip', null, 8.47, { audioSeconds: 8.47 }],
  ['a billed duration beside the length of the clip', { type: 'duration', seconds: 9 }, 8.47, { audioSeconds: 9 }],
  ['a duration as text', { seconds: '9.5' }, null, { audioSeconds: 9.5 }],
  ['nonsense', { seconds: -1, input_tokens: 'many', output_tokens: 1.5 }, null, { audioSeconds: null }],
])('reads %s', (_, usage, seconds, expected) => {
  expect(counts(usage, seconds)).toEqual({ ...NO_USAGE, ...expected });
});

test('keeps the object of the vendor', () => {
  expect(transcriptUsage({ type: 'duration', seconds: 9 }, null).raw).toEqual({ type: 'duration', seconds: 9 });
});

test('never makes a negative or endless length of anything', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (usage, seconds) => {
      const { audioSeconds = null } = transcriptUsage({ seconds: usage, prompt_audio_seconds: seconds }, null);
      expect(audioSeconds === null || (audioSeconds >= 0 && Number.isFinite(audioSeconds))).toBe(true);
    }),
  );
});
