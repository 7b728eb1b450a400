import { describe, expect, test } from 'vitest';
import { google } from '../../src/providers/google.ts';
import type { FailureKind } from '../../src/result.ts';
import type { ModelConfig } from '../../src/types.ts';
import {
  ask,
  assistant,
  audio,
  ENV,
  failureOf,
  image,
  KEY,
  MP3,
  PNG,
  system,
  testModel,
  text,
  url,
  user,
  WAV,
} from '../helpers/ask.ts';
import { type Endpoint, type Reply, startEndpoint } from '../helpers/endpoint.ts';

const gemini = (endpoint: Endpoint, more: Partial<ModelConfig> = {}) =>
  testModel('google', { endpoint: endpoint.url, model: 'gemini-x', ...more });

const candidate = (parts: unknown, finishReason: unknown = 'STOP') => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, index: 0 }],
});
const whole = {
  ...candidate([{ text: 'Paris' }]),
  usageMetadata: {
    promptTokenCount: 300,
    candidatesTokenCount: 2,
    thoughtsTokenCount: 8,
    totalTokenCount: 310,
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: 42 },
      { modality: 'IMAGE', tokenCount: 258 },
    ],
  },
  modelVersion: 'gemini-x-001',
  responseId: 'resp_1',
};

async function answer(reply: Reply, more: Partial<ModelConfig> = {}) {
  await using endpoint = await startEndpoint(reply);
  return await ask(gemini(endpoint, more));
}

describe('the URL', () => {
  test.each<readonly [more: Partial<ModelConfig>, expected: string]>([
    [{}, 'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent'],
    [
      { stream: true },
      'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:streamGenerateContent?alt=sse',
    ],
    [{ model: 'models/gemini-x' }, 'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent'],
    [
      { model: 'tunedModels/mine' },
      'https://generativelanguage.googleapis.com/v1beta/tunedModels/mine:generateContent',
    ],
    [
      { endpoint: 'https://generativelanguage.googleapis.com/v1' },
      'https://generativelanguage.googleapis.com/v1/models/gemini-x:generateContent',
    ],
    [{ endpoint: 'https://g.example/v1beta/models' }, 'https://g.example/v1beta/models/gemini-x:generateContent'],
    [
      { endpoint: 'https://g.example/v1beta/models/gemini-x:generateContent' },
      'https://g.example/v1beta/models/gemini-x:generateContent',
    ],
    [
      { endpoint: 'https://gateway.example/gemini' },
      'https://gateway.example/gemini/v1beta/models/gemini-x:generateContent',
    ],
  ])('of %j is %s', (more, expected) => {
    expect(google.url(testModel('google', { model: 'gemini-x', ...more }))).toBe(expected);
  });

  test.each(['a/b/c', 'x?key=1', 'x:y', 'other/x', 'models/../../secret', '..'])(
    'rejects the model name %s',
    (model) => {
      expect(google.problems(testModel('google', { model }), ENV).map((problem) => problem.message)).toEqual([
        `m1: "${model}" is not a generateContent model name`,
      ]);
    },
  );
});

