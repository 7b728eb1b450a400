// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ConfigContext, loadConfig } from '../../src/config/load-config.ts';
import { inputErrorOf } from './input-error-of.ts';
import { folderWith } from './temporary-folder.ts';

const MODELS = 'models:\n  - {id: a, provider: openai, model: m, auth: {type: none}}\n';

/** Loads this text from a folder of its own. */
function load(text: string, context: Partial<ConfigContext> & { files?: Readonly<Record<string, string>> } = {}) {
  const { files, ...rest } = context;
  const cwd = folderWith({ 'c.yaml': text, 'manifest.csv': 'id,prompt\n1,x\n', ...files });
  return loadConfig('c.yaml', { cwd, env: {}, ...rest });
}

const withModel = (members: string) =>
  `dataset: manifest.csv\nmodels:\n  - {id: a, provider: openai, model: m, ${members}}\n`;

test('fills in every default', async () => {
  const cwd = folderWith({ 'my set/c.yaml': `dataset: manifest.csv\n${MODELS}`, 'my set/manifest.csv': '' });
  const directory = join(cwd, 'my set');
  expect(await loadConfig('my set/c.yaml', { cwd, env: { PATH: '/bin' } })).toEqual({
    path: join(directory, 'c.yaml'),
    displayPath: 'my set/c.yaml',
    csv: { bom: false, delimiter: ',' },
    directory,
    env: { PATH: '/bin' },
    raw: { dataset: 'manifest.csv', models: [{ id: 'a', provider: 'openai', model: 'm', auth: { type: 'none' } }] },
    name: 'my-set',
    dataset: {
      path: join(directory, 'manifest.csv'),
      displayPath: join('my set', 'manifest.csv'),
      allowRemoteMedia: false,
    },
    models: [
      {
        id: 'a',
        provider: 'openai',
        model: 'm',
        auth: { type: 'none' },
        modalities: ['text', 'image', 'audio', 'document', 'video'],
        params: {},
        limits: { concurrency: 8, timeoutMs: 60_000, retries: 5 },
      },
    ],
    judges: [],
    scorers: [],
    repeat: 1,
    cache: false,
    confirmAbove: 1,
    maxErrorRate: 0.05,
    gates: null,
    skipBroken: false,
    reporters: ['csv', 'html', 'markdown'],
  });
});

test('keeps what is configured', async () => {
  const text = `
$schema: x
name: receipts
dataset: {path: manifest.csv, format: csv, mediaRoot: .., allowRemoteMedia: true, maxMediaBytes: 9}
models:
  - {id: a, provider: openai, model: m, auth: {type: none}, limits: {retries: 0, concurrency: auto}, params: {stop: END, temperature: 0}, modalities: [text]}
scorers: [exact, {name: wer, weight: 2}]
repeat: 3
seed: 7
concurrency: 4
cache: true
maxCost: 0.5
confirmAbove: 0
maxErrorRate: 0
reporters: [csv, csv]
`;
  const config = await load(text);
  expect(config).toMatchObject({
    name: 'receipts',
    dataset: {
      path: join(config.directory, 'manifest.csv'),
      format: 'csv',
      mediaRoot: join(config.directory, '..'),
      allowRemoteMedia: true,
      maxMediaBytes: 9,
    },
    models: [
      {
        limits: { retries: 0, concurrency: 'auto', timeoutMs: 60_000 },
        params: { stop: ['END'], temperature: 0 },
        modalities: ['text'],
      },
    ],
    scorers: [{ name: 'exact' }, { name: 'wer', weight: 2 }],
    repeat: 3,
    seed: 7,
    concurrency: 4,
    cache: true,
    maxCost: 0.5,
    confirmAbove: 0,
    maxErrorRate: 0,
    reporters: ['csv'],
  });
});

test('a provider that carries no audio narrows the default modalities', async () => {
  const { models } = await load('dataset: manifest.csv\nmodels: [{id: a, provider: anthropic, model: m}]', {
    env: { ANTHROPIC_API_KEY: 'k' },
  });
  expect(models[0]?.modalities).not.toContain('audio');
});

