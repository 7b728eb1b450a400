import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Outcome, type Workspace, workspace } from './helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from './helpers/endpoint.ts';
import { pngBytes, wavBytes } from './helpers/media.ts';
import { readPage } from './helpers/page-file.ts';

const KEY = 'k-3f2a9c77d1e84b0c';
const TOKEN = 'entra-token-5d0b1c';
const chart = pngBytes({ width: 8, height: 8, seed: 1 });
const clip = wavBytes({ seconds: 0.1, seed: 2 });

const CHART_QUESTION = 'Which peculiar conclusion about LLMs and SLMs can be extracted from the following chart?';
const AUDIO_QUESTION = 'Please translate this audio snippet to spanish.';
const AUDIO_SYSTEM = 'You are an AI assistant for translating and transcribing audio clips.';

const manifest = [
  { id: 'capital', prompt: 'What is the capital of France?', target: 'Paris', meta: { kind: 'text' } },
  {
    id: 'chart',
    prompt: CHART_QUESTION,
    image: 'chart.png',
    target: 'small',
    scorer: 'includes',
    meta: { kind: 'image' },
  },
  {
    id: 'chart-url',
    prompt: CHART_QUESTION,
    image: 'https://example.com/chart.jpg',
    target: 'small',
    scorer: 'includes',
    meta: { kind: 'image' },
  },
  {
    id: 'greeting',
    system: AUDIO_SYSTEM,
    prompt: AUDIO_QUESTION,
    audio: 'clips/hello.wav',
    target: 'Hola. ¿Cómo estás?',
    meta: { kind: 'audio' },
  },
  {
    id: 'greeting-url',
    system: AUDIO_SYSTEM,
    prompt: AUDIO_QUESTION,
    audio: 'https://example.com/hello.mp3',
    target: 'Hola. ¿Cómo estás?',
    meta: { kind: 'audio' },
  },
  {
    id: 'history',
    messages: [
      { role: 'user', content: 'My name is Ada.' },
      { role: 'assistant', content: 'Hello Ada.' },
      { role: 'user', content: 'What is my name?' },
    ],
    target: ['Ada'],
  },
  {
    id: 'turns',
    turns: [
      { prompt: 'Say one.', target: 'one' },
      { prompt: 'And two?', target: 'two' },
    ],
  },
];

const config = (url: string) => `
dataset: manifest.jsonl
name: article
models:
  - id: phi-key
    provider: azure
    endpoint: ${url}/models
    model: Phi-4-multimodal-instruct
    auth: {type: key, env: AZURE_INFERENCE_CREDENTIAL}
    params: {temperature: 0, topP: 1, maxTokens: 2048}
    price: {promptPerMillion: 0.08, audioPromptPerMillion: 4, completionPerMillion: 0.32}
  - id: phi-entra
    provider: azure
    endpoint: ${url}/api/models
    model: Phi-4-multimodal-instruct
    auth: {type: entra, scope: https://cognitiveservices.azure.com/.default}
    audioEncoding: audio_url
  - id: local-server
    provider: openai
    endpoint: ${url}/v1
    model: any
    auth: {type: none}
scorers: [exact]
`;

/** Answers as the article does, and by what was asked. */
const ANSWERS: Readonly<Record<string, string>> = {
  'What is the capital of France?': 'Paris',
  [CHART_QUESTION]: 'Larger models are better, but =small ones surprise.',
  [AUDIO_QUESTION]: 'Hola. ¿Cómo estás?',
  'What is my name?': 'Ada',
  'Say one.': 'one',
  'And two?': 'two',
};

interface Body {
  readonly messages: readonly { readonly content: string | readonly { readonly text?: string }[] }[];
}

function answerFor(body: unknown): unknown {
  const content = (body as Body).messages.at(-1)?.content ?? '';
  const text = typeof content === 'string' ? content : (content.find((part) => part.text !== undefined)?.text ?? '');
  return chatCompletion(ANSWERS[text] ?? 'I do not know.', {
    usage: { prompt_tokens: 77, completion_tokens: 7, total_tokens: 84 },
  });
}

/** Figures that differ from run to run; the others are compared byte for byte. */
const VOLATILE = ['run_id', 'latency_ms', 'rtfx', 'queue_ms', 'retry_wait_ms', 'started_at'];

function masked(csv: string): string {
  const [header = [], ...rows]: string[][] = parse(csv);
  const steady = rows.map((row) => {
    const isLatency = row.some((cell) => cell.startsWith('latency_ms_') || cell === 'rtfx');
    return row.map((cell, column) => {
      const name = header[column] ?? '';
      const isTime = VOLATILE.some((volatile) => name === volatile || name.endsWith(`.${volatile}`));
      const isFigure = isLatency && ['value', 'ci_low', 'ci_high'].includes(name);
      return cell !== '' && (isTime || isFigure) ? '*' : cell;
    });
  });
  return stringify([header, ...steady]);
}

