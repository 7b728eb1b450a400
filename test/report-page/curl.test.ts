import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curlCommand } from '../../src/report-page/curl.ts';
import type { PageMedia } from '../../src/reporters/html/page-data.ts';

const MODEL = {
  provider: 'openai',
  wireModel: 'gpt-4o',
  sent: { url: 'https://api.openai.com/v1/chat/completions', params: { temperature: 0, maxTokens: 5 } },
  auth: 'key',
  keyVariable: 'MY_KEY',
  system: 'Be brief.',
  template: null,
  extraBody: null,
};

const asked = (prompt: string, media: readonly PageMedia[] = []) => ({ id: 's', prompt, media, group: null, meta: {} });
const commandOf = (
  model: Partial<Parameters<typeof curlCommand>[0]>,
  sample: Parameters<typeof curlCommand>[1],
  earlier?: readonly string[],
) => curlCommand({ ...MODEL, ...model }, sample, earlier === undefined ? {} : { earlier }) ?? '';
const bodyOf = (command: string) => JSON.parse(words(command).at(-1) ?? '');

/** What a shell makes of a command: its words, with curl replaced by a program that prints them. */
function words(command: string): readonly string[] {
  const script = command.replace(/^curl/, "printf '%s\\0'");
  return execFileSync('/bin/sh', ['-c', script], { env: { MY_KEY: 'SECRET', PATH: process.env.PATH } })
    .toString()
    .split('\0')
    .slice(0, -1);
}

test('names the variable of the key and not the key', () => {
  const command = commandOf({}, asked('Hello'));

  expect(command).toContain('Authorization: Bearer $MY_KEY');
  expect(words(command)).toEqual([
    'https://api.openai.com/v1/chat/completions',
    ...['-H', 'Authorization: Bearer SECRET'],
    ...['-H', 'Content-Type: application/json'],
    '-d',
    JSON.stringify({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      temperature: 0,
      max_tokens: 5,
    }),
  ]);
});

test('repeats the earlier turns of a conversation with their media, and the template of the model', () => {
  const sample = {
    ...asked('', [{ name: 'a.png', kind: 'image' }]),
    turns: [
      { prompt: 'one', images: 1, audio: 0 },
      { prompt: 'two', images: 0, audio: 0 },
    ],
  };
  const { messages } = bodyOf(commandOf({ system: null, template: 'Q: {{prompt}} ({{id}})' }, sample, ['first']));

  expect(messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: 'data:image/png;base64,' } },
        { type: 'text', text: 'Q: one (s)' },
      ],
    },
    { role: 'assistant', content: 'first' },
    { role: 'user', content: 'Q: two (s)' },
  ]);
});

test('reads media from their files', () => {
  const media = [
    { name: "it's.jpg", kind: 'image', href: "../it's.jpg" },
    { name: 'a.wav', kind: 'audio' },
  ] as const;
  const command = commandOf({}, asked('MEDIA0.', media));

  expect(command).toContain(`data:image/jpeg;base64,'"$(base64 -w0 '../it'\\''s.jpg')"'`);
  expect(command).toContain(`'"$(base64 -w0 'a.wav')"'","format":"wav"`);
  expect(command).toContain('"text":"MEDIA0."');
});

test.each([
  [
    'anthropic',
    { url: 'https://api.anthropic.com/v1/messages', params: { maxTokens: 5 } },
    ['x-api-key: SECRET', 'Content-Type: application/json', 'anthropic-version: 2023-06-01'],
    { model: 'gpt-4o', max_tokens: 5, system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] },
  ],
  [
    'google',
    { url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini:generateContent', params: { maxTokens: 5 } },
    ['x-goog-api-key: SECRET', 'Content-Type: application/json'],
    {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: { maxOutputTokens: 5 },
    },
  ],
  [
    'azure',
    { url: 'https://r.services.ai.azure.com/openai/v1/chat/completions', params: {} },
    ['api-key: SECRET', 'Content-Type: application/json'],
    {
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    },
  ],
  [
    'openai',
    { url: 'https://api.openai.com/v1/responses', params: { maxTokens: 5 } },
    ['Authorization: Bearer SECRET', 'Content-Type: application/json'],
    {
      ...{ model: 'gpt-4o', instructions: 'Be brief.', input: [{ role: 'user', content: 'Hi' }] },
      ...{ max_output_tokens: 5, store: false },
    },
  ],
])('asks %s as the provider does', (provider, sent, headers, body) => {
  const all = words(commandOf({ provider, sent }, asked('Hi')));

  expect(all[0]).toBe(sent.url);
  expect(all.filter((_, index) => all[index - 1] === '-H')).toEqual(headers);
  expect(JSON.parse(all.at(-1) ?? '')).toEqual(body);
});

test('whatever a prompt holds, the shell passes it on as one word of JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (prompt) => {
      const body = words(commandOf({ system: null }, asked(prompt))).at(-1) ?? '';

      expect(JSON.parse(body).messages[0].content).toBe(prompt);
      expect(body).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
    { numRuns: 40 },
  );
});

test('has no command for providers without a body of JSON, and where the URL is not known', () => {
  expect(commandOf({ provider: 'transcription' }, asked('x'))).toBe('');
  expect(curlCommand({ ...MODEL, sent: null }, asked('x'), {})).toBeNull();
});