test('an embedded model takes text and its own medium, one request at a time', async () => {
  const { models } = await load(`dataset: manifest.csv
models:
  - {id: reader, provider: local, model: ocr-tesseract}
  - {id: listener, provider: local, model: asr-open, limits: {timeoutMs: 1000}}
  - {id: both, provider: local, model: asr-command, modalities: [audio], limits: {concurrency: 3}}
`);

  expect(models.map(({ modalities, limits }) => [modalities, limits.concurrency])).toEqual([
    [['text', 'image'], 1],
    [['text', 'audio'], 1],
    [['audio'], 3],
  ]);
});

test('null leaves a parameter out, in a model and in a variant', async () => {
  const { models } = await load(`dataset: manifest.csv
models: [{id: a, provider: openai, model: m, auth: {type: none}, params: {temperature: 0, seed: null, stop: x}}]
variants: [{id: plain}, {id: none, params: {temperature: null, maxTokens: 5}}]
`);

  expect(models.map(({ params }) => params)).toEqual([
    { temperature: 0, stop: ['x'] },
    { stop: ['x'], maxTokens: 5 },
  ]);
});

test('crosses models with variants, params and media member by member', async () => {
  const text = `
dataset: manifest.csv
models:
  - {id: a, provider: openai, model: m, auth: {type: none}, system: own, params: {temperature: 0, seed: 1}, detail: low, media: {image: {maxEdge: 9}}}
  - {id: b, provider: openai, model: m, auth: {type: none}}
variants:
  - {id: v, system: varied, template: "{{prompt}}!", params: {temperature: 1}, detail: high, media: {image: {maxEdge: 5}}}
  - {id: w}
`;
  const { models } = await load(text);
  expect(models.map(({ id }) => id)).toEqual(['a@v', 'a@w', 'b@v', 'b@w']);
  expect(models[0]).toMatchObject({
    system: 'varied',
    template: '{{prompt}}!',
    params: { temperature: 1, seed: 1 },
    detail: 'high',
    media: { image: { maxEdge: 5 } },
  });
  expect(models[1]).toMatchObject({
    system: 'own',
    params: { temperature: 0, seed: 1 },
    detail: 'low',
    media: { image: { maxEdge: 9 } },
  });
  expect(models[3]).not.toHaveProperty('media');
  expect(models[3]).not.toHaveProperty('system');
});

test('the file’s system message is the default, and an empty one switches it off', async () => {
  const text = `
dataset: manifest.csv
system: default
models:
  - {id: a, provider: openai, model: m, auth: {type: none}}
  - {id: b, provider: openai, model: m, auth: {type: none}, system: own}
  - {id: c, provider: openai, model: m, auth: {type: none}, system: ""}
`;
  const { models } = await load(text);
  expect(models.map(({ system }) => system)).toEqual(['default', 'own', undefined]);
});

test('the real environment wins over .env.local, which wins over .env', async () => {
  const files = { '.env': '\ufeffC=1\nA=1\nB=1\nD="two words"\n', '.env.local': 'A=2\nB=2\n' };
  const { env } = await load(`dataset: manifest.csv\n${MODELS}`, { files, env: { A: '3', GONE: undefined } });
  expect(env).toEqual({ A: '3', B: '2', C: '1', D: 'two words' });
});

test('a variable that is set but empty is not taken from .env', async () => {
  const text = withModel('auth: {type: none}, headers: {x-tenant: "${TENANT}"}');
  const rejection = await inputErrorOf(load(text, { files: { '.env': 'TENANT=t' }, env: { TENANT: '' } }));
  expect(rejection).toContain('environment variable TENANT is empty');
});

test('.env beside the configuration counts, not the one in the working directory', async () => {
  const cwd = folderWith({
    '.env': 'A=cwd',
    'set/.env': 'A=set',
    'set/c.yaml': `dataset: m.csv\n${MODELS}`,
    'set/m.csv': '',
  });
  expect((await loadConfig('set/c.yaml', { cwd, env: {} })).env).toEqual({ A: 'set' });
});

test('rejects an .env that cannot be read', async () => {
  const rejection = await inputErrorOf(load(`dataset: manifest.csv\n${MODELS}`, { files: { '.env/': '' } }));
  expect(rejection).toBe('.env cannot be read: it is a folder');
});

