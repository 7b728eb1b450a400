import { expect, test } from 'vitest';
import { isEmbedded } from '../../src/models/embedded.ts';

test.each([
  [{ provider: 'local' }, true],
  [{ provider: 'transcription', dialect: 'local' }, true],
  [{ provider: 'transcription' }, false],
  [{ provider: 'openai', dialect: 'local' }, false],
])('%j', (model, expected) => {
  expect(isEmbedded(model)).toBe(expected);
});
