import { describe, expect, test } from 'vitest';
import { workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const CONFIG = 'dataset: m.csv\nmodels: [{id: a, provider: openai, model: m, auth: {type: none}}]\n';

test('warns about settings that are not sent, as run and estimate do', async () => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: m.csv
models:
  - {id: a, provider: openai, model: o3, auth: {type: none}, params: {temperature: 0.5}, apiVersion: 2024-10-21}
`,
    'm.csv': 'id,prompt\nwords,hello\n',
  });
  const warnings =
    'warning: a: temperature is not sent: reasoning models reject it\n' +
    'warning: a: apiVersion is not sent: only Azure takes it\n';

  for (const command of [['validate'], ['estimate'], ['run', '--max-cost', '0.000001']])
    expect((await folder.run(command)).stderr).toContain(warnings);
});

test('warns of parameters that a model refuses, in models, variants and samples, as run and estimate do', async () => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: m.jsonl
models:
  - {id: opus, provider: anthropic, model: claude-opus-4-7, params: {temperature: 0}}
  - {id: sonnet, provider: anthropic, model: claude-sonnet-5}
variants: [{id: plain}, {id: none, params: {temperature: null}}]
`,
    'm.jsonl': '{"id": "a", "prompt": "hello"}\n{"id": "b", "prompt": "hello", "params": {"top_p": 0.5}}\n',
  });
  const refused = (id: string, names: string) =>
    expect.stringMatching(new RegExp(`^warning: ${id}: claude-\\S+ answers ${names} with an error `));

  for (const command of ['validate --no-keys', 'estimate', 'run --max-cost 0.000001']) {
    const { stderr } = await folder.run(command.split(' '), { env: { ANTHROPIC_API_KEY: 'k' } });
    expect(stderr.split('\n').filter((line) => line.includes('with an error'))).toEqual([
      refused('opus@plain', 'temperature'),
      refused('opus@plain', 'temperature, topP'),
      refused('opus@none', 'topP'),
      refused('sonnet@plain', 'topP'),
      refused('sonnet@none', 'topP'),
    ]);
  }
});

test.each(['validate', 'estimate'])('%s warns of models that are retired or soon will be', async (command) => {
  using folder = workspace({
    'earsight.config.yaml': `dataset: m.csv
models:
  - {id: old, provider: azure, endpoint: "https://r.services.ai.azure.com", model: gpt-4o, auth: {type: none}}
  - {id: soon, provider: openai, model: gpt-4o}
  - {id: fine, provider: azure, endpoint: "https://r.services.ai.azure.com", model: Phi-4, auth: {type: none}}
`,
    'm.csv': 'id,prompt\na,hello\n',
  });
  const keys = { env: { OPENAI_API_KEY: 'k' }, now: () => Date.parse('2026-11-29T23:59:00Z') };

  const { stderr } = await folder.run([command], keys);

  expect(stderr.split('\n').filter((line) => line.includes('retired'))).toEqual([
    "warning: old: gpt-4o was retired on Azure on 2026-10-01 by Microsoft's schedule of 2026-07-07",
    "warning: soon: gpt-4o will be retired on api.openai.com on 2027-01-14, in 46 days, by OpenAI's deprecations page of 2026-10-28",
  ]);
});

test('says that the end of the model inference API is announced', async () => {
  using folder = workspace({
    'earsight.config.yaml':
      'dataset: m.csv\nmodels: [{id: a, provider: azure, endpoint: "https://r.services.ai.azure.com/models", model: m, auth: {type: none}}]\n',
    'm.csv': 'id,prompt\na,hello\n',
  });

  const { code, stderr } = await folder.run(['validate']);

  expect([code, stderr]).toEqual([
    0,
    'warning: a: Microsoft announced the end of the model inference API (/models) for 2026-08-26 · use https://r.services.ai.azure.com/openai/v1\n',
  ]);
});

test.each([['validate'], ['estimate'], ['run']])(
  'warnings of %s show no control characters of a file name',
  async (command) => {
    const name = 'm\u001b[31m.csv';
    using folder = workspace({
      'c.yaml': CONFIG.replace(
        'auth',
        'modalities: [text], price: {promptPerMillion: 1, completionPerMillion: 1}, auth',
      ),
      [name]: 'id,prompt,image\nwords,hello,\npicture,look,https://example.com/a.png\n',
    });

    const { stderr } = await folder.run([
      command,
      'c.yaml',
      '--dataset',
      name,
      ...(command === 'run' ? ['--max-cost', '0.000001'] : []),
    ]);

    expect(stderr).toContain('a skips 1 of 2 samples');
    expect(stderr).not.toContain('\u001b');
  },
);

