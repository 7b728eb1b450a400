import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { JournalEntry } from '../../src/journal/journal-line.ts';
import { soundFile } from '../../src/journal/sounds.ts';
import { keepSounds, soundsOf } from '../../src/queue/sent-sounds.ts';
import { workspace } from '../helpers/cli.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { wavBytes } from '../helpers/media.ts';
import { NO_REDIS, startRedis } from '../helpers/redis.ts';
import { answered } from '../helpers/results.ts';
import { readRows } from '../helpers/tables.ts';

vi.setConfig({ testTimeout: 120_000 });

const clip = wavBytes({ seconds: 0.1, seed: 4 });
const SOUND = {
  sha256: createHash('sha256').update(clip).digest('hex'),
  mediaType: 'audio/wav',
  byteLength: clip.length,
  seconds: 0.1,
};

const HIDDEN = { ...SOUND, sha256: 'f'.repeat(64) };
const base64 = clip.toString('base64');

/** The result of a conversation whose first answer has the sound too. */
function spokenEntry(sound = SOUND): JournalEntry {
  const data = answered(1);
  if (data.status !== 'completed') throw new Error('not an answer');
  return { type: 'result', cell: 0, data: { ...data, sound, earlierSounds: [null, sound] } };
}

describe('sounds beside a result', () => {
  const keep = async (sounds: readonly { readonly sound: typeof SOUND; readonly base64: string }[], sound = SOUND) => {
    using folder = workspace();
    const said: string[] = [];
    const entry = await keepSounds({ entry: spokenEntry(sound), sounds }, folder.directory, 0o600, (_, line) =>
      said.push(line),
    );
    return { entry, said, files: folder.list('.') };
  };

  test('are written by their hash, and the result stays as it is', async () => {
    expect(await keep([{ sound: SOUND, base64 }])).toEqual({
      entry: spokenEntry(),
      said: [],
      files: [soundFile(SOUND)],
    });
  });

  test('that hold other bytes than their hash says are not written, and the result says that they are lost', async () => {
    const { entry, said, files } = await keep([{ sound: HIDDEN, base64 }], HIDDEN);
    const lost = { ...HIDDEN, isLost: true };
    expect(entry).toMatchObject({ data: { sound: lost, earlierSounds: [null, lost] } });
    expect(said).toEqual([expect.stringContaining('could not be kept (other bytes arrived than the worker had)')]);
    expect(files).toEqual([]);
  });

  test('that the worker has lost are lost at the coordinator', async () => {
    const { entry } = await keep([]);
    expect(entry).toMatchObject({ data: { sound: { isLost: true } } });
  });

  test('that a worker cannot read do not keep its answer back', () => {
    const unreadable = () => {
      throw new Error('ENOENT');
    };
    expect(soundsOf(spokenEntry(), unreadable)).toEqual([]);
    expect(soundsOf(spokenEntry(), () => base64)).toEqual([
      { sound: SOUND, base64 },
      { sound: SOUND, base64 },
    ]);
  });
});

test.skipIf(NO_REDIS !== null)('a spoken answer of a worker is a file in the run of the coordinator', async () => {
  await using redis = await startRedis();
  const message = { role: 'assistant', content: null, audio: { id: 'a', data: base64, transcript: 'Hello.' } };
  await using endpoint = await startEndpoint({ json: { choices: [{ index: 0, finish_reason: 'stop', message }] } });
  const model = `{id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: key, env: KEY}, params: {voice: alloy}}`;
  using here = workspace({
    'manifest.csv': 'id,prompt,target\na,Say hello.,hello\nb,Again.,hello\n',
    'earsight.config.yaml': `dataset: manifest.csv\nmodels: [${model}]\nscorers: [exact]\nreporters: [csv]\n`,
  });
  const [run, worker] = await Promise.all([
    here.run(['run', '--queue', redis.url, '--out', 'out', '--yes']),
    here.run(['worker', '--queue', redis.url, '--out', 'w'], { env: { KEY: 'k-0f1e2d3c4b5a6978' } }),
  ]);

  expect([run.code, worker.code]).toEqual([0, 0]);
  expect(readRows(here, 'out')).toMatchObject([
    { answer: 'Hello.', spoken_seconds: '0.1' },
    { answer: 'Hello.', spoken_seconds: '0.1' },
  ]);
  expect(readFileSync(join(here.directory, 'out', soundFile(SOUND)))).toEqual(clip);
});
