import { describe, expect, test } from 'vitest';
import {
  compareRuns,
  defineConfig,
  estimateRun,
  evaluate,
  InputError,
  type Problem,
  readManifest,
} from '../src/index.ts';
import { workspace } from './helpers/cli.ts';
import { chatCompletion, startEndpoint } from './helpers/endpoint.ts';

const ROWS = 'id,prompt,target\na,one?,one\nb,two?,two\n';

const configFor = (url: string) =>
  defineConfig({
    dataset: 'm.csv',
    models: ['x', 'y'].map((id) => ({
      ...{ id, provider: 'openai', endpoint: `${url}/v1`, model: id, auth: { type: 'none' } },
    })) as Parameters<typeof defineConfig>[0]['models'],
    scorers: ['exact'],
  });

describe('a configuration that a program gives', () => {
  test('is run and estimated without a file, relative to the working directory', async () => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('one') }));
    using folder = workspace({ 'm.csv': ROWS });
    const config = configFor(endpoint.url);

    const results: string[] = [];
    for await (const event of evaluate({ config, cwd: folder.directory, out: 'out', env: {} }))
      if (event.type === 'result') results.push(`${event.result.sampleId} ${event.result.modelId}`);
    const { models } = await estimateRun({ config, cwd: folder.directory, env: {} });

    expect(results.sort()).toEqual(['a x', 'a y', 'b x', 'b y']);
    expect(models.map(({ cells }) => cells)).toEqual([2, 2]);
    expect(folder.list()).toContain('m.csv');
    expect(folder.list().filter((name) => name.includes('config'))).toEqual([]);
  });

  test('is resumed with the same object, and asks nothing again', async () => {
    await using endpoint = await startEndpoint(() => ({ json: chatCompletion('one') }));
    using folder = workspace({ 'm.csv': ROWS });
    const options = { config: configFor(endpoint.url), cwd: folder.directory, out: 'out', env: {} };

    for await (const _ of evaluate(options));
    const asked = endpoint.requests.length;
    for await (const _ of evaluate(options));

    expect([asked, endpoint.requests.length]).toEqual([4, 4]);
  });

  test('is checked as a file is: everything at once, with the lines of its JSON', async () => {
    const config = {
      dataset: 'm.csv',
      models: [{ id: 'x', provider: 'openai', model: 'm', colour: 'red' }],
      repeat: 0,
    };
    using folder = workspace({ 'm.csv': ROWS });

    const error = await estimateRun({ config, cwd: folder.directory }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).toContain('configuration:8:7 unknown member "colour"');
    expect(String(error)).toContain('configuration:11:13 repeat');
  });

  test('must be plain data', async () => {
    const config: Record<string, unknown> = { dataset: 'm.csv' };
    config['self'] = config;

    // @ts-expect-error No models.
    await expect(estimateRun({ config })).rejects.toThrow('configuration is not plain data: JSON cannot hold it');
  });

  test('may hold no keys', async () => {
    const config = configFor('http://127.0.0.1:9');
    const [model] = config.models;
    const withKey = { ...config, models: [{ ...model, headers: { authorization: 'Bearer sk-n3verShown1234567890' } }] };

    // @ts-expect-error The spread of a model that may be undefined.
    const error = await estimateRun({ config: withKey }).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(InputError);
    expect(String(error)).not.toContain('n3verShown');
  });
});

describe('readManifest', () => {
  test('yields every sample', async () => {
    using folder = workspace({ 'm.csv': ROWS });

    const ids: string[] = [];
    for await (const { id } of readManifest('m.csv', { cwd: folder.directory })) ids.push(id);

    expect(ids).toEqual(['a', 'b']);
  });

  test('yields the good samples, then throws all problems', async () => {
    using folder = workspace({ 'm.csv': 'id,prompt,image\na,one,no.png\nb,two,\na,three,\n' });

    const ids: string[] = [];
    const read = async () => {
      for await (const { id } of readManifest('m.csv', { cwd: folder.directory })) ids.push(id);
    };

    await expect(read()).rejects.toThrow(/m\.csv:2:7 image "no\.png" does not exist.*\nm\.csv:4:1 duplicate id "a"/);
    expect(ids).toEqual(['b']);
  });

  test('hands problems on while it reads, and reads other formats and prompts', async () => {
    using folder = workspace({ 'm.txt': 'id,text\na,hi\na,ho\n' });

    const problems: Problem[] = [];
    const prompts: unknown[] = [];
    const options = {
      cwd: folder.directory,
      format: 'csv',
      prompt: 'Say {{text}}',
      onProblem: problems.push.bind(problems),
    };
    for await (const { messages } of readManifest('m.txt', options)) prompts.push(messages[0]?.content);

    expect(prompts).toEqual([[{ type: 'text', text: 'Say hi' }]]);
    expect(problems).toMatchObject([{ file: 'm.txt', line: 3, message: expect.stringContaining('duplicate id') }]);
  });

  test('rejects an unknown format', async () => {
    await expect(readManifest('m.csv', { format: 'xls' }).next()).rejects.toThrow('unknown format "xls"');
  });
});

describe('compareRuns', () => {
  test('compares the models of a run, and two runs, as the command does', async () => {
    await using endpoint = await startEndpoint(({ json }) => ({
      json: chatCompletion((json as { readonly model: string }).model === 'x' ? 'one' : 'two'),
    }));
    using folder = workspace({ 'm.csv': ROWS });
    const cwd = folder.directory;
    for (const out of ['first', 'second'])
      for await (const _ of evaluate({ config: configFor(endpoint.url), cwd, out, env: {} }));

    const one = await compareRuns(['first'], { cwd });
    const two = await compareRuns(['first', 'second'], { cwd });
    const command = JSON.parse((await folder.run(['compare', 'first', '--json'])).stdout);

    expect(one.pairs.map(({ a, b }) => [a, b])).toEqual([['x', 'y']]);
    expect(JSON.parse(JSON.stringify(one))).toEqual(command);
    expect(two.pairs).toHaveLength(2);
    await expect(compareRuns(['first', './first'], { cwd })).rejects.toThrow('both runs are the same folder');
    await expect(compareRuns(['none'], { cwd })).rejects.toBeInstanceOf(InputError);
  });
});
