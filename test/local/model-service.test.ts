import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { loadModelService, type Reading, type ReadRequest } from '../../src/local/model-service.ts';
import { isLocalModelName, LOCAL_MODELS } from '../../src/local/models/registry.ts';
import { RequestError } from '../../src/local/request-error.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const names = Object.keys(LOCAL_MODELS).filter(isLocalModelName);
const services = new Map<string, (request: ReadRequest) => Promise<Reading>>();

beforeAll(async () => {
  for (const name of names) services.set(name, await loadModelService(name));
}, 60_000);

function ask(name: string, prompt: string, bytes: Buffer, medium: 'image' | 'audio'): Promise<Reading> {
  const service = services.get(name);
  if (service === undefined) throw new Error(`${name} was not loaded`);
  return service({ prompt, media: { medium, base64: bytes.toString('base64'), param: 'x' } });
}

const demo = (file: string) => readFileSync(new URL(`../../datasets/demo/${file}`, import.meta.url));

// The contract of every registered model, whoever adds it.
test.each(names)('%s says what it is', (name) => {
  const model = LOCAL_MODELS[name];
  expect(['image', 'audio']).toContain(model.medium);
  expect(model.description).not.toBe('');
  expect(model.recogniser).toMatch(/\d+\.\d+/);
});

test.each(names)('%s answers nothing with nothing, without an error', async (name) => {
  const { medium } = LOCAL_MODELS[name];
  const empty = medium === 'image' ? pngBytes({ width: 200, height: 80 }) : wavBytes({ seconds: 0.3 });
  const reading = await ask(name, `Transcribe the ${medium}.`, empty, medium);
  expect(reading.refusal).toBeNull();
  expect(typeof reading.content).toBe('string');
});

test.each(names)('%s declines what it cannot do and describes itself', async (name) => {
  const { medium } = LOCAL_MODELS[name];
  const file = medium === 'image' ? pngBytes({ width: 64, height: 64 }) : wavBytes({ seconds: 0.2 });
  const reading = await ask(name, `Describe the ${medium} in one sentence.`, file, medium);
  expect(reading.content).toBeNull();
  expect(reading.refusal).toContain('not a language model');
  expect(reading.refusal).toContain(name);
});

test.each(names)('%s declines a request without a file', async (name) => {
  const reading = await services.get(name)?.({ prompt: 'Transcribe.', media: null });
  expect(reading).toMatchObject({ content: null, mediaTokens: 0 });
  expect(reading?.refusal).toContain('holds none');
});

test.each(names)('%s says that broken bytes are broken, and reads the next file', async (name) => {
  const { medium } = LOCAL_MODELS[name];
  const failure = ask(name, 'Transcribe the text.', Buffer.from('garbage'), medium);
  await expect(failure).rejects.toBeInstanceOf(RequestError);
  const file = medium === 'image' ? pngBytes({ width: 64, height: 64 }) : wavBytes({ seconds: 0.2 });
  expect((await ask(name, 'Transcribe the text.', file, medium)).refusal).toBeNull();
});

test('invalid base64 is rejected before it is decoded', async () => {
  const media = { medium: 'image', base64: 'not base64!', param: 'messages[0].content[1]' } as const;
  await expect(services.get('ocr-tesseract')?.({ prompt: 'Transcribe the text.', media })).rejects.toMatchObject({
    details: { status: 400, code: 'invalid_base64', param: 'messages[0].content[1]' },
  });
});

test.each(['ocr-tesseract', 'ocr-ppv4'])('%s answers from a picture and counts its lines', async (name) => {
  const receipt = await ask(name, 'What is the total?', demo('images/receipt-grocer.png'), 'image');
  expect(receipt).toMatchObject({ refusal: null, content: expect.stringMatching(/^\d+ ?\. ?\d\d$/) });
  expect(receipt.mediaTokens).toBeGreaterThanOrEqual(10);
  const absent = await ask(name, 'What is the gratuity?', demo('images/receipt-grocer.png'), 'image');
  expect(absent).toMatchObject({ content: null, refusal: expect.stringContaining('found no answer') });
});

test('ocr-ppv4 reads a page on its side', async () => {
  const { content } = await ask('ocr-ppv4', 'Transcribe the text.', demo('images/rotation-quarter.png'), 'image');
  expect(content).toContain('Meter readings are due');
});

test.each(['asr-command', 'asr-open'])('%s counts a clip in stretches of 80 ms', async (name) => {
  const { mediaTokens } = await ask(name, 'Transcribe the audio.', wavBytes({ seconds: 1 }), 'audio');
  expect(mediaTokens).toBe(13);
});

test('asr-command hears an MP3', async () => {
  const clip = readFileSync(new URL('../fixtures/local/turn-on-the-fan.mp3', import.meta.url));
  const { content } = await ask('asr-command', 'What was said?', clip, 'audio');
  expect(content).toBe('turn on the fan in the attic');
});
