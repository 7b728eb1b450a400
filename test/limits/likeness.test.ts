import { expect, test } from 'vitest';
import { comparableMessage } from '../../src/limits/likeness.ts';

test.each([
  ['numbers', 'at most 4096 tokens, you sent 5000', 'at most 4096 tokens, you sent 712'],
  ['ids', 'no replica for req_9f3a', 'no replica for 3fa85f64-5717-4562-b3fc-2c963f66afa6'],
  ['quoted words', `"cat.png" isn't an image`, `"a dog" isn't an image`],
  ['words in single quotes', "Unsupported value: 'low'.", "Unsupported value: 'very high'."],
  ['words in backticks', 'unknown field `a b`', 'unknown field `c`'],
  ['addresses', 'cannot fetch https://a.test/x?y=z now', 'cannot fetch http://b.test/ now'],
  ['names of files', 'photo.jpeg is too large', 'chart.png is too large'],
])('two messages that differ only in %s are the same', (_, one, other) => {
  expect(comparableMessage(one)).toBe(comparableMessage(other));
});

test.each([
  ["the model doesn't take images, so it can't answer", "the model doesn't take sounds, so it can't answer"],
  ['no replica', 'no disk'],
])('"%s" and "%s" are different', (one, other) => {
  expect(comparableMessage(one)).not.toBe(comparableMessage(other));
});