describe('a run of the article over three models', () => {
  let endpoint: Endpoint;
  let folder: Workspace;
  let outcome: Outcome;

  beforeAll(async () => {
    endpoint = await startEndpoint((request) => ({ json: answerFor(request.json) }));
    folder = workspace({
      'earsight.config.yaml': config(endpoint.url),
      'manifest.jsonl': manifest.map((line) => `${JSON.stringify(line)}\n`).join(''),
      'chart.png': chart,
      'clips/hello.wav': clip,
    });
    outcome = await folder.run(['run', '--out', 'out'], {
      env: { AZURE_INFERENCE_CREDENTIAL: KEY },
      credential: { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    });
  });
  afterAll(async () => {
    await endpoint.close();
    folder[Symbol.dispose]();
  });

  const bodies = (path: string) => endpoint.requests.filter((request) => request.path === path).map(({ body }) => body);

  test('ends well and says what it wrote', () => {
    expect(outcome.stderr).toContain('results.csv');
    expect(outcome.code).toBe(0);
  });

  const params = { temperature: 0, top_p: 1, max_tokens: 2048 };
  const imageParts = (url: string) => [
    { type: 'text', text: CHART_QUESTION },
    { type: 'image_url', image_url: { url } },
  ];
  const dataUrl = `data:image/png;base64,${chart.toString('base64')}`;
  const audioMessages = (part: object) => [
    { role: 'system', content: AUDIO_SYSTEM },
    { role: 'user', content: [{ type: 'text', text: AUDIO_QUESTION }, part] },
  ];
  const model = 'Phi-4-multimodal-instruct';

  test.each([
    [
      'an image as a data URL',
      '/models/chat/completions',
      { model, messages: [{ role: 'user', content: imageParts(dataUrl) }], ...params },
    ],
    [
      'an image by its URL',
      '/models/chat/completions',
      { model, messages: [{ role: 'user', content: imageParts('https://example.com/chart.jpg') }], ...params },
    ],
    [
      'audio as input_audio',
      '/models/chat/completions',
      {
        model,
        messages: audioMessages({ type: 'input_audio', input_audio: { data: clip.toString('base64'), format: 'wav' } }),
        ...params,
      },
    ],
    [
      'audio by its URL',
      '/api/models/chat/completions',
      { model, messages: audioMessages({ type: 'audio_url', audio_url: { url: 'https://example.com/hello.mp3' } }) },
    ],
    [
      'audio as a data URL',
      '/api/models/chat/completions',
      {
        model,
        messages: audioMessages({
          type: 'audio_url',
          audio_url: { url: `data:audio/wav;base64,${clip.toString('base64')}` },
        }),
      },
    ],
  ])('sends %s byte for byte as the article does', (_what, path, body) => {
    expect(bodies(path)).toContain(JSON.stringify(body));
  });

  test('sends history as it stands and lets the model’s own answer enter the next turn', () => {
    const histories = bodies('/v1/chat/completions').map((body) =>
      (JSON.parse(body) as Body).messages.map(({ content }) => content),
    );

    expect(histories).toContainEqual(['My name is Ada.', 'Hello Ada.', 'What is my name?']);
    expect(histories).toContainEqual(['Say one.', 'one', 'And two?']);
  });

  test('authorises with key and with token, and asks with the api-version', () => {
    const [byKey] = endpoint.requests.filter(({ path }) => path.startsWith('/models'));
    const [byToken] = endpoint.requests.filter(({ path }) => path.startsWith('/api'));

    expect(byKey?.headers['api-key']).toBe(KEY);
    expect(byToken?.headers['authorization']).toBe(`Bearer ${TOKEN}`);
    expect(byToken?.headers['api-key']).toBeUndefined();
    expect(byKey?.query.get('api-version')).toBe('2024-05-01-preview');
  });

  test.each(['results.csv', 'compare.csv', 'summary.csv'])('writes %s as the golden file has it', async (name) => {
    const golden = fileURLToPath(new URL(`golden/end-to-end-${name}`, import.meta.url));

    await expect(masked(folder.read(`out/${name}`))).toMatchFileSnapshot(golden);
  });

  test('keeps keys and tokens out of everything it writes and prints, and media bytes out of all but report.html', () => {
    const page = folder.read('out/report.html');
    const written = folder
      .list('out')
      .filter((name) => name !== 'report.html')
      .map((name) => folder.read(`out/${name}`));
    const secrets = [KEY, TOKEN, chart.toString('base64').slice(0, 60), clip.toString('base64').slice(0, 60)];
    const embedded = JSON.stringify(readPage(page));

    expect(written.length).toBeGreaterThan(3);
    for (const secret of [KEY, TOKEN]) expect(`${page}${embedded}`).not.toContain(secret);
    for (const text of [...written, outcome.stdout, outcome.stderr]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});