test('warns about content that a model does not support and counts the cells', async () => {
  using folder = workspace({
    'c.yaml': CONFIG.replace('auth', 'modalities: [text], auth'),
    'm.csv': 'id,prompt,image\nwords,hello,\npicture,look,https://example.com/a.png\n',
  });

  const { code, stdout, stderr } = await folder.run(['validate', 'c.yaml', '--repeat', '3']);

  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      'm.csv: 2 samples x 1 model x 3 = 6 cells, no problems',
      '  to send: 3 requests for 3 cells, 3 cells are skipped',
      '  text: in 2 samples',
      '  images: in 1 sample, 1 different, 1 of them by URL',
      '',
    ].join('\n'),
  );
  expect(stderr).toBe('warning: m.csv:3 a skips 1 of 2 samples, the first on this line: image; the model takes text\n');
});

test('shows control characters of a file name as escapes', async () => {
  using folder = workspace({
    'c.yaml': CONFIG.replace('m.csv', '"m\\e[2J.csv"').replace('auth', 'modalities: [text], auth'),
    'm\u001b[2J.csv': 'prompt,image\nhello,\nlook,https://example.com/a.png\n',
  });

  const { stdout, stderr } = await folder.run(['validate', 'c.yaml']);

  expect(stdout).toContain('m\\x1b[2J.csv: 2 samples x 1 model x 1 = 2 cells, no problems\n');
  expect(stderr).toMatch(/^warning: m\\x1b\[2J\.csv:3 /);
});

test('reports a missing key, a budget without prices and a broken manifest at once', async () => {
  const priced = '{id: b, provider: openai, model: unheard-of, auth: {type: none}}';
  using folder = workspace({
    'm.csv': 'id,prompt,image,target\na,hi,missing.png,x\na,hi,,x\n',
    'earsight.config.yaml': `dataset: m.csv\nmaxCost: 1\nmodels: [{id: a, provider: openai, model: gpt-4o, auth: {type: key, env: NOPE}}, ${priced}]\n`,
  });

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(2);
  for (const part of [
    'NOPE',
    'cannot limit "b"',
    'm.csv:2:6 image "missing.png"',
    'm.csv:3:1 duplicate id "a" (first used on line 2)',
  ])
    expect(stderr).toContain(part);
});

test('warns about metadata that a template uses and no sample has', async () => {
  using folder = workspace({
    'm.csv': 'id,prompt,meta.lang\na,hi,en\n',
    'earsight.config.yaml': `${CONFIG.trimEnd().slice(0, -2)}, template: "{{prompt}} {{meta.lang}} {{meta.long}}"}]\n`,
  });

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(0);
  expect(stderr).toBe('warning: the template of a uses meta.long, which no sample has\n');
});

test('rejects a sample that lists one scorer twice', async () => {
  using folder = workspace({
    'manifest.jsonl': [
      { id: 'a', prompt: 'say', target: 'x', scorer: [{ name: 'wer' }, { name: 'wer', normalizer: 'whisper-en' }] },
      { id: 'b', prompt: 'say', target: 'x', scorer: 'wer' },
    ]
      .map((sample) => `${JSON.stringify(sample)}\n`)
      .join(''),
    'earsight.config.yaml': `dataset: manifest.jsonl
models: [{id: m, provider: openai, endpoint: "http://127.0.0.1:9/v1", model: m, auth: {type: none}}]
`,
  });

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(2);
  expect(stderr).toBe(
    'manifest.jsonl:1 scorer "wer" is listed twice · keep one, or name one with `as`: the name is a column in the results\n',
  );
});

const BOTH = `dataset: m.jsonl
models:
  - {id: eyes, provider: openai, model: m, auth: {type: none}, modalities: [text, image]}
  - {id: all, provider: openai, model: m, auth: {type: none}, modalities: [text, image, audio]}
`;

const ROWS = [
  { id: 'one', prompt: 'look', image: 'a.png', target: 'x' },
  { id: 'two', prompt: 'look again', image: ['a.png', 'b.png'], target: 'x' },
  { id: 'clip', prompt: 'listen', audio: 'c.wav', target: 'x' },
  { id: 'talk', turns: [{ user: 'hi', image: 'a.png' }, { user: 'and now?' }, { user: 'bye' }] },
];

test('says what will be sent: samples by medium, different files, bytes and length', async () => {
  const [a, b, c] = [pngBytes({ seed: 1 }), pngBytes({ seed: 2 }), wavBytes({ seconds: 1.5 })];
  using folder = workspace({
    'earsight.config.yaml': BOTH,
    'm.jsonl': ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''),
    'a.png': a,
    'b.png': b,
    'c.wav': c,
  });

  const { stdout } = await folder.run(['validate', '--json', '--repeat', '2']);

  expect(JSON.parse(stdout)).toMatchObject({
    valid: true,
    dataset: 'm.jsonl',
    format: null,
    samples: 4,
    models: ['eyes', 'all'],
    repeat: 2,
    cells: 16,
    problems: [],
    sends: {
      sentCells: 14,
      skippedCells: 2,
      // Three samples for one model, four for the other; the talk is three requests.
      requests: 2 * (2 + 3 + 3 + 3),
      text: { samples: 4 },
      image: { samples: 3, distinct: 2, bytes: a.length + b.length, urls: 0 },
      audio: { samples: 1, distinct: 1, bytes: c.length, urls: 0, seconds: 1.5 },
      // The image of the first turn is sent with each turn.
      sentMediaBytes: 2 * (2 * (a.length + a.length + b.length + 3 * a.length) + c.length),
    },
  });
});

