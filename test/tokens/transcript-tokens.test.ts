import { expect, test } from 'vitest';
import { estimateRequest } from '../../src/tokens/estimate.ts';
import type { ModelConfig } from '../../src/types.ts';
import { audio, testModel, text, user } from '../helpers/ask.ts';

const facts = async () => ({ type: 'audio', seconds: 10, sampleRate: 16_000, channels: 1 }) as const;
const estimate = (more: Partial<ModelConfig>, content = [audio()]) =>
  estimateRequest(testModel('transcription', more), [user(...content)], { facts });

test('a transcript is as long as the speech, without a chat template', async () => {
  const { parts, units, warnings } = await estimate({ model: 'gpt-4o-transcribe' });

  expect(parts).toMatchObject({
    text: { high: 0 },
    template: { high: 0 },
    audio: { low: 100, expected: 100, high: 102 },
    completion: { low: 0, expected: 35, high: 128, rule: 'length of the speech', confidence: 'rough' },
  });
  expect([units.expected.audioSeconds, warnings]).toEqual([10, []]);
});

test('a model that is billed by the minute needs no token rule', async () => {
  const { parts, warnings } = await estimate({ model: 'whisper-1' });

  expect([parts.audio.high, warnings]).toEqual([0, []]);
});

test('a prompt counts as text', async () => {
  const { parts } = await estimate({ model: 'gpt-4o-transcribe' }, [text('ABB, Zürich'), audio()]);

  expect(parts.text.expected).toBeGreaterThan(2);
  expect(parts.template.high).toBe(0);
});
