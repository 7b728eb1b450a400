/** The embedded endpoint over HTTP, as the vendor's own client and as a careless or hostile one meet it. */

import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalServer, startLocalServer } from '../../src/local/server.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const demo = (file: string) => readFileSync(new URL(`../../datasets/demo/${file}`, import.meta.url));
/** Threads run compiled code; `npm test` builds it first. */
const workerUrl = new URL('../../dist/local/engine-worker.js', import.meta.url);

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer({ workerUrl });
}, 60_000);
afterAll(() => server.close());

const imagePart = (bytes: Buffer, type = 'image/png') => ({
  type: 'image_url' as const,
  image_url: { url: `data:${type};base64,${bytes.toString('base64')}` },
});
const clipPart = (bytes: Buffer, format: 'wav' | 'mp3' = 'wav') => ({
  type: 'input_audio' as const,
  input_audio: { data: bytes.toString('base64'), format },
});
const bodyOf = (model: string, ...parts: readonly object[]) => ({
  model,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Transcribe the text.' }, ...parts] }],
});

function post(body: object | string, path = '/chat/completions'): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A whole PNG of 20,000 by 20,000 black pixels, one bit each compressed to almost nothing. */
function bomb(): Buffer {
  const side = 20_000;
  const chunk = (type: string, data: Buffer) => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(typed.length + 8);
    framed.writeUInt32BE(data.length, 0);
    typed.copy(framed, 4);
    framed.writeUInt32BE(crc32(typed), framed.length - 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0], 8);
  const pixels = deflateSync(Buffer.alloc((side + 1) * side), { level: 9 });
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

test('the official client lists the models and gets an answer about a picture and a clip', async () => {
  const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 });
  const listed = await client.models.list();
  expect(listed.data.map(({ id }) => id)).toEqual(['ocr-tesseract', 'ocr-ppv4', 'asr-command', 'asr-open']);
  const ask = (
    model: string,
    text: string,
    part: ReturnType<typeof imagePart> | ReturnType<typeof clipPart>,
  ): Promise<OpenAI.ChatCompletion> =>
    client.chat.completions.create({
      model,
      messages: [{ role: 'user', content: [{ type: 'text', text }, part] }],
    });
  const picture = await ask('ocr-tesseract', 'What is the total?', imagePart(demo('images/receipt-grocer.png')));
  expect(picture.choices[0]?.message.content).toBe('21.38');
  expect(picture.usage?.prompt_tokens).toBeGreaterThan(0);
  const clip = await ask('asr-command', 'Transcribe the audio.', clipPart(demo('audio/command-timer.wav')));
  expect(clip.choices[0]?.message.content).toBe('set a timer for twenty five minutes');
  expect(clip.usage?.completion_tokens).toBeGreaterThan(0);
}, 30_000);

const picture = imagePart(pngBytes({ width: 64, height: 64 }));
const wav = wavBytes({ seconds: 0.5 });

type Refused = readonly [name: string, status: number, body: () => object | string];

