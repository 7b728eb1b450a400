import { expect, test } from 'vitest';
import { estimateRun } from '../../src/library.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { wavBytes } from '../helpers/media.ts';

const price = (discount: string) =>
  `price: {promptPerMillion: 1, audioPromptPerMillion: 1, completionPerMillion: 2${discount}}`;
const at = (provider: string) => `provider: ${provider}, endpoint: "http://127.0.0.1:1/v1", auth: {type: none}`;

function folder(): Workspace {
  return workspace({
    'manifest.csv': 'id,prompt,target,audio\na,red,red,\nb,blue,blue,\nc,hear,teal,clip.wav\n',
    'clip.wav': wavBytes({ seconds: 1 }),
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: half, ${at('openai')}, model: gpt-4o, params: {maxTokens: 100}, limits: {requestsPerMinute: 1}, modalities: [text], ${price(', batchDiscount: 0.5')}}
  - {id: hears, ${at('openai')}, model: gpt-4o, params: {maxTokens: 100}, limits: {requestsPerMinute: 1}, modalities: [text, audio], ${price('')}}
  - {id: gemini, ${at('google')}, model: gemini-2.5-flash, params: {maxTokens: 100}, modalities: [text], ${price(', batchDiscount: 0.5')}}
  - {id: judge, role: judge, ${at('openai')}, model: gpt-4o, params: {maxTokens: 100}, ${price(', batchDiscount: 0.5')}}
scorers: [exact, {name: judge, model: judge, rubric: "A B", grades: {A: 1, B: 0}}]
`,
  });
}

test('what can go by batch has the discount of its model, and what cannot is named', async () => {
  using files = folder();

  const live = JSON.parse((await files.run(['estimate', '--json'])).stdout);
  const { code, stdout } = await files.run(['estimate', '--batch', '--json']);
  const batch = JSON.parse(stdout);

  expect(code).toBe(0);
  const expected = (document: typeof live) =>
    document.models.map(({ costUsd }: { costUsd: { expected: number } }) => costUsd.expected);
  const [half, hears, gemini, judge] = expected(live);
  expect(expected(batch)).toEqual([half / 2, hears, gemini, judge]);
  expect(batch.models).toMatchObject([
    { batch: { cells: 2, discount: 0.5 }, minutes: null, costByPartUsd: { completion: 0.0002 } },
    { batch: { cells: 2, discount: null }, minutes: null },
    { batch: { cells: 0, discount: 0.5 } },
    { role: 'judge' },
  ]);
  expect(batch.models[3].batch).toBeUndefined();
  expect(batch.warnings).toEqual(
    expect.arrayContaining([
      'hears: 1 cell cannot go by batch (audio); at the ordinary price',
      'gemini: 2 cells cannot go by batch (the provider google has no batch API that earsight knows); at the ordinary price',
      'hears: no batch discount is known, its batches are priced in full · set price.batchDiscount if your contract has one',
    ]),
  );
  expect(live.models[0]).toMatchObject({ minutes: 12 });
  expect(live.models[0].batch).toBeUndefined();
});

test('a program gets the same figures', async () => {
  using files = folder();

  const { models } = await estimateRun({ cwd: files.directory, env: {}, batch: true });

  expect(models.map(({ batch }) => batch)).toEqual([
    { cells: 2, discount: 0.5 },
    { cells: 2, discount: null },
    { cells: 0, discount: 0.5 },
    undefined,
  ]);
});

test('the table says how many cells go by batch', async () => {
  using files = folder();

  const { stdout } = await files.run(['estimate', '--batch']);

  expect(stdout).toContain('half: by batch: 2 of 2 cells, at 50.0% off\n');
  expect(stdout).toContain('hears: by batch: 2 of 3 cells, at the full price\n');
  expect(stdout).toContain('gemini: by batch: none\n');
});
