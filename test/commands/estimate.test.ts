import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadEncoding } from '../../src/tokens/text-tokens.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { uncommented } from '../helpers/uncommented.ts';

const PHI = `id: phi, provider: azure, endpoint: "https://x.services.ai.azure.com/models", model: Phi-4-multimodal-instruct, auth: {type: key, env: NOT_SET}`;
const LOCAL = `id: local, provider: openai, endpoint: "http://127.0.0.1:1/v1", model: custom, auth: {type: none}`;

const configOf = (...models: readonly string[]) =>
  ['dataset: manifest.jsonl', 'models:', ...models.map((model) => `  - {${model}}`), ''].join('\n');
const jsonl = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const SAMPLES = [
  { id: 'text', prompt: 'What is the capital of France?' },
  { id: 'image', prompt: 'What is this?', image: 'chart.png' },
  { id: 'clip', prompt: 'Transcribe.', audio: 'clip.wav' },
];
const FILES = {
  'manifest.jsonl': jsonl(SAMPLES),
  'chart.png': pngBytes({ width: 1024, height: 1024 }),
  'clip.wav': wavBytes({ seconds: 10 }),
};

interface Document {
  readonly models: readonly Record<string, unknown>[];
  readonly warnings: readonly string[];
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly [member: string]: unknown;
}

/** Runs `estimate --json` and parses what it printed. */
async function estimated(folder: ReturnType<typeof workspace>, more: readonly string[] = []) {
  const outcome = await folder.run(['estimate', '--json', ...more]);
  const document: Document = JSON.parse(outcome.stdout);
  return { ...outcome, document };
}

describe('the figures', () => {
  test('are the sums of what each sample costs by the rules, with shares and price', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(`${PHI}, params: {maxTokens: 100}`) });

    const { code, document } = await estimated(folder);

    expect(code).toBe(0);
    expect(document['dataset']).toMatchObject({ path: 'manifest.jsonl', samples: 3 });
    // 7 + 4 + 3 tokens of text; 2 a message and 1 a request; 1024 x 1024 px; 12.5 a second.
    expect(document.models).toMatchObject([
      {
        ...{ id: 'phi', cells: 3, requests: 3, skipped: 0, unusable: 0, unpricedCells: 0, earlier: null },
        tokens: {
          text: { expected: 14, rules: ['phi-4'], confidence: 'exact' },
          template: { low: 9, expected: 9, high: 9 },
          image: { expected: 2625, rules: ['phi-4-multimodal'] },
          audio: { expected: 125, confidence: 'close' },
          completion: { low: 3, expected: 300, high: 300, rules: ['maxTokens'], confidence: 'guess' },
          prompt: { expected: 2773 },
          total: { expected: 3073 },
        },
        // 23 + 2625 at 0.08, 125 at 4 and 300 at 0.32 USD a million.
        costUsd: { expected: 0.00080784 },
        costByPartUsd: { text: 0.00000184, image: 0.00021, audio: 0.0005, completion: 0.000096 },
        shares: { audio: { tokens: 125 / 3073, cost: 0.0005 / 0.00080784 } },
        priceSource: expect.stringContaining('read 20'),
        minutes: null,
        dearest: [
          { sampleId: 'clip', line: 3, tokens: 231 },
          { sampleId: 'image', line: 2 },
          { sampleId: 'text', line: 1 },
        ],
      },
    ]);
  });

  test('are multiplied by the repeats and count every request of a conversation', async () => {
    const turns = { id: 'turns', turns: [{ prompt: 'Say one.' }, { prompt: 'And two?' }] };
    using folder = workspace({
      'manifest.jsonl': jsonl([turns]),
      'earsight.config.yaml': configOf(`${PHI}, params: {maxTokens: 10}`),
    });

    const [once, thrice] = [await estimated(folder), await estimated(folder, ['--repeat', '3'])];

    expect(once.document.models).toMatchObject([{ cells: 1, requests: 2, tokens: { completion: { expected: 20 } } }]);
    expect(thrice.document.models).toMatchObject([{ cells: 3, requests: 6, tokens: { completion: { expected: 60 } } }]);
  });

  test('leave out content that a model does not support, and say so', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(`${PHI}, modalities: [text, image]`) });

    const { document } = await estimated(folder);

    expect(document.models).toMatchObject([{ cells: 2, skipped: 1, tokens: { audio: { high: 0, rules: [] } } }]);
    expect(document.warnings).toEqual([expect.stringContaining('manifest.jsonl:3 phi skips 1 of 3 samples')]);
  });

  test('of text are those of the encoding, whatever the text', async () => {
    const count = await loadEncoding('o200k');
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).filter((s) => s.trim() !== ''),
          { minLength: 1, maxLength: 5 },
        ),
        async (prompts) => {
          const rows = prompts.map((prompt, index) => ({ id: `s${index}`, prompt }));
          using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(PHI) });

          const { document } = await estimated(folder);

          const expected = prompts.reduce((sum, prompt) => sum + count(prompt), 0);
          expect(document.models).toMatchObject([{ tokens: { text: { expected } } }]);
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('needs neither keys nor endpoints that the environment has not named yet: the Azure model of init can be estimated', async () => {
  using folder = workspace();
  await folder.run(['init']);
  folder.write({ 'earsight.config.yaml': uncommented(folder.read('earsight.config.yaml')) });

  const { code, stdout, stderr } = await folder.run(['estimate', '--json', '--model', 'phi-4-mm']);

  expect([code, stderr.includes('is not a URL')]).toEqual([0, false]);
  expect(JSON.parse(stdout).models[0]).toMatchObject({ id: 'phi-4-mm@terse', cells: 6 });
});

