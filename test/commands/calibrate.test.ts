import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { billing, type Tariff } from '../helpers/billing.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

/** Counts like the configured model, so that its estimate is exact. */
const OWN: Tariff = { media: 'Phi-4-multimodal-instruct', perMessage: 2, perRequest: 1 };
/** A deployment that runs another model than its name says, behind a gateway that adds text to each prompt. */
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

const DEMO = fileURLToPath(new URL('../../datasets/demo/manifest.csv', import.meta.url));

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

/** The figures of `summary.csv` for the whole dataset. */
function summaryOf(folder: Workspace, run: string): ReadonlyMap<string, number> {
  const rows: Record<string, string>[] = parse(folder.read(`${run}/summary.csv`), { columns: true });
  return new Map(
    rows.filter(({ slice }) => slice === 'all').map(({ metric = '', value = '' }) => [metric, Number(value)]),
  );
}

/** Runs it all and returns the figures. */
async function measured(folder: Workspace, out: string, more: readonly string[] = []) {
  const outcome = await folder.run(['run', '--out', out, ...more]);
  return { ...outcome, figures: summaryOf(folder, out) };
}

test.each([
  ['generated media', []],
  ['the demo dataset', ['--dataset', DEMO]],
])('an endpoint that bills by the model’s rules is estimated to the token: %s', async (_what, more) => {
  await using endpoint = await startEndpoint(billing(OWN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  const { code, figures } = await measured(folder, 'out', more);

  expect(code).toBe(0);
  for (const part of ['prompt', 'image', 'audio'])
    expect([figures.get(`estimate_${part}_tokens_bias`), figures.get(`estimate_${part}_tokens_mae`)]).toEqual([0, 0]);
});

test.each([
  ['generated media', []],
  ['the demo dataset', ['--dataset', DEMO]],
])('an endpoint with hidden rules is estimated within a fiftieth after a calibration: %s', async (_what, more) => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  const before = await measured(folder, 'first', more);
  const calibrated = await folder.run(['calibrate', 'first', ...more]);
  const after = await measured(folder, 'second', more);

  expect(calibrated.code).toBe(0);
  expect(calibrated.stdout).toContain('calibration.json: phi');
  expect(after.stderr).toContain('calibrated by calibration.json');
  for (const part of ['prompt', 'image', 'audio']) {
    expect(before.figures.get(`estimate_${part}_tokens_relative_error`)).toBeGreaterThan(0.1);
    expect(after.figures.get(`estimate_${part}_tokens_relative_error`)).toBeLessThan(0.02);
  }
});

test('a part with fewer than eight samples is not fitted, and without fitted parts no file is written', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(7), 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  const outcome = await folder.run(['calibrate', 'first']);

  expect(outcome.code).toBe(3);
  expect(outcome.stderr).toContain('nothing was fitted');
  expect(outcome.stdout).toMatch(/phi +image +7 +not fitted: needs 8 samples/);
  expect(folder.list()).not.toContain('calibration.json');
});

test('eight samples of one kind are fitted while the others keep their rules', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(8), 'earsight.config.yaml': config(endpoint) });
  const images = Array.from({ length: 8 }, (_, n) => `image-${n}`);

  await folder.run(['run', '--out', 'first', '--sample', ...images, 'clip-1']);
  const { stdout } = await folder.run(['calibrate', 'first', '--out', 'elsewhere.json']);
  const { models } = JSON.parse(folder.read('elsewhere.json'));

  expect(stdout).toContain('elsewhere.json: phi');
  expect(models.phi).toMatchObject({ model: 'Phi-4-multimodal-instruct', text: null, audio: null, name: 'first' });
  expect(models.phi.image).toMatchObject({ samples: 8 });
});

test('variants share one calibration: it is fitted to all of them and used for all of them', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  const variants = 'variants: [{id: plain}, {id: terse, system: Answer in one word.}]';
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': `${config(endpoint)}${variants}\n` });
  const texts = Array.from({ length: 5 }, (_, n) => `text-${n}`);

  await folder.run(['run', '--out', 'first', '--sample', ...texts]);
  const { stdout } = await folder.run(['calibrate', 'first']);
  const estimate = JSON.parse((await folder.run(['estimate', '--json'])).stdout);

  expect(stdout).toMatch(/phi +text +10 /);
  expect(estimate.calibrationFile).toBe('calibration.json');
  expect(estimate.models.map((model: { calibration: string }) => model.calibration)).toEqual(['first', 'first']);
});

