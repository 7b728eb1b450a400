import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { billing, type Tariff } from '../helpers/billing.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

/** How the configured model counts, so that its estimate is right to the token. */
const OWN: Tariff = { media: 'Phi-4-multimodal-instruct', perMessage: 2, perRequest: 1 };
/** A deployment whose name hides another model behind a gateway that adds words of its own. */
const HIDDEN: Tariff = { media: 'gpt-4o-audio-preview', perMessage: 4, perRequest: 37, textFactor: 1.3, perImage: 3 };

const config = (
  endpoint: Endpoint,
  price = '{promptPerMillion: 1, audioPromptPerMillion: 2, completionPerMillion: 3}',
) => `
dataset: manifest.jsonl
models:
  - id: phi
    provider: openai
    endpoint: ${endpoint.url}/v1
    model: Phi-4-multimodal-instruct
    auth: {type: none}
    price: ${price}
`;

const WORDS = 'the quick brown fox jumps over a lazy dog while models read images and hear sounds'.split(' ');
const question = (length: number) => `${Array.from({ length }, (_, index) => WORDS[index % WORDS.length]).join(' ')}?`;

/** `count` samples of each kind: texts of all lengths, images of all shapes, clips of half a second to some seconds. */
function dataset(count: number): Readonly<Record<string, string | Buffer>> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const lines = numbers.flatMap((n) => [
    { id: `text-${n}`, prompt: question(3 + 7 * n) },
    { id: `image-${n}`, prompt: question(2 + n), image: `image-${n}.png` },
    { id: `clip-${n}`, prompt: question(4 + n), audio: `clip-${n}.wav` },
  ]);
  return {
    'manifest.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    ...Object.fromEntries(
      numbers.flatMap((n) => [
        [`image-${n}.png`, pngBytes({ width: 150 + 171 * n, height: 1500 - 97 * n, seed: n })],
        [`clip-${n}.wav`, wavBytes({ seconds: 0.5 + 0.7 * n, seed: n })],
      ]),
    ),
  };
}

/** The figures of `summary.csv` over the whole dataset. */
function summaryOf(folder: Workspace, run: string): ReadonlyMap<string, number> {
  const rows: Record<string, string>[] = parse(folder.read(`${run}/summary.csv`), { columns: true });
  return new Map(
    rows.filter(({ slice }) => slice === 'all').map(({ metric = '', value = '' }) => [metric, Number(value)]),
  );
}

const PROMPT_PARTS = ['prompt', 'text', 'image', 'audio'];

test('an endpoint that bills by the model’s rules is estimated to the token', async () => {
  await using endpoint = await startEndpoint(billing(OWN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  const { code } = await folder.run(['run', '--out', 'out']);
  const figures = summaryOf(folder, 'out');

  expect(code).toBe(0);
  for (const part of PROMPT_PARTS)
    expect([figures.get(`estimate_${part}_tokens_bias`), figures.get(`estimate_${part}_tokens_mae`)]).toEqual([0, 0]);
});

test('an endpoint with hidden rules is estimated within 2 % after a calibration', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  const calibrated = await folder.run(['calibrate', 'first']);
  const second = await folder.run(['run', '--out', 'second']);

  expect([calibrated.code, second.code]).toEqual([0, 0]);
  expect(calibrated.stdout).toContain('calibration.json: phi');
  expect(second.stderr).toContain('calibrated by calibration.json');
  const [before, after] = [summaryOf(folder, 'first'), summaryOf(folder, 'second')];
  for (const part of PROMPT_PARTS) {
    expect(before.get(`estimate_${part}_tokens_relative_error`)).toBeGreaterThan(0.1);
    expect(after.get(`estimate_${part}_tokens_relative_error`)).toBeLessThan(0.02);
  }
});