describe('a request', () => {
  test('says the key in its own header', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(gemini(endpoint));

    expect(endpoint.requests[0]?.url).toBe('/v1beta/models/gemini-x:generateContent');
    expect(endpoint.requests[0]?.headers['x-goog-api-key']).toBe(KEY);
    expect(endpoint.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('holds only contents when nothing is configured', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(gemini(endpoint));

    expect(endpoint.requests[0]?.body).toBe('{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}');
  });

  test('holds the system message apart, media inline, and answers as the model’s', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const messages = [
      system('be brief'),
      user(text('a'), image(), audio(MP3), audio(WAV)),
      assistant('b'),
      user(text('c')),
    ];

    await ask(gemini(endpoint), messages);

    expect(endpoint.requests[0]?.json).toEqual({
      systemInstruction: { parts: [{ text: 'be brief' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'a' },
            { inlineData: { mimeType: 'image/png', data: PNG.base64 } },
            { inlineData: { mimeType: 'audio/mp3', data: MP3.base64 } },
            { inlineData: { mimeType: 'audio/wav', data: WAV.base64 } },
          ],
        },
        { role: 'model', parts: [{ text: 'b' }] },
        { role: 'user', parts: [{ text: 'c' }] },
      ],
    });
  });

  test('holds every setting by its name on the wire, and extra members beside or in the configuration', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const params = {
      temperature: 0,
      topP: 0.5,
      maxTokens: 7,
      stop: ['x'],
      seed: 1,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      reasoningEffort: 'low',
      responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' } },
    } as const;
    const extraBody = { safetySettings: [], generationConfig: { topK: 3 } };

    await ask(gemini(endpoint, { params, extraBody }));

    expect(endpoint.requests[0]?.json).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
      generationConfig: {
        temperature: 0,
        topP: 0.5,
        maxOutputTokens: 7,
        stopSequences: ['x'],
        seed: 1,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
        thinkingConfig: { thinkingLevel: 'LOW' },
        topK: 3,
      },
      safetySettings: [],
    });
    expect(google.notes(testModel('google', { params }))).toEqual([
      'm1: responseFormat.name is not sent: the protocol has no such setting',
    ]);
  });

  test.each([
    ['json_object', { generationConfig: { responseMimeType: 'application/json' } }],
    ['text', {}],
  ] as const)('asks for %s by %j', async (type, expected) => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(gemini(endpoint, { params: { responseFormat: { type } } }));

    const { contents, ...rest } = Object(endpoint.requests[0]?.json);
    expect(rest).toEqual(expected);
  });

  test('passes on the name of an uploaded file with remoteMedia: pass', async () => {
    await using endpoint = await startEndpoint({ json: whole });
    const uri = 'https://generativelanguage.googleapis.com/v1beta/files/abc';

    await ask(gemini(endpoint, { remoteMedia: 'pass' }), [user(image(url(uri)), audio(url(uri)))]);

    expect(endpoint.requests[0]?.json).toMatchObject({
      contents: [{ parts: [{ fileData: { fileUri: uri } }, { fileData: { fileUri: uri } }] }],
    });
  });

  test('fetches what is behind a URL with remoteMedia inline', async () => {
    await using endpoint = await startEndpoint({ json: whole });

    await ask(gemini(endpoint, { remoteMedia: 'inline' }), [user(image(url('https://e.com/a.png')))]);

    expect(endpoint.requests[0]?.json).toMatchObject({
      contents: [{ parts: [{ inlineData: { mimeType: 'image/png' } }] }],
    });
  });
});