test('a later calibration keeps the entries of other models', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  const other = `  - {id: other, provider: openai, endpoint: "${endpoint.url}/v1", model: gpt-4o, auth: {type: none}}\n`;
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': `${config(endpoint)}${other}` });

  await folder.run(['run', '--out', 'first', '--model', 'phi']);
  await folder.run(['run', '--out', 'second', '--model', 'other']);
  await folder.run(['calibrate', 'first']);
  await folder.run(['calibrate', 'second']);

  expect(Object.keys(JSON.parse(folder.read('calibration.json')).models)).toEqual(['phi', 'other']);
});

test('a calibration of another deployment under the same id is reported and not used', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  await folder.run(['calibrate', 'first']);
  folder.write({
    'earsight.config.yaml': config(endpoint).replace('Phi-4-multimodal-instruct', 'gpt-4o-audio-preview'),
  });
  const { stdout, stderr } = await folder.run(['estimate', '--json']);

  expect(stderr).toContain(
    'calibration.json: "phi" is calibrated for Phi-4-multimodal-instruct, not for gpt-4o-audio-preview · calibrate it again',
  );
  expect(JSON.parse(stdout).models[0].calibration).toBeNull();
});

test('ignores conversations and answers without usage', async () => {
  await using endpoint = await startEndpoint((request) =>
    request.body.includes('turn') ? undefined : { json: chatCompletion('ok', { usage: undefined }) },
  );
  const rows = [
    { id: 'a', prompt: 'no usage' },
    { id: 'b', turns: [{ prompt: 'turn 1' }, { prompt: 'turn 2' }] },
  ];
  const manifest = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  using folder = workspace({ 'manifest.jsonl': manifest, 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  const { code, stderr } = await folder.run(['calibrate', 'first']);

  expect(code).toBe(2);
  expect(stderr).toContain('has no answer with reported tokens');
});

test('reports a row that can no longer be read and uses the others', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  folder.write({ 'manifest.jsonl': `${folder.read('manifest.jsonl')}{oops\n` });
  const { code, stderr } = await folder.run(['calibrate', 'first']);

  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: manifest\.jsonl:28/);
});

test('ignores answers to a configuration that has changed since', async () => {
  await using endpoint = await startEndpoint(billing(HIDDEN));
  using folder = workspace({ ...dataset(9), 'earsight.config.yaml': config(endpoint) });

  await folder.run(['run', '--out', 'first']);
  folder.write({ 'earsight.config.yaml': `${config(endpoint)}system: Now it is another question.\n` });
  const { code, stderr } = await folder.run(['calibrate', 'first']);

  expect(code).toBe(2);
  expect(stderr).toContain('has no answer with reported tokens to the requests of this configuration and manifest');
});

const FITTED = { offset: 1, slope: 1, samples: 8, residual: 0, bias: 0, errorBefore: 0, errorAfter: 0 };
const fileWith = (image: unknown) =>
  JSON.stringify({
    format: 'earsight-calibration',
    formatVersion: 1,
    models: { phi: { model: 'm', name: 'r', text: null, image, audio: null } },
  });

test.each([
  ['no JSON', '{', /^calibration\.json:1:\d+ /],
  ['another file', '{"format": "else"}', /^calibration\.json:1:\d+ format /],
  ['a slope that is no number', fileWith({ ...FITTED, rule: null, slope: 'x' }), /models\.phi\.image\.slope/],
  ['a rule that does not exist', fileWith({ ...FITTED, rule: 'magic' }), /"magic" is neither an image token rule/],
])('a calibration file with %s is rejected before anything is estimated', async (_what, content, message) => {
  await using endpoint = await startEndpoint();
  using folder = workspace({ ...dataset(1), 'earsight.config.yaml': config(endpoint), 'calibration.json': content });

  const { code, stderr } = await folder.run(['run']);

  expect(code).toBe(2);
  expect(stderr).toMatch(message);
  expect(endpoint.requests).toEqual([]);
});