describe('money', () => {
  test('of a model without a price is unpriced: the word in the table and in JSON, an empty cell in CSV', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(LOCAL) });

    const table = await folder.run(['estimate', '--csv', 'cells.csv']);
    const { document } = await estimated(folder);

    expect(table.stdout).toMatch(/^local .* unpriced/m);
    expect(document).toMatchObject({ costUsd: 'unpriced', models: [{ costUsd: 'unpriced', priceSource: null }] });
    const rows: Record<string, string>[] = parse(folder.read('cells.csv'), { columns: true });
    expect(rows.map((row) => [row['cost_usd_expected'], row['price_source']])).toEqual(SAMPLES.map(() => ['', '']));
  });

  test('never bills audio at the text rate: such cells count as unpriced', async () => {
    const price = 'price: {promptPerMillion: 1, completionPerMillion: 1}, params: {maxTokens: 1}';
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(`${PHI}, ${price}`) });

    const { document } = await estimated(folder);
    const table = await folder.run(['estimate']);

    expect(document.models).toMatchObject([
      {
        unpricedCells: 1,
        unpricedParts: ['audio'],
        priceSource: 'configuration',
        costByPartUsd: { audio: 'unpriced' },
      },
    ]);
    expect(document.models).toMatchObject([{ costUsd: { expected: 0.002644 }, shares: { image: { cost: null } } }]);
    expect(table.stdout).toContain('≥$0.00264');
    expect(table.stdout).toContain('unpriced: 1 of 3 cells, no rate for audio');
  });

  test('adds up without drift over many samples', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({ id: `s${index}`, prompt: 'Hello' }));
    const price = 'price: {promptPerMillion: 0.1, completionPerMillion: 0.7}, params: {maxTokens: 1}';
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(`${PHI}, ${price}`) });

    const { document } = await estimated(folder);

    // 1 + 3 tokens at 0.1 and one at 0.7 USD a million.
    expect(document.models).toMatchObject([{ costUsd: { expected: 0.0011 } }]);
  });
});

describe('minutes', () => {
  test.each([
    ['requests', '{requestsPerMinute: 2}', 1.5],
    ['tokens', '{tokensPerMinute: 100, requestsPerMinute: 600}', 0.54],
    ['concurrency alone', '{concurrency: 1}', null],
  ])('are those of the slower of the configured rates: %s', async (_what, limits, minutes) => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, prompt: 'Hello' }));
    const model = `${PHI}, params: {maxTokens: 14}, limits: ${limits}`;
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(model) });

    const { document } = await estimated(folder);

    expect(document.models).toMatchObject([{ minutes }]);
  });

  test('of models that share a quota are those of all of them', async () => {
    const rows = ['a', 'b', 'c'].map((id) => ({ id, prompt: 'Hello' }));
    const variants = 'variants: [{id: plain}, {id: terse, system: Be brief.}]';
    const config = `${configOf(`${PHI}, limits: {requestsPerMinute: 1}`)}${variants}\n`;
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': config });

    const { document } = await estimated(folder);

    expect(document.models.map(({ id, minutes }) => [id, minutes])).toEqual([
      ['phi@plain', 6],
      ['phi@terse', 6],
    ]);
  });
});

