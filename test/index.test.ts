import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  audioTokens,
  countTokens,
  estimateRun,
  IncompleteError,
  InputError,
  imageTokens,
  isIncompleteError,
  isInputError,
  isProviderError,
  ProviderError,
  priceUsage,
} from '../src/index.ts';
import { workspace } from './helpers/cli.ts';
import { pngBytes, wavBytes } from './helpers/media.ts';
import { compilerProblems, publicFunctions } from './helpers/public-functions.ts';

describe('countTokens', () => {
  test('counts text, template, images and audio of a row with paths, by the rules of the model', async () => {
    using folder = workspace({ 'a.png': pngBytes({ width: 1024, height: 1024 }), 'b.wav': wavBytes({ seconds: 10 }) });
    const row = { prompt: 'What is the capital of France?', image: 'a.png', audio: 'b.wav' };

    const { parts, problems } = await countTokens(row, 'Phi-4-multimodal-instruct', { folder: folder.directory });

    expect(problems).toEqual([]);
    expect([parts.text, parts.template, parts.image, parts.audio].map(({ expected }) => expected)).toEqual([
      7, 3, 2625, 125,
    ]);
  });

  test('uses the settings of a configured model: its system message, length limit and rules', async () => {
    const bare = await countTokens({ prompt: 'Hello' }, 'gpt-4o');
    const model = { model: 'gpt-4o', system: 'Be brief.', params: { maxTokens: 16 } };
    const configured = await countTokens({ prompt: 'Hello', params: { maxTokens: 8 } }, model);

    expect(configured.parts.text.expected).toBeGreaterThan(bare.parts.text.expected);
    expect(configured.parts.completion.high).toBe(8);
  });

  test('counts every turn with its whole history', async () => {
    const turns = { turns: [{ prompt: 'Say one.' }, { prompt: 'And two?' }] };
    const first = await countTokens({ prompt: 'Say one.' }, { model: 'gpt-4o', params: { maxTokens: 1 } });
    const both = await countTokens(turns, { model: 'gpt-4o', params: { maxTokens: 1 } });

    expect(both.parts.text.expected).toBeGreaterThan(2 * first.parts.text.expected);
  });

  test('gives an unknown model wide bounds and a warning', async () => {
    const { parts, warnings } = await countTokens({ prompt: 'Hello there' }, 'nobody-knows');

    expect(parts.text.confidence).toBe('guess');
    expect(parts.text.low).toBeLessThan(parts.text.high);
    expect(warnings.map(({ code }) => code)).toEqual(['unknown_text']);
  });

  test.each([
    ['no prompt', { id: 'x' }, 'has no "prompt"'],
    ['a file that is not there', { prompt: 'p', image: 'none.png' }, 'does not exist'],
    ['a file outside the folder', { prompt: 'p', image: '../x.png' }, "is outside the manifest's folder"],
  ])('rejects a row with %s', async (_what, row, message) => {
    using folder = workspace();

    const counting = countTokens(row, 'gpt-4o', { folder: folder.directory });

    await expect(counting).rejects.toThrow(InputError);
    await expect(counting).rejects.toThrow(message);
  });
});

describe('imageTokens and audioTokens', () => {
  test('say low, expected and high with the rule', () => {
    expect(imageTokens('gpt-4o', { width: 1024, height: 1024 })).toMatchObject({ low: 765, expected: 765, high: 765 });
    expect(imageTokens('gpt-4o', { width: 1024, height: 1024, detail: 'low' }).expected).toBe(85);
    expect(audioTokens('Phi-4-multimodal-instruct', { seconds: 10 }).expected).toBe(125);
  });
});

