/** The recognisers on words and sentences drawn from seeds: real inference, nothing that was seen before. */

import { beforeAll, expect, test } from 'vitest';
import { render } from '../../datasets/generator/drawing.mjs';
import { page } from '../../datasets/generator/layouts.mjs';
import { createSpeaker, toWav, withNoise } from '../../datasets/generator/sound.mjs';
import { COMMAND } from '../../src/local/grammar.ts';
import { loadModelService, type Reading, type ReadRequest } from '../../src/local/model-service.ts';
import type { LocalModelName } from '../../src/local/models/registry.ts';
import { pick, seeded, sentenceOf, wordLines } from './fresh.ts';

type Model = (request: ReadRequest) => Promise<Reading>;

const models = new Map<LocalModelName, Model>();
let speak: Awaited<ReturnType<typeof createSpeaker>>;

beforeAll(async () => {
  const names = ['ocr-tesseract', 'ocr-ppv4', 'asr-command', 'asr-open'] as const;
  const loaded = await Promise.all(names.map((name) => loadModelService(name)));
  for (const [index, name] of names.entries()) models.set(name, loaded[index] ?? Promise.reject);
  speak = await createSpeaker();
}, 60_000);

async function transcribe(name: LocalModelName, medium: 'image' | 'audio', bytes: Buffer): Promise<string> {
  const media = { medium, base64: bytes.toString('base64'), param: 'x' };
  const reading = await models.get(name)?.({ prompt: `Transcribe the ${medium}.`, media });
  return reading?.content ?? '';
}

/** Share of the reference's words that stand in the answer, each as often as there. */
function recall(reference: string, answer: string): number {
  const left = answer.split(/\s+/);
  const words = reference.split(/\s+/);
  const found = words.filter((word) => {
    const at = left.indexOf(word);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
  return found.length / words.length;
}

const FAMILIES = ['Sans', 'Serif', 'Sans Mono'] as const;

async function pageRecall(name: LocalModelName, noise: number): Promise<number> {
  const random = seeded(2024);
  let sum = 0;
  for (const family of FAMILIES) {
    const lines = wordLines(5, 4, random);
    const file = noise === 0 ? 'page.png' : 'page.jpg';
    const svg = page(lines, { family, size: pick([18, 24, 30], random) });
    const bytes = await render({ svg, file, spoil: { noise } }, 7);
    sum += recall(lines.join(' '), await transcribe(name, 'image', bytes));
  }
  return sum / FAMILIES.length;
}

test.each(['ocr-tesseract', 'ocr-ppv4'] as const)(
  '%s reads at least 90 % of fresh words, fewer in heavy noise',
  async (name) => {
    const clean = await pageRecall(name, 0);
    expect(clean).toBeGreaterThanOrEqual(0.9);
    expect(await pageRecall(name, 110)).toBeLessThan(clean);
  },
  60_000,
);

const VOICES = ['slt', 'rms', 'awb', 'kal16'] as const;
const COMMANDS = 20;

test('asr-command hears at least 80 % of fresh commands, and fewer at 10 dB', async () => {
  const random = seeded(11);
  let clean = 0;
  let noisy = 0;
  for (let index = 0; index < COMMANDS; index += 1) {
    const words = sentenceOf(COMMAND, random);
    const sound = await speak(words, { voice: VOICES[index % VOICES.length] ?? 'rms' });
    if ((await transcribe('asr-command', 'audio', toWav(sound))) === words) clean += 1;
    if ((await transcribe('asr-command', 'audio', toWav(withNoise(sound, 10, index)))) === words) noisy += 1;
  }
  expect(clean / COMMANDS).toBeGreaterThanOrEqual(0.8);
  expect(noisy).toBeLessThan(clean);
}, 60_000);

test('asr-open recognises sentences that are not commands, where asr-command fails', async () => {
  const words = 'the president told them that he would return home in the morning';
  const clip = toWav(await speak(words, { voice: 'rms' }));
  const open = recall(words, await transcribe('asr-open', 'audio', clip));
  const command = recall(words, await transcribe('asr-command', 'audio', clip));
  expect(open).toBeGreaterThan(0.6);
  expect(command).toBeLessThan(open);
}, 60_000);
