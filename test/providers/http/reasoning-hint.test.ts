/** The hint for an endpoint that asks for the other name of the answer's limit. */

import { expect, test } from 'vitest';
import { replyFailure } from '../../../src/providers/http/failures.ts';

const hintOf = (message: string) =>
  replyFailure(
    JSON.stringify({ error: { message, code: 'unsupported_parameter' } }),
    { status: 400, headers: {}, now: 0 },
    (value) => value,
  ).details.hint;

test.each(["'max_completion_tokens'", 'max_completion_tokens'])(
  'a 400 that asks for %s points to reasoning',
  (name) => {
    const hint = hintOf(`Unsupported parameter: 'max_tokens' is not supported with this model. Use ${name} instead.`);

    expect(hint).toBe('set reasoning: true on the model, which sends max_completion_tokens');
  },
);

test('a 400 that rejects another parameter still points to params', () => {
  expect(hintOf("Unsupported parameter: 'top_k'.")).toBe('remove what it names from params or extraBody');
});
