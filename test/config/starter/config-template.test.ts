import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { type ConfigParts, configTemplate } from '../../../src/config/starter/config-template.ts';
import { retirementWarnings } from '../../../src/models/retirement.ts';
import { uncommented } from '../../helpers/uncommented.ts';
import { inputErrorOf } from '../input-error-of.ts';
import { folderWith } from '../temporary-folder.ts';

const parts: ConfigParts = {
  dataset: 'manifest.csv',
  datasetNote: 'relative to this file',
  system: 'Read.',
  scorers: { value: '[exact]', reason: 'word for word' },
  modalities: ['text', 'image', 'audio'],
};
const folderOf = (config: string) =>
  folderWith({ 'earsight.config.yaml': config, 'manifest.csv': 'id,prompt\na,hi\n' });
const env = {
  AZURE_INFERENCE_ENDPOINT: 'https://resource.services.ai.azure.com/openai/v1',
  AZURE_INFERENCE_CREDENTIAL: 'k',
  OPENAI_API_KEY: 'k',
};

test('loads without any variable, with the embedded models', async () => {
  const config = await loadConfig(undefined, { cwd: folderOf(configTemplate(parts)), env: {} });

  expect(config.models.map(({ provider }) => provider)).toEqual(['local', 'local', 'local', 'local']);
  expect(config.scorers).toEqual([{ name: 'exact' }]);
});

test.each([
  [['image'], ['ocr-ppv4', 'ocr-tesseract']],
  [['audio'], ['asr-command', 'asr-open']],
  [['text'], ['gpt-5.4-mini']],
] as const)('a dataset of %s gets models that take it', async (modalities, ids) => {
  const config = await loadConfig(undefined, { cwd: folderOf(configTemplate({ ...parts, modalities })), env });

  expect(config.models.map(({ id }) => id)).toEqual(ids);
});

test('has no scorers when there are no targets yet', async () => {
  const { scorers: _, ...unscored } = parts;

  const config = await loadConfig(undefined, { cwd: folderOf(configTemplate(unscored)), env: {} });

  expect(config.scorers).toEqual([]);
});

test('loads with every comment that holds a member taken out', async () => {
  const cwd = folderOf(uncommented(configTemplate(parts)));

  const config = await loadConfig(undefined, { cwd, env });

  expect([...new Set(config.models.map(({ id }) => id.split('@')[0]))]).toEqual([
    ...['ocr-ppv4', 'ocr-tesseract', 'asr-command', 'asr-open', 'phi-4-mm', 'gpt-5.4', 'local-server'],
  ]);
  expect(config.models).toHaveLength(14);
  expect(config).toMatchObject({ repeat: 3, maxCost: 5 });
});

test('names no model whose end is announced', async () => {
  const text = configTemplate({ ...parts, modalities: ['text'] });
  const found = await Promise.all(
    [text, uncommented(text)].map((config) => loadConfig(undefined, { cwd: folderOf(config), env })),
  );
  const warnings = found.flatMap(({ models }) => retirementWarnings(models, Date.parse('2026-12-01')));

  expect(warnings).toEqual([]);
});

test('says which variables the Azure model needs', async () => {
  const cwd = folderOf(uncommented(configTemplate(parts)));

  expect(await inputErrorOf(loadConfig(undefined, { cwd, env: {} }))).toContain('AZURE_INFERENCE_ENDPOINT is not set');
});