describe('priceUsage', () => {
  test('prices what is reported and survives JSON', () => {
    const cost = priceUsage({ promptTokens: 1_000_000, completionTokens: 1_000_000 }, 'gpt-4o');

    expect(JSON.parse(JSON.stringify(cost))).toMatchObject({ costUsd: 12.5, tokensSource: 'endpoint' });
  });

  test.each([
    ['a model without a price', 'nobody-knows', { promptTokens: 5, completionTokens: 5 }],
    ['tokens that nobody reported', 'gpt-4o', { completionTokens: 5 }],
    ['audio without a rate of its own', 'gpt-4o', { promptTokens: 9, audioTokens: 4, completionTokens: 5 }],
  ])('%s is unpriced, never 0', (_what, model, usage) => {
    expect(priceUsage(usage, model).costUsd).toBe('unpriced');
  });

  test('the configured price wins, and the estimate splits a prompt of which only the total was reported', async () => {
    using folder = workspace({ 'b.wav': wavBytes({ seconds: 8 }) });
    const price = { promptPerMillion: 1, audioPromptPerMillion: 100, completionPerMillion: 0 };
    const model = { model: 'Phi-4-multimodal-instruct', price };
    const estimate = await countTokens({ prompt: 'Hi', audio: 'b.wav' }, model, { folder: folder.directory });

    const cost = priceUsage({ promptTokens: 104, completionTokens: 1 }, model, { estimate });

    expect(cost).toEqual({
      costUsd: 0.010004,
      unpricedParts: [],
      split: { text: 4, image: 0, audio: 100 },
      tokensSource: 'estimate',
      priceSource: 'configuration',
    });
  });
});

describe('estimateRun', () => {
  const config = `
dataset: manifest.csv
models:
  - {id: priced, provider: openai, model: gpt-4o, auth: {type: key, env: NOT_SET}}
  - {id: local, provider: openai, endpoint: "http://127.0.0.1:1/v1", model: any, auth: {type: none}}
`;

  test('returns the document that the command prints', async () => {
    using folder = workspace({ 'c.yaml': config, 'manifest.csv': 'id,prompt\na,One?\nb,Two?\n' });

    const returned = await estimateRun({ config: 'c.yaml', cwd: folder.directory, env: {} });
    const { stdout } = await folder.run(['estimate', 'c.yaml', '--json'], { now: Date.now });

    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(returned)));
    expect(returned.models.map(({ costUsd }) => typeof costUsd)).toEqual(['object', 'string']);
    expect(returned.models[1]?.costUsd).toBe('unpriced');
  });

  test('rejects a configuration that does not exist', async () => {
    using folder = workspace();

    await expect(estimateRun({ config: 'none.yaml', cwd: folder.directory, env: {} })).rejects.toThrow('none.yaml');
  });
});

describe('the guards of errors', () => {
  const errors = [
    new InputError({ message: 'the file is missing' }),
    new IncompleteError('a table could not be written'),
    new ProviderError('timeout', 'no answer within 60 s'),
    new Error('something else'),
    null,
  ];

  test.each([
    ['isInputError', isInputError, 0],
    ['isIncompleteError', isIncompleteError, 1],
    ['isProviderError', isProviderError, 2],
  ] as const)('%s recognises its own class only', (_name, guard, index) => {
    expect(errors.filter((error) => guard(error))).toEqual([errors[index]]);
  });
});

describe('the doc comments of the public functions', () => {
  const functions = publicFunctions();

  test('are found', () => {
    const names = functions.map(({ name }) => name);

    expect(names).toEqual(expect.arrayContaining(['evaluate', 'countTokens', 'estimateRun', 'isInputError']));
  });

  test.each(functions)('$name has a summary and an example that uses it', ({ name, summary, example }) => {
    expect(summary).toMatch(/^[A-Z].+[.]/s);
    expect(example).toMatch(new RegExp(`^import \\{[^}]*\\b${name}\\b[^}]*\\} from 'earsight';\n`));
  });

  test('have examples that compile, as those of examples/api do, which a wrong one does not', () => {
    const examples = functions.map(({ name, example }) => [name, example] as const);
    const folder = new URL('../examples/api/', import.meta.url);
    const programs = readdirSync(folder)
      .filter((name) => name.endsWith('.mjs') && !name.endsWith('.test.mjs'))
      .map((name) => [name.replace(/\W/g, '-'), readFileSync(new URL(name, folder), 'utf8')] as const);
    const wrong = "import { evaluate } from 'earsight';\nevaluate({ nonsense: 1 });\n";

    expect(programs).toHaveLength(4);
    expect(compilerProblems(new Map([...examples, ...programs, ['wrong', wrong]]))).toEqual([
      expect.stringMatching(/^example-wrong\.ts: .*'nonsense' does not exist/),
    ]);
  });
});

test('every path in the exports of package.json exists once the package is built', () => {
  const root = new URL('../', import.meta.url);
  const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const paths = Object.values<string | Record<string, string>>(exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );

  expect(paths).toContain('./dist/index.js');
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});