const REFUSED: readonly Refused[] = [
  ['garbage for a picture', 400, () => bodyOf('ocr-ppv4', imagePart(Buffer.from('garbage')))],
  ['garbage for a picture, to the other reader', 400, () => bodyOf('ocr-tesseract', imagePart(Buffer.from('garbage')))],
  ['a small PNG of 400 megapixels', 400, () => bodyOf('ocr-ppv4', imagePart(bomb()))],
  ['garbage for a clip', 400, () => bodyOf('asr-open', clipPart(Buffer.from('garbage')))],
  ['an MP3 of four bytes', 400, () => bodyOf('asr-command', clipPart(Buffer.from('fffb9064', 'hex'), 'mp3'))],
  ['a truncated WAV', 400, () => bodyOf('asr-command', clipPart(wav.subarray(0, wav.length / 2)))],
  ['a clip for a reader', 400, () => bodyOf('ocr-ppv4', clipPart(wav))],
  ['a picture for a listener', 400, () => bodyOf('asr-command', picture)],
  ['two pictures', 400, () => bodyOf('ocr-ppv4', picture, picture)],
  [
    'a remote URL',
    400,
    () => bodyOf('ocr-ppv4', { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
  ],
  ['what is not JSON', 400, () => '{"model":'],
  ['an unknown model', 404, () => bodyOf('gpt-4o', picture)],
  ['a body that is too large', 413, () => `"${'x'.repeat(29 * 2 ** 20)}"`],
];

test.each(REFUSED)(
  '%s is a %i in the vendor’s shape, and the next request is served',
  async (_, status, body) => {
    const refused = await post(body());
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toBe('application/json');
    expect(await refused.json()).toEqual({
      error: {
        message: expect.stringMatching(/\S/),
        type: expect.any(String),
        param: expect.toSatisfy((param) => param === null || typeof param === 'string'),
        code: expect.any(String),
      },
    });
    const next = await post(bodyOf('ocr-ppv4', picture));
    expect(next.status).toBe(200);
  },
  30_000,
);

test('the PNG of 400 megapixels is as small as the one that ends other servers', () => {
  expect(bomb().length).toBeLessThan(400_000);
});

test.each([
  ['POST', '/nowhere', 404],
  ['GET', '/chat/completions', 405],
  ['POST', '/models', 405],
])('%s %s is a %i', async (method, path, status) => {
  const response = await fetch(`${server.url}${path}`, { method });
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
});

test('an idle connection stays open for a minute', async () => {
  const response = await fetch(`${server.url}/models`);
  expect(response.headers.get('keep-alive')).toBe('timeout=60');
  await response.arrayBuffer();
});

test('a port that is taken is a usage error that names it', async () => {
  const port = Number(new URL(server.url).port);

  await expect(startLocalServer({ workerUrl, port, models: [] })).rejects.toMatchObject({
    name: 'InputError',
    message: `port ${port} is in use · choose another port, or 0 for any free one`,
  });
});

const DEMO_CLIP = 'audio/command-timer.wav';

function upload(fields: Readonly<Record<string, string | File>>): Promise<Response> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return fetch(`${server.url}/audio/transcriptions`, { method: 'POST', body });
}

const clipFile = (bytes = demo(DEMO_CLIP)) => new File([new Uint8Array(bytes)], 'clip.wav', { type: 'audio/wav' });

test('transcribes an upload of the openai client with the same words as in a conversation', async () => {
  const client = new OpenAI({ apiKey: 'none', baseURL: server.url });

  const transcript = await client.audio.transcriptions.create({ file: clipFile(), model: 'asr-command' });
  const chat = await post(bodyOf('asr-command', clipPart(demo(DEMO_CLIP))));

  const { choices } = (await chat.json()) as { choices: { message: { content: string } }[] };
  expect(transcript.text).toBe(choices[0]?.message.content);
  expect(transcript.text).not.toBe('');
  expect(transcript.usage).toEqual({ type: 'duration', seconds: (demo(DEMO_CLIP).length - 44) / 32_000 });
});

test('streams a transcript, and tells its length in the verbose form', async () => {
  const streamed = await upload({ file: clipFile(), model: 'asr-command', stream: 'true' });
  const verbose = await upload({ file: clipFile(), model: 'asr-command', response_format: 'verbose_json' });

  const events = (await streamed.text()).trim().split('\n\n');
  const { text, duration } = (await verbose.json()) as { text: string; duration: number };
  expect(events.map((event) => JSON.parse(event.replace('data: ', '')))).toMatchObject([
    { type: 'transcript.text.delta', delta: text },
    { type: 'transcript.text.done', text, usage: { type: 'duration', seconds: duration } },
  ]);
});

test.each([
  ['no file', { model: 'asr-command' }, 400, 'file'],
  ['a file that is text', { file: 'abc', model: 'asr-command' }, 400, 'file'],
  ['no model', { file: clipFile(Buffer.from('x')) }, 400, 'model'],
  ['an unknown model', { file: clipFile(Buffer.from('x')), model: 'whisper-1' }, 404, 'model'],
  ['a model for images', { file: clipFile(Buffer.from('x')), model: 'ocr-ppv4' }, 400, 'file'],
  ['a clip that is none', { file: clipFile(Buffer.from('x')), model: 'asr-command' }, 400, 'file'],
  [
    'subtitles',
    { file: clipFile(Buffer.from('x')), model: 'asr-command', response_format: 'srt' },
    400,
    'response_format',
  ],
])('rejects a form with %s', async (_, fields, status, param) => {
  const response = await upload(fields);

  const { error } = (await response.json()) as { error: { param: string } };
  expect([response.status, error.param]).toEqual([status, param]);
});

test.each([
  ['JSON', 'application/json', '{}', 415],
  ['a form without its boundary', 'multipart/form-data', 'x', 400],
  [
    'a form that is cut',
    'multipart/form-data; boundary=b',
    '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nasr',
    400,
  ],
])('rejects %s in the place of a form', async (_, type, body, status) => {
  const response = await fetch(`${server.url}/audio/transcriptions`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });

  expect(response.status).toBe(status);
});
