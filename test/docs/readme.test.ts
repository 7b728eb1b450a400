import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CONFIG_FILE, exampleFiles } from '../../src/config/starter/starter-files.ts';
import { FACTS } from '../../src/models/facts-table.ts';
import { PROVIDERS } from '../../src/providers/registry.ts';
import type { ModelConfig } from '../../src/types.ts';
import { testModel } from '../helpers/ask.ts';
import { workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { uncommented } from '../helpers/uncommented.ts';

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** The code blocks of one language, in order. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, text = '']) => text);

const [config = '', entra = ''] = blocks('yaml');
const [azureManifest = '', conversations = ''] = blocks('json');
const [csvManifest = ''] = blocks('csv');

const withKey = config.replace('<resource>', 'r');
const withEntra = withKey.replace(/^ {4}auth: .*\n/m, entra);

const IMAGES = ['chart.jpg', 'ada.png', 'sign.jpg', 'img/receipt-1.png', 'img/a.png', 'img/b.png'];
const MEDIA = {
  ...Object.fromEntries(IMAGES.map((path, seed) => [path, pngBytes({ width: 2, seed })])),
  'hello.mp3': wavBytes(),
  'clips/call-1.wav': wavBytes({ seed: 1 }),
};

test.each([
  ['a key', withKey, { AZURE_INFERENCE_CREDENTIAL: 'k' }],
  ['Entra ID', withEntra, {}],
])('the Azure example is valid with %s', async (_, text, env) => {
  using folder = workspace({ 'earsight.config.yaml': text, 'manifest.jsonl': azureManifest, ...MEDIA });

  const { code, stderr } = await folder.run(['validate'], { env });

  expect([code, stderr]).toEqual([0, '']);
});

const refusing = FACTS.filter(({ refuses }) => refuses !== undefined).flatMap(({ names }) => names);
const ofInit = uncommented(String(exampleFiles('question')[CONFIG_FILE]));
const examples = { README: config, init: ofInit };

test.each(Object.entries(examples))('the parameters of %s are refused by no model of any provider', (_, text) => {
  const { models } = parse(text) as { readonly models: readonly Pick<ModelConfig, 'params'>[] };
  const params = models.find((model) => model.params !== undefined)?.params ?? {};
  const notes = (['azure', 'openai', 'anthropic', 'google'] as const).flatMap((provider) =>
    refusing.flatMap((model) => PROVIDERS[provider].notes(testModel(provider, { model, params }))),
  );

  expect(Object.keys(params)).toEqual(['maxTokens']);
  expect(notes).toEqual([]);
  expect(refusing.length).toBeGreaterThan(5);
});

test('the Entra ID example replaces the key', () => {
  expect(withEntra).toContain('auth: {type: entra}');
  expect(withEntra).not.toContain('AZURE_INFERENCE_CREDENTIAL');
});

test.each([
  ['manifest.csv', csvManifest],
  ['manifest.jsonl', conversations],
])('the examples of %s are valid', async (name, text) => {
  using folder = workspace({ 'earsight.config.yaml': withKey, [name]: text, ...MEDIA });

  const { code, stderr } = await folder.run(['validate', '--dataset', name, '--no-keys']);

  expect([code, stderr]).toEqual([0, '']);
});

test('the README packs the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

  expect(page).toContain(`npm install --save-dev ./earsight-${version}.tgz`);
});
