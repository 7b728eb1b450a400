import { expect, test } from 'vitest';
import { configTemplate, manifestTemplate } from '../../src/config/config-template.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { inputErrorOf } from './input-error-of.ts';
import { folderWith } from './temporary-folder.ts';

const env = {
  AZURE_INFERENCE_ENDPOINT: 'https://resource.services.ai.azure.com/openai/v1',
  AZURE_INFERENCE_CREDENTIAL: 'k',
};
const files = () => ({ 'earsight.config.yaml': configTemplate(), 'manifest.csv': manifestTemplate() });

test('loads as soon as its variables are set', async () => {
  const config = await loadConfig(undefined, { cwd: folderWith(files()), env });
  expect(config.models).toMatchObject([{ id: 'phi-4-mm', endpoint: env.AZURE_INFERENCE_ENDPOINT }]);
});

test('says which variable is missing', async () => {
  const cwd = folderWith(files());
  expect(await inputErrorOf(loadConfig(undefined, { cwd, env: {} }))).toContain('AZURE_INFERENCE_ENDPOINT is not set');
});

test('loads without any variable for commands that send nothing', async () => {
  const config = await loadConfig(undefined, { cwd: folderWith(files()), env: {}, requireKeys: false });
  expect(config.models).toHaveLength(1);
});

test('loads with every comment that holds a member taken out', async () => {
  const uncommented = configTemplate().replace(/^( *)# (?=- |[a-zA-Z]+: [\d[{]|variants:| {2}- \{)/gm, '$1');
  const cwd = folderWith({ ...files(), 'earsight.config.yaml': uncommented });
  const config = await loadConfig(undefined, { cwd, env });
  expect(config.models.map(({ id }) => id)).toEqual([
    'phi-4-mm@terse',
    'phi-4-mm@small',
    'local-server@terse',
    'local-server@small',
  ]);
  expect(config).toMatchObject({ repeat: 3, maxCost: 5 });
});

test('the manifest has a header and two samples with as many cells', () => {
  const lines = manifestTemplate().trimEnd().split('\n');
  expect(lines.map((line) => line.split(',').length)).toEqual([5, 5, 5]);
});