describe('answers', () => {
  const usage = { prompt_tokens: 10, completion_tokens: 30, total_tokens: 40 };

  test('are as long as those of an earlier run of the manifest, also of its first part', async () => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('ok', { usage }) }));
    const model = `id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: gpt-4o, auth: {type: none}`;
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(model) });

    await folder.run(['run', '--limit', '1', '--out', 'results/first']);
    const { document } = await estimated(folder);
    const { stdout } = await folder.run(['estimate', '--details']);

    expect(document.models).toMatchObject([
      {
        tokens: { completion: { low: 90, expected: 90, high: 90, rules: ['earlier runs'] } },
        earlier: { run: 'first', answers: 1, meanTokens: 30 },
      },
    ]);
    expect(stdout).toContain('answers: 30 tokens, mean of 1 in results/first');
  });

  test.each([
    ['another manifest', { 'manifest.jsonl': jsonl([{ id: 'other', prompt: 'p' }]) }, []],
    ['another deployment', { 'earsight.config.yaml': configOf(PHI.replace('id: phi', 'id: m')) }, []],
    ['a copy of the manifest', { 'copy.jsonl': FILES['manifest.jsonl'] }, ['--dataset', 'copy.jsonl']],
  ])('of a run of %s are ignored', async (_what, changed, more) => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('ok', { usage }) }));
    const model = `id: m, provider: openai, endpoint: "${endpoint.url}/v1", model: gpt-4o, auth: {type: none}`;
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(model) });

    await folder.run(['run', '--out', 'results/first']);
    folder.write({ ...changed, 'results/broken/run.json': '{"format": "else"}', 'results/torn/run.json': '{' });
    const { document } = await estimated(folder, more);

    expect(document.models).toMatchObject([{ earlier: null, tokens: { completion: { rules: ['default length'] } } }]);
  });
});

describe('--csv', () => {
  test('writes one row per cell with the key columns of results.csv', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(PHI, `${LOCAL}, modalities: [text]`) });

    const { code } = await folder.run(['estimate', '--repeat', '2', '--csv', 'cells.csv']);
    const rows: Record<string, string>[] = parse(folder.read('cells.csv'), { columns: true });

    expect(code).toBe(0);
    expect(rows.map((row) => [row['sample_id'], row['model'], row['repeat'], row['status']].join(' '))).toEqual([
      ...['text phi 0 estimated', 'text phi 1 estimated', 'text local 0 estimated', 'text local 1 estimated'],
      ...['image phi 0 estimated', 'image phi 1 estimated', 'image local 0 skipped', 'image local 1 skipped'],
      ...['clip phi 0 estimated', 'clip phi 1 estimated', 'clip local 0 skipped', 'clip local 1 skipped'],
    ]);
    expect(rows[4]).toMatchObject({
      ...{ requests: '1', image_tokens_low: '2625', image_tokens_expected: '2625', image_tokens_high: '2625' },
      ...{ image_rule: 'phi-4-multimodal', image_confidence: 'exact', text_tokens_expected: '4' },
      ...{ template_tokens_expected: '3', completion_rule: 'default length', completion_confidence: 'guess' },
    });
    expect(Number(rows[4]?.['cost_usd_expected'])).toBeCloseTo(0.00027456, 12);
    expect(rows[6]).toMatchObject({ reason: expect.stringContaining('image'), text_tokens_expected: '' });
  });

  test('of an estimate that was stopped is not written, and no table is shown', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(PHI) });
    const stop = new AbortController();
    stop.abort(130);

    const { code, stdout } = await folder.run(['estimate', '--csv', 'cells.csv'], { stop: stop.signal });

    expect([code, stdout]).toEqual([130, '']);
    expect(folder.list()).toEqual(['chart.png', 'clip.wav', 'earsight.config.yaml', 'manifest.jsonl']);
  });

  test('that cannot be written is reported as wrong input', async () => {
    using folder = workspace({ ...FILES, 'earsight.config.yaml': configOf(PHI) });

    const { code, stderr } = await folder.run(['estimate', '--csv', 'none/cells.csv']);

    expect([code, stderr]).toEqual([2, 'none/cells.csv cannot be written (ENOENT) · choose another file\n']);
  });
});

