import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineProvider, defineScorer, evaluate, type Result } from '../../src/index.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { readRows } from '../helpers/tables.ts';

const SCORER = `export default ({ answer, options }) => {
  if (answer === 'throws') throw new Error('of the scorer');
  if (answer === 'is NaN') return Number.NaN;
  if (answer === 'is nothing') return undefined;
  if (answer === 'is large') return 7;
  return { value: 1 / (options.half ? 2 : 1), raw: 3, explanation: 'mine' };
};`;

const PROVIDER = `let limited = 0;
export default {
  modalities: ['text'],
  async complete({ messages, model, env, signal }) {
    const { text } = messages.at(-1).content[0];
    if (text === 'is limited' && limited++ === 0) throw Object.assign(new Error('slow down'), { kind: 'rate_limit', retryAfterMs: 1 });
    if (text === 'fails') throw new TypeError('with ' + env.KEY);
    if (text === 'hangs') await new Promise(() => {});
    if (text === 'says nothing') return {};
    return { text, usage: { promptTokens: 3, completionTokens: 1 }, servedModel: model.model };
  },
};`;

let folder: Workspace;
beforeEach(() => {
  folder = workspace({ 'my-scorer.mjs': SCORER, 'my-provider.mjs': PROVIDER });
});
afterEach(() => folder[Symbol.dispose]());

function write(
  prompts: readonly string[],
  scorers = '[{name: ./my-scorer.mjs, half: true}]',
  provider = './my-provider.mjs',
) {
  folder.write({
    'manifest.csv': `id,prompt,target\n${prompts.map((prompt) => `${prompt},${prompt},x\n`).join('')}`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, provider: ${provider}, model: v1, limits: {timeoutMs: 300, retries: 1}}\nscorers: ${scorers}\n`,
  });
}

test.each(['run', 'validate', 'estimate'])(
  '%s runs no code of a configuration without --allow-code',
  async (command) => {
    write(['a']);
    folder.write({ 'my-scorer.mjs': 'process.exitCode = 99; export default () => 1;' });

    const { code, stderr } = await folder.run([command]);

    expect(code).toBe(2);
    expect(stderr).toContain('models[0].provider "./my-provider.mjs" is code, which would be run · add --allow-code');
    expect(stderr).toContain('scorers[0].name "./my-scorer.mjs" is code');
    expect(process.exitCode).not.toBe(99);
  },
);

test('a scorer that throws or returns no score leaves the answer unscored with the reason, and the run goes on', async () => {
  write(['throws', 'is NaN', 'is nothing', 'is large', 'is fine']);

  const { code } = await folder.run(['run', '--out', 'out', '--allow-code']);

  expect(code).toBe(0);
  expect(readRows(folder, 'out').map((row) => [row['outcome'], row['score.my-scorer']])).toEqual([
    ...Array.from({ length: 4 }, () => ['answered', '']),
    ['answered', '0.5'],
  ]);
  const shown = await folder.run(['show', 'out', 'throws']);
  expect(shown.stdout).toContain('the scorer failed: of the scorer');
  expect((await folder.run(['show', 'out', 'is nothing'])).stdout).toContain(
    'it returned undefined, which is no score',
  );
});

test('a provider fails like any other: by kind, again where it may pass, in time, and without secrets', async () => {
  write(['is fine', 'is limited', 'fails', 'hangs', 'says nothing']);
  folder.write({
    'earsight.config.yaml': folder
      .read('earsight.config.yaml')
      .replace('model: v1', `model: v1, headers: {x: "\${KEY}"}`),
  });

  await folder.run(['run', '--out', 'out', '--allow-code'], { env: { KEY: 'k-3f2a9c77d1e84b0c' } });

  const rows = readRows(folder, 'out');
  expect(rows.map((row) => row['failure_kind'])).toEqual(['', '', 'invalid_response', 'timeout', 'invalid_response']);
  expect(rows[0]).toMatchObject({ answer: 'is fine', prompt_tokens: '3', cached_tokens: '', served_model: 'v1' });
  expect(rows[1]?.['attempts']).toBe('2');
  expect(folder.read('out/journal.jsonl')).not.toContain('k-3f2a9c77d1e84b0c');
});

test.each([
  ['my-scorer.mjs', 'export const score = 1;', 'has no function score as its default export'],
  ['my-scorer.mjs', 'export default (', 'cannot be loaded'],
  ['my-provider.mjs', 'export default { complete: 1 };', 'has no function complete as its default export'],
])('the file %s with %j is named with what is wrong', async (name, content, message) => {
  write(['a']);
  folder.write({ [name]: content });

  const { code, stderr } = await folder.run(['validate', '--allow-code']);

  expect(code).toBe(2);
  expect(stderr).toMatch(/^earsight\.config\.yaml:\d+:\d+ /);
  expect(stderr).toContain(message);
});

test('a manifest cannot name code', async () => {
  write(['a']);
  folder.write({ 'manifest.csv': 'id,prompt,target,scorer\na,a,x,./other.mjs\n', 'other.mjs': SCORER });

  const { code, stderr } = await folder.run(['run', '--allow-code']);

  expect(code).toBe(2);
  expect(stderr).toContain('manifest.csv:2 unknown scorer "./other.mjs"');
});

test('a run is scored again with a file of the working directory', async () => {
  write(['is fine'], '[exact]');
  await folder.run(['run', '--out', 'out', '--allow-code']);
  folder.write({
    'length.mjs': 'export default { version: 3, needsTarget: false, score: ({ answer }) => answer.length / 10 };',
  });

  const without = await folder.run(['score', 'out', '--scorer', './length.mjs']);
  const { code } = await folder.run(['score', 'out', '--scorer', './length.mjs', '--allow-code']);

  expect([without.code, code]).toEqual([2, 0]);
  expect(readRows(folder, 'out')[0]).toMatchObject({ 'score.exact': '0', 'score.length@rescore-1': '0.7' });
});

test('a program passes scorers and providers as objects', async () => {
  write(['is fine'], '[starts]', 'echo');
  const providers = [defineProvider({ name: 'echo', complete: async ({ model }) => ({ text: `from ${model.id}` }) })];
  const scorers = [defineScorer({ name: 'starts', score: ({ answer, target }) => !target.includes(answer) })];
  const results: Result[] = [];

  for await (const event of evaluate({ cwd: folder.directory, env: {}, providers, scorers }))
    if (event.type === 'result') results.push(event.result);

  expect(results).toMatchObject([{ answer: 'from m', score: 1, scores: [{ scorer: 'starts', version: 'starts 1' }] }]);
});

test('objects without a name of their own, or with that of one of ours, are rejected', async () => {
  write(['a'], '[exact]', 'echo');
  const run = (name: string) => evaluate({ cwd: folder.directory, scorers: [{ name, score: () => 1 }] }).next();

  await expect(run('exact')).rejects.toThrow('there is a scorer "exact" already');
  await expect(run('')).rejects.toThrow('has the name ""');
});

test('a gate takes a configuration with a scorer of the user with --allow-code, and rejects it without', async () => {
  write(['is fine']);
  await folder.run(['run', '--out', 'out', '--allow-code']);
  await folder.run(['baseline', 'set', 'out', '--out', 'b.jsonl']);

  const rejected = await folder.run(['gate', 'out', '--baseline', 'b.jsonl']);
  const judged = await folder.run(['gate', 'out', '--baseline', 'b.jsonl', '--allow-code']);

  expect([rejected.code, judged.code, judged.stderr]).toEqual([2, 0, 'out: report.md\n']);
  expect(judged.stdout).toContain('gate: inconclusive');
});
