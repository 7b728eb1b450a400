/** Files that others made, through the models of the demo; skipped where their folder is absent. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { readRows } from '../helpers/tables.ts';

const REAL = resolve('../shared/real');
const HAS_FILES = existsSync(REAL);
const lacking = HAS_FILES
  ? IS_BUILT
    ? ''
    : ' (skipped: run npm run build first)'
  : ' (skipped: the folder ../shared/real is not here)';

const CONFIG = `dataset: {path: m.jsonl, mediaRoot: ${JSON.stringify(REAL)}}
skipBroken: true
models:
  - {id: ocr-tesseract, provider: local, model: ocr-tesseract, media: {image: {}}}
  - {id: ocr-ppv4, provider: local, model: ocr-ppv4}
  - {id: asr-command, provider: local, model: asr-command}
  - {id: asr-open, provider: local, model: asr-open}
scorers: [cer]
reporters: [csv]
`;

const SAMPLES = [
  { id: 'page', image: 'phototest-rotated-L.png', target: HAS_FILES ? read('phototest.gold.txt').trim() : '' },
  { id: 'balloons', image: 'ballons.png' },
  { id: 'scan', image: 'phototest.tif', target: HAS_FILES ? read('phototest.gold.txt').trim() : '' },
  { id: 'paper', file_name: 'attention.pdf' },
  { id: 'mp3', audio: 'sample.mp3' },
  { id: 'wav', audio: 'sample.wav' },
  { id: 'telephone', audio: 'LDC93S1_pcms16le_1_8000.wav' },
  { id: 'flac', audio: 'jfk.flac' },
];

function read(name: string): string {
  return readFileSync(resolve(REAL, name), 'utf8');
}

/** Recognition takes seconds a file, and longer on a busy machine. */
const TIMEOUT_MS = 240_000;

describe.skipIf(lacking !== '')(`files that others made${lacking}`, () => {
  let folder: Workspace;
  let code: number | string | null;
  let rows: ReturnType<typeof readRows>;
  beforeAll(async () => {
    const manifest = SAMPLES.map((sample) => `${JSON.stringify({ prompt: 'Transcribe it.', ...sample })}\n`).join('');
    folder = workspace({ 'm.jsonl': manifest, 'earsight.config.yaml': CONFIG });
    ({ code } = await startCommand(folder, ['run', '--out', 'out']).ended);
    rows = readRows(folder, 'out');
  }, TIMEOUT_MS);
  afterAll(() => folder[Symbol.dispose]());

  const row = (sample: string, model: string) =>
    rows.find((one) => one['sample_id'] === sample && one['model'] === model) ?? {};

  test('run to the end', () => {
    expect(code).toBe(0);
    expect(rows.filter(({ status }) => status === 'failed')).toEqual([]);
  });

  test('a page is read by both readers of text, a photo without text is empty', () => {
    expect(Number(row('page', 'ocr-tesseract')['score'])).toBeGreaterThan(0.9);
    expect(row('page', 'ocr-ppv4')['answer']).toContain('The quick brown dog');
    expect(['ocr-tesseract', 'ocr-ppv4'].map((model) => row('balloons', model)['answer'])).toEqual(['', '']);
  });

  test.each(['mp3', 'wav', 'telephone'])('the clip %s is heard by both recognisers of speech', (sample) => {
    for (const model of ['asr-command', 'asr-open']) {
      expect(row(sample, model)).toMatchObject({ status: 'completed', outcome: 'answered' });
      expect(row(sample, model)['answer']).not.toBe('');
    }
  });

  test('an MP3 and a WAV of the same words are heard alike', () => {
    expect(row('mp3', 'asr-open')['answer']).toContain('rose without');
    expect(row('wav', 'asr-open')['answer']).toContain('rose without');
  });

  test('a TIFF is converted for the model with media.image, and the others say so', () => {
    expect(Number(row('scan', 'ocr-tesseract')['score'])).toBeGreaterThan(0.9);
    expect(row('scan', 'ocr-ppv4')).toMatchObject({ status: 'skipped', failure_kind: 'unsupported' });
    expect(row('scan', 'ocr-ppv4')['failure_message']).toContain('media: {image: {}} converts it');
  });

  test.each([['paper', 'document; the model takes ']])('the %s is left out with what it is', (sample, reason) => {
    for (const { id } of [{ id: 'ocr-tesseract' }, { id: 'asr-open' }]) {
      expect(row(sample, id)).toMatchObject({ status: 'skipped', failure_kind: 'unsupported' });
      expect(row(sample, id)['failure_message']).toContain(reason);
    }
  });

  test('a FLAC says how to convert it', () => {
    expect(row('flac', 'asr-open')).toMatchObject({ status: 'skipped', failure_kind: 'unsupported' });
    expect(row('flac', 'asr-open')['failure_message']).toContain('media: {audio: {format: keep}} converts it');
  });
});
