import { expect, test } from 'vitest';
import { createSecrets } from '../../src/providers/secrets.ts';

test.each([
  ['the shorter first', ['sk-12345', 'sk-12345-4711-full']],
  ['the longer first', ['sk-12345-4711-full', 'sk-12345']],
])('of a secret that begins with another nothing stays, %s', (_, keys) => {
  const secrets = createSecrets();
  for (const key of keys) secrets.add(key);

  expect(secrets.hide('key sk-12345-4711-full, then sk-12345.')).toBe('key [redacted], then [redacted].');
  expect(secrets.hideInReply('key sk-12345-4711-full')).toBe('key [redacted]');
});