test('fills in references and keeps the configuration as written beside them', async () => {
  const text = withModel(
    'auth: {type: none}, endpoint: "https://${HOST}/v1", headers: {authorization: "Bearer ${TOKEN}"}, extraBody: {user: "$${u}"}',
  );
  const config = await load(text, { env: { HOST: 'example.org', TOKEN: 't0ken-value' } });
  expect(config.models[0]).toMatchObject({
    endpoint: 'https://example.org/v1',
    headers: { authorization: 'Bearer t0ken-value' },
    extraBody: { user: '${u}' },
  });
  expect(JSON.stringify(config.raw)).toContain('Bearer ${TOKEN}');
  expect(JSON.stringify(config.raw)).not.toContain('t0ken-value');
});

test('a value from the environment is not shown when it is wrong', async () => {
  const rejection = await inputErrorOf(
    load(withModel('endpoint: "${ENDPOINT}", auth: {type: none}'), { env: { ENDPOINT: 's3cret-of-mine' } }),
  );
  expect(rejection).toMatch(/^c\.yaml:3:5 .*endpoint "\$\{ENDPOINT\}" is not a URL/);
  expect(rejection).not.toContain('s3cret');
});

test('a missing key is a problem at its model', async () => {
  const rejection = await inputErrorOf(load(withModel('auth: {type: key, env: SOME_KEY}')));
  expect(rejection).toMatch(/^c\.yaml:3:5 .*SOME_KEY/);
});

test('a problem that all variants share is said once', async () => {
  const text = `${withModel('auth: {type: key, env: SOME_KEY}')}variants: [{id: v}, {id: w}]\n`;
  expect((await inputErrorOf(load(text))).split('\n')).toHaveLength(1);
});

test('without requireKeys, missing keys and references are not problems', async () => {
  const text = withModel('auth: {type: key, env: SOME_KEY}, endpoint: "${ENDPOINT}", headers: {x-tenant: "${TENANT}"}');
  const { models } = await load(text, { requireKeys: false });
  expect(models).toMatchObject([{ endpoint: '${ENDPOINT}', headers: { 'x-tenant': '${TENANT}' } }]);
});

test.each([{}, { SOME_KEY: '' }])('without keys required, %j is enough', async (env) => {
  const { models } = await load(withModel('auth: {type: key, env: SOME_KEY}'), { requireKeys: false, env });
  expect(models).toMatchObject([{ auth: { type: 'key', env: 'SOME_KEY' } }]);
});

test('only the models that were asked for need their variables', async () => {
  const text = `
dataset: manifest.csv
models:
  - {id: a, provider: openai, model: m, auth: {type: key, env: KEY_A}}
  - {id: b, provider: openai, model: m, auth: {type: key, env: KEY_B}, headers: {x-tenant: "${'${TENANT}'}"}}
variants: [{id: v}]
`;
  const env = { KEY_A: 'k' };
  expect((await load(text, { env, models: ['a@v'] })).models).toHaveLength(2);
  expect(await inputErrorOf(load(text, { env, models: ['a', 'b'] }))).toContain('TENANT is not set');
  expect(await inputErrorOf(load(text, { env: { TENANT: 't' }, models: ['a', 'b@v'] }))).toMatch(/KEY_A.*\n.*KEY_B/);
});

test('without keys required, other problems of a model are still found', async () => {
  const rejection = await inputErrorOf(
    load(withModel('auth: {type: key, env: SOME_KEY}, endpoint: "no url"'), { requireKeys: false }),
  );
  expect(rejection).toMatch(/^c\.yaml:3:5 .*endpoint "no url" is not a URL/);
  expect(rejection.split('\n')).toHaveLength(1);
});

test('without keys required, a member that must be known still names its variable', async () => {
  const text = 'dataset: manifest.csv\nmodels: [{id: a, provider: "${PROVIDER}", model: m}]';
  expect(await inputErrorOf(load(text, { requireKeys: false }))).toContain('environment variable PROVIDER is not set');
});

test('a reference may name the provider', async () => {
  const text = 'dataset: manifest.csv\nmodels: [{id: a, provider: "${PROVIDER}", model: m, auth: {type: none}}]';
  expect((await load(text, { env: { PROVIDER: 'openai' } })).models[0]?.provider).toBe('openai');
  expect(await inputErrorOf(load(text, { env: { PROVIDER: 'opnai' } }))).toContain(
    'models[0].provider "${PROVIDER}" is unknown',
  );
});