describe('bad samples', () => {
  const whole = FILES['chart.png'];
  const zero = Buffer.from(whole).fill(0, 16, 20);
  const silent = wavBytes({ seconds: 1 }).subarray(0, 44);

  test.each([
    ['a truncated image', { 'bad.png': whole.subarray(0, whole.length - 16) }, 'image', 'it is cut off'],
    ['an image without width', { 'bad.png': zero }, 'image', 'its size is 0 x 1024 pixels'],
    ['a clip without sound', { 'bad.wav': silent }, 'audio', 'cannot be used'],
  ])('%s is named with file and line, and the others are estimated', async (_what, files, kind, message) => {
    const [name = ''] = Object.keys(files);
    const rows = [...SAMPLES, { id: 'bad', prompt: 'p', [kind]: name }, { id: 'last', prompt: 'Hello' }];
    using folder = workspace({
      ...FILES,
      ...files,
      'manifest.jsonl': jsonl(rows),
      'earsight.config.yaml': configOf(PHI, LOCAL),
    });

    const { code, document, stderr } = await estimated(folder, ['--csv', 'cells.csv']);

    expect(code).toBe(2);
    expect(document.models).toMatchObject([
      { cells: 4, unusable: 1 },
      { cells: 4, unusable: 1 },
    ]);
    expect(document.problems).toMatchObject([{ file: 'manifest.jsonl', line: 4 }]);
    expect(stderr).toMatch(new RegExp(`^manifest\\.jsonl:4 "${name}" cannot be used: .*`, 'm'));
    expect(stderr).toContain(message);
    const cells: Record<string, string>[] = parse(folder.read('cells.csv'), { columns: true });
    expect(cells.filter(({ status }) => status === 'unusable')).toHaveLength(2);
  });

  test('all rows that cannot be read are reported, and the table covers the others', async () => {
    const manifest = `${JSON.stringify({ id: 'a', prompt: 'Hello' })}\n{oops\n{"id": "b"}\n{"id": "c", "prompt": "p", "image": "no.png"}\n`;
    using folder = workspace({ 'manifest.jsonl': manifest, 'earsight.config.yaml': configOf(PHI) });

    const { code, stdout, stderr } = await folder.run(['estimate']);

    expect(code).toBe(2);
    expect(stdout).toMatch(/^phi +1 /m);
    expect(stderr.match(/^manifest\.jsonl:\d/gm)).toEqual(['manifest.jsonl:2', 'manifest.jsonl:3', 'manifest.jsonl:4']);
  });

  test.each([
    ['an empty manifest', FILES, { 'manifest.jsonl': '' }, /^manifest\.jsonl has no samples/],
    [
      'a negative price',
      FILES,
      { 'earsight.config.yaml': configOf(`${PHI}, price: {promptPerMillion: -1}`) },
      /^earsight\.config\.yaml:3:\d+ models\[0\]\.price\.promptPerMillion/,
    ],
    [
      'a mapping to an unknown rule',
      FILES,
      { 'earsight.config.yaml': configOf(`${PHI}, tokens: {image: phi-5}`) },
      /^earsight\.config\.yaml:3:\d+ "phi-5" is neither an image token rule/,
    ],
  ])('%s is reported with its position, and no table is shown', async (_what, files, broken, message) => {
    using folder = workspace({ 'earsight.config.yaml': configOf(PHI), ...files, ...broken });

    const { code, stdout, stderr } = await folder.run(['estimate']);

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('the table and its warnings', () => {
  test('show each kind of warning once, however many samples it concerns', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => ({
      id: `s${index}`,
      prompt: `p${index}`,
      image: `https://example.com/${index}.png`,
    }));
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(PHI, LOCAL) });

    const { stderr } = await folder.run(['estimate']);

    expect(stderr.split('\n').filter((line) => line !== '')).toEqual([
      'warning: https://example.com/0.png: this image is not available to measure (and 19 more)',
      expect.stringContaining('local: text is counted within a wide band'),
      expect.stringContaining('local: image has an unknown number of tokens'),
    ]);
  });

  test('show at most ten of the most expensive samples, most expensive first', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => ({
      id: `s${index}`,
      prompt: 'word '.repeat(1 + ((index * 7) % 30)),
    }));
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(PHI) });

    const { document } = await estimated(folder);
    const [model] = document.models;
    const dearest = model?.['dearest'] as readonly { readonly costUsd: number }[];

    expect(dearest).toHaveLength(10);
    expect(dearest.map(({ costUsd }) => costUsd)).toEqual(dearest.map(({ costUsd }) => costUsd).sort((a, b) => b - a));
  });

  test('show no control characters of an id', async () => {
    const rows = [{ id: 'a\u001b[31mred', prompt: 'Hello' }];
    using folder = workspace({ 'manifest.jsonl': jsonl(rows), 'earsight.config.yaml': configOf(PHI) });

    const { stdout } = await folder.run(['estimate', '--details']);

    expect(stdout).toContain('a\\x1b[31mred');
  });

  test('are short without --details: no rules, no most expensive samples', async () => {
    using folder = workspace({
      'manifest.jsonl': jsonl([{ id: 'a', prompt: 'Hello' }]),
      'earsight.config.yaml': configOf(PHI),
    });

    const short = await folder.run(['estimate']);
    const long = await folder.run(['estimate', '--details']);

    expect(long.stdout).toContain('most expensive samples\n');
    expect(short.stdout).not.toContain('counted by');
    expect(short.stdout).toContain('\ntoken rules, price sources and the most expensive samples: --details\n');
    expect(long.stdout.split('\n\n')[1]).toBe(short.stdout.split('\n\n')[1]);
  });
});
