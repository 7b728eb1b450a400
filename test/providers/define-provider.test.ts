import { expect, test } from 'vitest';
import { completion } from '../../src/providers/completion.ts';
import { defineProvider, type ProviderDefinition } from '../../src/providers/define-provider.ts';
import type { ReplyFacts } from '../../src/providers/http/failures.ts';
import { objectOf, textOf } from '../../src/providers/http/wire-value.ts';
import type { Route } from '../../src/providers/route.ts';
import { audio, chatRequest, ENV, KEY, memoryLoader, testModel, text, user, WAV } from '../helpers/ask.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';

/** A protocol that shares nothing with chat completions: its own path, a form as its body, its own reply. */
const FORM: Omit<Route, 'url'> = {
  auth: { keyHeaders: (key) => ({ 'x-form-key': key }) },
  media: { modalities: ['text', 'audio'], imageUrl: false, audioUrl: false },
  ranges: [{ name: 'temperature', wire: 'temperature', low: 0, high: 1 }],
  outgoing: ({ messages }, sourceOf) => {
    const pieces = messages
      .flatMap(({ content }) => content)
      .flatMap((part) => {
        if (part.type === 'text') return [Buffer.from(part.text)];
        const source = sourceOf(part);
        return source.type === 'bytes' ? [Buffer.from(source.base64)] : [];
      });
    const content = pieces.flatMap((piece) => [Buffer.from('--b\r\n\r\n'), piece, Buffer.from('\r\n')]);
    return { body: { contentType: 'multipart/form-data; boundary=b', content }, headers: { 'x-form': 'yes' } };
  },
  reply: {
    read: (body, facts) => transcript(textOf(objectOf(body)['transcript']), facts),
    fold: () => {
      let transcript = '';
      return {
        add: ({ word }) => {
          transcript += textOf(word) ?? '';
          return true;
        },
        text: () => transcript,
        finished: () => transcript.endsWith('.'),
        body: () => ({ transcript }),
      };
    },
  },
};

function transcript(words: string | null, facts: ReplyFacts) {
  const unknown = { usage: null, servedModel: null, replyId: null, reasoning: null };
  return completion({ text: words, finishReason: 'stop', refused: false, ...unknown }, facts);
}

function formProvider(more: Partial<ProviderDefinition> = {}) {
  return defineProvider({
    description: 'a protocol with forms',
    modalities: ['text', 'audio'],
    sends: ['deployment'],
    route: ({ endpoint }) => ({ url: new URL(`${endpoint}/audio/transcripts`), ...FORM }),
    ...more,
  });
}

const formModel = (endpoint: string, more = {}) => testModel('openai', { endpoint, ...more });

async function askForm(endpoint: Endpoint, more = {}) {
  const model = formModel(endpoint.url, more);
  const client = await formProvider().create(model, { env: ENV, media: memoryLoader() });
  const { signal } = new AbortController();
  return client
    .complete(chatRequest([user(text('hear'), audio())], model.params), { signal })
    .finally(() => client.close?.());
}

test('a definition may have its own path, body, headers and reply', async () => {
  await using endpoint = await startEndpoint({ json: { transcript: 'one two' } });

  const { text: answer } = await askForm(endpoint);

  const [request] = endpoint.requests;
  expect(answer).toBe('one two');
  expect([request?.path, request?.body]).toEqual([
    '/audio/transcripts',
    `--b\r\n\r\nhear\r\n--b\r\n\r\n${WAV.base64}\r\n`,
  ]);
  expect(request?.headers).toMatchObject({
    'content-type': 'multipart/form-data; boundary=b',
    'x-form': 'yes',
    'x-form-key': KEY,
  });
});

test('a definition may have its own events of a stream', async () => {
  await using endpoint = await startEndpoint({
    headers: { 'content-type': 'text/event-stream' },
    body: 'data: {"word":"one "}\n\ndata: {"word":"two."}\n\n',
  });

  expect((await askForm(endpoint, { stream: true })).text).toBe('one two.');
});

test('a sample’s parameter outside of the range of a route is unsupported', async () => {
  await using endpoint = await startEndpoint({ json: { transcript: 'one' } });
  const client = await formProvider().create(formModel(endpoint.url), { env: ENV, media: memoryLoader() });

  const asking = client.complete(chatRequest([user(text('a'))], { temperature: 2 }), {
    signal: new AbortController().signal,
  });

  await expect(asking).rejects.toMatchObject({ kind: 'unsupported' });
  expect(endpoint.requests).toHaveLength(0);
  await client.close?.();
});

test('optional settings that a definition does not send are notes', () => {
  const model = formModel('https://h', { detail: 'low', deployment: 'blue' });

  const params = () => ({ notSent: ['seed'], why: 'it has none' }) as const;
  const notes = formProvider({ params }).notes({ ...model, params: { seed: 1, temperature: 0 } });

  expect(notes).toEqual(['m1: seed is not sent: it has none', expect.stringMatching(/^m1: detail is not sent: /)]);
});

test('parameters that a model is known to refuse are notes, unless they are not sent or accepted', () => {
  const opus = formModel('https://h', { model: 'claude-opus-4-7', params: { temperature: 0, topP: 1, maxTokens: 9 } });
  const use = { notSent: ['topP'], why: 'it has none' } as const;

  expect(formProvider().notes(opus)).toEqual([
    'm1: claude-opus-4-7 answers temperature, topP with an error (Claude migration guides, BerriAI/litellm #26444 of 2026-11-29) · to leave them out: params: {temperature: null, topP: null}',
  ]);
  expect(formProvider({ params: () => use }).notes(opus)).toEqual([
    'm1: topP is not sent: it has none',
    expect.stringMatching(/ answers temperature with an error .* to leave it out: params: \{temperature: null\}$/),
  ]);
  expect(
    formProvider({ params: () => ({ ...use, notSent: [], accepted: ['temperature', 'topP'] }) }).notes(opus),
  ).toEqual([]);
});

test('the limits of the endpoint are those of the table of models', () => {
  const maverick = formModel('https://r.services.ai.azure.com/openai/v1', { model: 'Llama-4-Maverick' });

  expect(formProvider().mediaSupport(maverick)).toMatchObject({ maxImages: 1, maxAudioBytes: 25 * 2 ** 20 });
});

test('a route without authorisation sends no key and needs none', async () => {
  const provider = formProvider({ route: () => ({ url: new URL('https://h'), ...FORM, auth: null }) });
  const model = formModel('https://h');

  expect(provider.auth(model)).toEqual({ type: 'none' });
  expect(provider.problems(model, {})).toEqual([]);
});

test('an error that is not about the settings is thrown, not reported as a problem', () => {
  const provider = formProvider({
    route: () => {
      throw new TypeError('a fault of the program');
    },
  });

  expect(() => provider.problems(formModel('https://h'), ENV)).toThrow(TypeError);
});