describe('an answer', () => {
  test('is read whole', async () => {
    expect(await answer({ json: whole })).toEqual({
      text: 'Paris',
      finishReason: 'stop',
      refused: false,
      usage: expect.objectContaining({
        promptTokens: 300,
        completionTokens: 10,
        totalTokens: 310,
        reasoningTokens: 8,
        textTokens: 42,
        imageTokens: 258,
        audioTokens: null,
      }),
      servedModel: 'gemini-x-001',
      requestId: 'resp_1',
    });
  });

  test('joins its parts and keeps its thoughts apart', async () => {
    const json = candidate([{ text: 'France', thought: true }, { text: 'Pa' }, { text: 'ris' }]);

    expect(await answer({ json })).toMatchObject({ text: 'Paris', reasoning: 'France' });
  });

  test.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['OTHER', 'OTHER'],
    ['LANGUAGE', 'LANGUAGE'],
    ['constructor', 'constructor'],
    ['max_tokens', 'length'],
    ['FINISH_REASON_UNSPECIFIED', 'unknown'],
    [undefined, 'unknown'],
  ])('that stopped by %s has finish reason %s', async (wire, expected) => {
    const json = { candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: wire }] };

    expect((await answer({ json })).finishReason).toBe(expected);
  });

  test('that calls a function has no text', async () => {
    expect(await answer({ json: candidate([{ functionCall: { name: 'f' } }]) })).toMatchObject({
      text: '',
      finishReason: 'tool_calls',
    });
  });

  test('whose tokens were all spent on thoughts is cut', async () => {
    expect(await answer({ json: { candidates: [{ finishReason: 'MAX_TOKENS' }] } })).toMatchObject({
      text: '',
      finishReason: 'length',
    });
  });

  test.each(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY'])(
    'stopped by %s is filtered, with what came and what was billed',
    async (reason) => {
      const failure = await failureOf(answer({ json: { ...whole, ...candidate([{ text: 'It is' }], reason) } }));

      expect([failure.kind, failure.message]).toEqual([
        'content_filter',
        `the answer was stopped by the content filter (${reason})`,
      ]);
      expect(failure.details).toMatchObject({
        partial: 'It is',
        usage: { totalTokens: 310 },
        servedModel: 'gemini-x-001',
      });
    },
  );

  test('that is thoughts alone is empty', async () => {
    expect(await answer({ json: candidate([{ text: 'hm', thought: true }]) })).toMatchObject({
      text: '',
      reasoning: 'hm',
    });
    const json = {
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 5, thoughtsTokenCount: 7 },
    };
    expect(await answer({ json })).toMatchObject({ text: '', finishReason: 'stop' });
  });

  test.each(['LANGUAGE', 'OTHER', 'MALFORMED_FUNCTION_CALL'])(
    'without a text is a failure that names %s',
    async (finishReason) => {
      const failure = await failureOf(answer({ json: { candidates: [{ finishReason }] } }));

      expect([failure.kind, failure.message]).toEqual([
        'invalid_response',
        `the reply has no content (${finishReason})`,
      ]);
    },
  );

  test.each<readonly [name: string, reply: Reply, kind: FailureKind]>([
    ['a blocked prompt', { json: { promptFeedback: { blockReason: 'SAFETY' } } }, 'content_filter'],
    ['no candidates', { json: {} }, 'invalid_response'],
    ['an empty list of candidates', { json: { candidates: [] } }, 'invalid_response'],
    ['a candidate without parts', { json: { candidates: [{ finishReason: 'STOP' }] } }, 'invalid_response'],
    ['an error of status 200', { json: { error: { code: 503, status: 'UNAVAILABLE', message: 'x' } } }, 'server'],
    [
      'an exhausted quota',
      { status: 429, json: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x' } } },
      'rate_limit',
    ],
    ['a list', { json: [] }, 'invalid_response'],
  ])('is not %s', async (_name, reply, kind) => {
    expect((await failureOf(answer(reply))).kind).toBe(kind);
  });
});

describe('a stream', () => {
  const SSE = { 'content-type': 'text/event-stream' };
  const body = (events: readonly unknown[]) => events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join('');
  const events = [
    { ...candidate([{ text: 'hm', thought: true }], null), modelVersion: 'gemini-x-001' },
    candidate([{ text: 'Pa' }], null),
    { ...candidate([{ text: 'ris' }]), usageMetadata: whole.usageMetadata, responseId: 'resp_1' },
  ];

  test('becomes the answer that a whole one would be', async () => {
    const completion = await answer({ headers: SSE, body: body(events) }, { stream: true });

    expect(completion).toMatchObject({
      text: 'Paris',
      reasoning: 'hm',
      finishReason: 'stop',
      servedModel: 'gemini-x-001',
      requestId: 'resp_1',
      usage: { totalTokens: 310 },
    });
  });

  test.each<readonly [name: string, events: readonly unknown[], kind: FailureKind, partial: string | undefined]>([
    ['cut', events.slice(0, -1), 'network', 'Pa'],
    [
      'cut, with feedback that blocks nothing',
      [{ ...candidate([{ text: 'Pa' }], null), promptFeedback: { safetyRatings: [] } }],
      'network',
      'Pa',
    ],
    ['of a blocked prompt', [{ promptFeedback: { blockReason: 'SAFETY' } }], 'content_filter', undefined],
    ['with an error', [...events.slice(0, 2), { error: { code: 503, message: 'x' } }], 'server', 'Pa'],
  ])('%s is not an answer', async (_name, sent, kind, partial) => {
    const failure = await failureOf(answer({ headers: SSE, body: body(sent) }, { stream: true }));

    expect([failure.kind, failure.details.partial]).toEqual([kind, partial]);
  });
});
