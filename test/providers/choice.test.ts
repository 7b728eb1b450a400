import { expect, test } from 'vitest';
import { ask, testModel } from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

const choice = (index: unknown, content: string) => ({ index, finish_reason: 'stop', message: { content } });
const delta = (index: number, content: string, finish_reason: string | null = null) => ({
  index,
  finish_reason,
  delta: { content },
});
const SSE = { 'content-type': 'text/event-stream' };
const events = (...chunks: readonly unknown[]) => chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('');

test.each([
  ['in reverse order', [choice(1, 'no'), choice(0, 'yes')]],
  ['without numbers', [choice(undefined, 'yes'), choice(undefined, 'no')]],
  ['numbered from 1', [choice(2, 'no'), choice(1, 'yes')]],
  ['with numbers that are none', [choice('x', 'yes'), choice(null, 'no')]],
])('the answer among choices %s is the first by number', async (_name, choices) => {
  await using endpoint = await startEndpoint({ json: { choices } });

  expect((await ask(testModel('openai', { endpoint: `${endpoint.url}/v1` }))).text).toBe('yes');
});

test.each([
  [
    'in events of their own',
    [
      { choices: [delta(1, 'n')] },
      { choices: [delta(0, 'y')] },
      { choices: [delta(1, 'o', 'length')] },
      { choices: [delta(0, 'es', 'stop')] },
    ],
  ],
  ['in one event', [{ choices: [delta(1, 'no', 'length'), delta(0, 'yes', 'stop')] }]],
])('streamed choices %s are not mixed', async (_name, chunks) => {
  await using endpoint = await startEndpoint({ headers: SSE, body: events(...chunks) });

  const answer = await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }));

  expect([answer.text, answer.finishReason]).toEqual(['yes', 'stop']);
});

test('a stream that ends before choice 0 does has no answer, whatever the other choices say', async () => {
  const body = events({ choices: [delta(0, 'ye')] }, { choices: [delta(1, 'no', 'stop')] });
  await using endpoint = await startEndpoint({ headers: SSE, body });

  const answer = ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }));

  await expect(answer).rejects.toMatchObject({ kind: 'network', details: { partial: 'ye' } });
});

test.each([false, true])('the answer of Google is candidate 0, streamed: %s', async (stream) => {
  const candidates = [
    { index: 1, content: { parts: [{ text: 'no' }] }, finishReason: 'STOP' },
    { index: 0, content: { parts: [{ text: 'yes' }] }, finishReason: 'STOP' },
  ];
  await using endpoint = await startEndpoint(
    stream ? { headers: SSE, body: events({ candidates }) } : { json: { candidates } },
  );

  expect((await ask(testModel('google', { endpoint: endpoint.url, stream }))).text).toBe('yes');
});