test('ids that are equal only after references are resolved are duplicates', async () => {
  const model = (id: string) => `  - {id: "${id}", provider: openai, model: m, auth: {type: none}}\n`;
  const rejection = await inputErrorOf(
    load(`dataset: manifest.csv\nmodels:\n${model('${ID}')}${model('gpt')}`, { env: { ID: 'gpt' } }),
  );
  expect(rejection).toContain('c.yaml:4:10 duplicate id "gpt" (first used in models[0].id)');
});

test('a manifest from the command line replaces path, format and media root', async () => {
  const text = `dataset: {path: gone.csv, format: csv, mediaRoot: gone, allowRemoteMedia: true}\n${MODELS}`;
  const config = await load(text, { dataset: 'other/m.jsonl' });
  expect(config.dataset).toEqual({
    path: join(config.directory, 'other/m.jsonl'),
    displayPath: 'other/m.jsonl',
    allowRemoteMedia: true,
  });
});

test('a manifest from the command line makes up for one that is not configured', async () => {
  expect((await load(MODELS, { dataset: 'm.csv' })).dataset.displayPath).toBe('m.csv');
  expect(await inputErrorOf(load(MODELS))).toBe('c.yaml:1:1 dataset is missing');
});

test('an absolute manifest is shown as it is', async () => {
  const folder = folderWith({ 'm.csv': '' });
  const { dataset } = await load(`dataset: ${join(folder, 'm.csv')}\n${MODELS}`);
  expect(dataset).toMatchObject({ path: join(folder, 'm.csv'), displayPath: join(folder, 'm.csv') });
});

test('reads JSON', async () => {
  const cwd = folderWith({
    'earsight.config.json': JSON.stringify(
      { dataset: 'm.csv', models: [{ id: 'a', provider: 'openai', model: 'm', auth: { type: 'none' } }] },
      null,
      '\t',
    ),
    'm.csv': '',
  });
  expect((await loadConfig(undefined, { cwd, env: {} })).models).toHaveLength(1);
});

test.each([
  ['_hidden!', 'hidden-'],
  ['(?)', 'run'],
  ['größe 2', 'größe-2'],
])('a run is named after the folder as far as it can be: %s', async (folder, expected) => {
  const cwd = folderWith({ [`${folder}/c.yaml`]: `dataset: m.csv\n${MODELS}`, [`${folder}/m.csv`]: '' });
  expect((await loadConfig(`${folder}/c.yaml`, { cwd, env: {} })).name).toBe(expected);
});

test('problems are in the order of lines', async () => {
  const rejection = await inputErrorOf(load('models: [{id: a}]\nrepeats: 1\nsystem: 5\ndataset: gone.csv\n'));
  const lines = rejection.split('\n').map((line) => Number(line.split(':')[1]));
  expect(lines.length).toBeGreaterThan(3);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});

describe('a media root that is a URL', () => {
  const withRoot = (root: string) => `dataset: {path: manifest.csv, mediaRoot: "${root}"}\n${MODELS}`;

  test('keeps its query, also for a manifest from the command line', async () => {
    const root = withRoot('https://store.example/media?${SAS}');
    const mediaBase = 'https://store.example/media?sig=1';
    const env = { SAS: 'sig=1' };

    expect((await load(root, { env })).dataset).toMatchObject({ mediaBase });
    const other = await load(root, { env, dataset: 'other.csv', files: { 'other.csv': '' } });
    expect(other.dataset).toMatchObject({ mediaBase });
    expect(other.dataset).not.toHaveProperty('mediaRoot');
  });

  test.each([
    ['https://store.example/media?${SAS}', 'c.yaml:1:42 environment variable SAS is not set'],
    ['http://store.example/media', 'c.yaml:1:42 dataset.mediaRoot is not encrypted · use https:'],
  ])('%s is a problem before anything is read', async (root, message) => {
    // Also where no key is needed, as at the coordinator of a queue.
    expect(await inputErrorOf(load(withRoot(root), { requireKeys: false }))).toContain(message);
  });
});
