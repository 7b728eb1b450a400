import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.ts';
import { folderWith } from '../temporary-folder.ts';

const model = (id: string, modalities: string) =>
  `  - {id: ${id}, provider: openai, model: m, auth: {type: none}, modalities: [${modalities}], media: {image: {maxEdge: 9}}}\n`;

/** The models that these variants make of one that sees and one that hears. */
async function modelsOf(variants: string, more = '', seed?: number) {
  const text = `dataset: manifest.csv\nmodels:\n${model('sees', 'text, image')}${model('hears', 'text, audio')}variants:\n${variants}${more}`;
  const cwd = folderWith({ 'c.yaml': text, 'manifest.csv': 'id,prompt\n1,x\n' });
  const { models } = await loadConfig('c.yaml', { cwd, env: {}, ...(seed === undefined ? {} : { seed }) });
  return models.map(({ id, media }) => [id, media]);
}

const own = { image: { maxEdge: 9 } };
const snr = (seed: number) => ({ ...own, audio: { stress: { kind: 'snr', level: -5, seed } } });

test('a model that takes the medium comes first as it is, then with each step after its own settings', async () => {
  expect(await modelsOf('  - stress: {jpeg: [90, 5], snr: [-5]}\n')).toEqual([
    ['sees', own],
    ['sees@jpeg-90', { image: { maxEdge: 9, stress: { kind: 'jpeg', level: 90 } } }],
    ['sees@jpeg-5', { image: { maxEdge: 9, stress: { kind: 'jpeg', level: 5 } } }],
    ['hears', own],
    ['hears@snr--5', snr(1)],
  ]);
});

test('stands beside other variants, also of models that it says nothing about', async () => {
  const models = await modelsOf('  - {id: terse, system: Short.}\n  - stress: {blur: [0.5]}\n');

  expect(models.map(([id]) => id)).toEqual(['sees', 'sees@terse', 'sees@blur-0.5', 'hears@terse']);
});

test('noise has its own seed, or that of the command line, or that of the configuration', async () => {
  const noise = '  - stress: {snr: [-5]}\n';

  expect((await modelsOf(noise, 'seed: 4\n')).at(-1)).toEqual(['hears@snr--5', snr(4)]);
  expect((await modelsOf(noise, 'seed: 4\n', 7)).at(-1)).toEqual(['hears@snr--5', snr(7)]);
  expect((await modelsOf('  - stress: {snr: [-5], seed: 3}\n', 'seed: 4\n', 7)).at(-1)).toEqual([
    'hears@snr--5',
    snr(3),
  ]);
});

test('a judge has none', async () => {
  const text = `dataset: manifest.csv\nmodels:\n${model('a', 'text, image')}  - {id: j, provider: openai, model: m, auth: {type: none}, role: judge}\nvariants: [{stress: {jpeg: [1]}}]\n`;
  const cwd = folderWith({ 'c.yaml': text, 'manifest.csv': 'id,prompt\n1,x\n' });

  const { models, judges } = await loadConfig('c.yaml', { cwd, env: {} });

  expect([models, judges].map((list) => list.map(({ id }) => id))).toEqual([['a', 'a@jpeg-1'], ['j']]);
});
