/** What each dialect reports of its usage (tokens, a duration, both, neither), and what that costs by either kind of price. */

import { describe, expect, test } from 'vitest';
import { priceUsage } from '../../../src/tokens/price.ts';
import { type ModelConfig, NO_USAGE } from '../../../src/types.ts';
import { ask, audio, testModel, user } from '../../helpers/ask.ts';
import { startEndpoint } from '../../helpers/endpoint.ts';

const TOKENS = {
  type: 'tokens',
  input_tokens: 14,
  input_token_details: { text_tokens: 4, audio_tokens: 10 },
  output_tokens: 45,
  total_tokens: 59,
};
const COUNTS = { promptTokens: 14, textTokens: 4, audioTokens: 10, completionTokens: 45, totalTokens: 59 };

const DIALECTS: readonly [dialect: string, path: string, transcript: object, duration: object][] = [
  ['openai', '/v1', { text: 'hello' }, { usage: { type: 'duration', seconds: 90 } }],
  ['azure', '/openai/deployments/d', { text: 'hello' }, { duration: 90 }],
  ['azure-speech', '', { combinedPhrases: [{ text: 'hello' }] }, { durationMilliseconds: 90_000 }],
  ['local', '/v1', { text: 'hello' }, { usage: { type: 'duration', seconds: 90 } }],
];

const BY_TOKEN = { promptPerMillion: 1, audioPromptPerMillion: 10, completionPerMillion: 100 };
const BY_MINUTE = { perAudioMinute: 0.006 };
const TOKEN_USD = (4 * 1 + 10 * 10 + 45 * 100) * 1e-6;

describe.each(DIALECTS)('%s', (dialect, path, transcript, duration) => {
  test.each([
    ['tokens', { usage: TOKENS }, COUNTS, [TOKEN_USD, null]],
    ['a duration', duration, { audioSeconds: 90 }, [null, 0.009]],
    ['both', { ...duration, usage: { ...TOKENS, seconds: 90 } }, { ...COUNTS, audioSeconds: 90 }, [TOKEN_USD, 0.009]],
    ['neither', {}, { audioSeconds: null }, [null, null]],
  ] as const)('reports %s', async (_, reported, counts, [byToken, byMinute]) => {
    await using endpoint = await startEndpoint({ json: { ...transcript, ...reported } });
    const model: ModelConfig = testModel('transcription', { dialect, endpoint: `${endpoint.url}${path}`, model: 'd' });

    const { text, usage } = await ask(model, [user(audio())]);

    expect(text).toBe('hello');
    const { raw: _raw, ...found } = usage ?? NO_USAGE;
    const { raw: _none, ...none } = NO_USAGE;
    expect(found).toEqual({ ...none, audioSeconds: null, ...counts });
    const cost = (price: object) => priceUsage(found, { ...model, price }).costUsd;
    expect([cost(BY_TOKEN), cost(BY_MINUTE)]).toEqual([byToken, byMinute]);
  });
});
