import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlCommand } from '../../src/report-page/curl.ts';

const MODEL = {
  provider: 'openai',
  wireModel: 'gpt-4o',
  endpoint: 'https://example.org/v1/',
  keyVariable: 'OPENAI_API_KEY',
  system: 'Be brief.',
  params: { temperature: 0, maxTokens: 5 },
};

/** What a shell makes of a command: its words, with curl replaced by a program that prints them. */
function words(command: string): readonly string[] {
  const script = command.replace(/^curl/, "printf '%s\\0'");
  return execFileSync('/bin/sh', ['-c', script], { env: { OPENAI_API_KEY: 'SECRET', PATH: process.env.PATH } })
    .toString()
    .split('\0')
    .slice(0, -1);
}

test('names the variable of the key and not the key', () => {
  const command = curlCommand(MODEL, { prompt: 'Hello', media: [] }) ?? '';

  expect(command).toContain('Authorization: Bearer $OPENAI_API_KEY');
  expect(words(command)).toEqual([
    'https://example.org/v1/chat/completions',
    '-H',
    'Authorization: Bearer SECRET',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
      ],
      temperature: 0,
      max_tokens: 5,
    }),
  ]);
});

test('reads media from their files', () => {
  const media = [
    { name: "it's.jpg", kind: 'image', href: "../it's.jpg" },
    { name: 'a.wav', kind: 'audio' },
  ] as const;
  const command = curlCommand(MODEL, { prompt: 'MEDIA0.', media }) ?? '';

  expect(command).toContain(`data:image/jpeg;base64,'"$(base64 -w0 '../it'\\''s.jpg')"'`);
  expect(command).toContain(`'"$(base64 -w0 'a.wav')"'","format":"wav"`);
  expect(command).toContain('"text":"MEDIA0."');
});

test('whatever a prompt holds, the shell passes it on as one word of JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (prompt) => {
      const body = words(curlCommand({ ...MODEL, system: null }, { prompt, media: [] }) ?? '').at(-1) ?? '';

      expect(JSON.parse(body).messages[0].content[0].text).toBe(prompt);
      expect(body).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 40 },
  );
});

test('has no command for providers of other dialects', () => {
  expect(curlCommand({ ...MODEL, provider: 'google' }, { prompt: 'x', media: [] })).toBeNull();
  expect(curlCommand({ ...MODEL, endpoint: null }, { prompt: 'x', media: [] })).toBeNull();
});