test('prints all problems and all warnings as one document with --json, and exits with 2', async () => {
  using folder = workspace({
    'earsight.config.yaml': BOTH,
    'm.jsonl': '{"id": "007", "prompt": "look", "image": "a.png"}\n{"id": "b", "prompt": 5}\n',
  });

  const { code, stdout, stderr } = await folder.run(['validate', '--json']);
  const document = JSON.parse(stdout);

  expect(code).toBe(2);
  expect(document.valid).toBe(false);
  expect(document.problems).toEqual([
    { file: 'm.jsonl', line: 1, message: 'image "a.png" does not exist', hint: 'paths are relative to the manifest' },
    expect.objectContaining({ file: 'm.jsonl', line: 2, message: expect.stringContaining('"prompt" is a number') }),
  ]);
  expect(stderr).toContain('m.jsonl:1 image "a.png" does not exist');
});

test('--json is a document also when the configuration cannot be used', async () => {
  using folder = workspace({ 'earsight.config.yaml': 'dataset: m.csv\nmodel: []\n' });

  const { code, stdout } = await folder.run(['validate', '--json']);
  const document = JSON.parse(stdout);

  expect([code, document.valid, document.samples, document.sends]).toEqual([2, false, null, null]);
  expect(document.problems).toContainEqual(
    expect.objectContaining({ file: 'earsight.config.yaml', line: 2, column: 1, message: 'unknown member "model"' }),
  );
});

test('prints warnings also when there are problems', async () => {
  using folder = workspace({
    'earsight.config.yaml': `${CONFIG}scorers: [exact]\n`,
    'm.csv': 'id,prompt\n1-2,hi\n1-2,hi\n',
  });

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(2);
  expect(stderr).toContain('warning: m.csv:2 id "1-2" becomes a date in a spreadsheet · put a letter before it');
  expect(stderr).toContain('m.csv:3:1 duplicate id "1-2" (first used on line 2)');
});

describe('validate --no-media', () => {
  const configured = (rows: string) => ({ 'earsight.config.yaml': CONFIG, 'm.csv': `id,prompt,image,audio\n${rows}` });

  test('opens no file, and says so in the place of sizes', async () => {
    using folder = workspace(configured('a,x,gone.png,\nb,x,without-ending,\nc,x,,gone.wav\nd,x,gone.png,\n'));
    const text = await folder.run(['validate', '--no-media']);
    const json = await folder.run(['validate', '--no-media', '--json']);

    expect(text.code).toBe(0);
    expect(text.stdout).toContain('images: in 3 samples, 2 different, not opened\n');
    expect(text.stdout).toContain('audio: in 1 sample, 1 different, not opened\n');
    expect(JSON.parse(json.stdout).sends).toMatchObject({
      sentMediaBytes: null,
      image: { samples: 3, distinct: 2, bytes: null },
      audio: { samples: 1, distinct: 1, bytes: null, seconds: null },
    });
    expect((await folder.run(['validate'])).code).toBe(2);
  });

  test('checks paths as they are written, and everything that is not in a file', async () => {
    using folder = workspace(configured('a,x,../up.png,\nb,x,,photo.png\nc,,y.png,\na,x,/etc/z.png,\n'));
    const { code, stderr } = await folder.run(['validate', '--no-media']);

    expect(code).toBe(2);
    expect(stderr).toContain('m.csv:2:5 image "../up.png" is outside the manifest\'s folder');
    expect(stderr).toContain('m.csv:3:6 audio "photo.png" contains image/png · use it as image');
    expect(stderr).toContain('m.csv:4:3 has no "prompt"');
    expect(stderr).toContain('m.csv:5:5 image "/etc/z.png" is an absolute path');
  });
});
