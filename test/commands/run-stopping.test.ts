import { describe, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { type Behaviour, scriptedProject } from '../helpers/scripted-models.ts';

interface Asked {
  readonly question: number;
  readonly model: string;
}

/** An endpoint that answers "yes" or "no" by model and question, and remembers the order. */
async function project(
  answer: (asked: Asked) => 'yes' | 'no' | 'error',
  samples = 200,
  models = ['old', 'new'],
  more = '',
) {
  const asked: Asked[] = [];
  const endpoint: Endpoint = await startEndpoint(({ body }) => {
    const model = /"model":"any-(\w+)"/.exec(body)?.[1] ?? '';
    const question = Number(/question (\d+)/.exec(body)?.[1] ?? 0);
    asked.push({ question, model });
    const text = answer({ question, model });
    if (text === 'error') return { status: 400, json: { error: { message: `no ${question}` } } };
    return { json: chatCompletion(text, { usage: { prompt_tokens: 20, completion_tokens: 10, total_tokens: 30 } }) };
  });
  const entries = models.map(
    (id) =>
      `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: any-${id}, auth: {type: none}, limits: {retries: 0, concurrency: 4}, price: {promptPerMillion: 1, completionPerMillion: 2}}`,
  );
  const rows = Array.from({ length: samples }, (_, index) => `s${index},question ${index},yes`);
  const folder: Workspace = workspace({
    'manifest.csv': `id,prompt,target\n${rows.join('\n')}\n`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${entries.join('\n')}\nscorers: [exact]\nreporters: [csv]\n${more}`,
  });
  return {
    folder,
    asked,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await endpoint.close();
    },
  };
}

const isBetter = ({ model, question }: Asked) => (model === 'new' || question % 2 === 0 ? 'yes' : 'no');

describe('a clear difference', () => {
  test('ends the run early: the rest is skipped, and the savings are said', async () => {
    await using made = await project(isBetter);

    const { code, stdout, stderr } = await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /decided: new is better than old by \d+\.\d points \(.+ to .+, 95% at whatever sample it stops\), after \d+ of 200 samples/,
    );
    expect(stdout).toMatch(/saved \d+ of 400 calls \(about \$0\.0\d+\)/);
    expect(stderr).not.toContain('cells have no result');
    expect(made.asked.length).toBeLessThan(120);
    const skipped = made.folder.read('run/results.csv').match(/,skipped,/g) ?? [];
    expect(skipped.length + made.asked.length).toBe(400);
    // In random order: not the first rows of the manifest.
    expect(Math.max(...made.asked.map(({ question }) => question))).toBeGreaterThan(150);
  });

  test('is in run.json and in the document, and compare says what its figures are worth', async () => {
    await using made = await project(isBetter);

    const { stdout } = await made.folder.run(['run', '--out', 'run', '--stop-when-decided', '--json']);
    const { stderr, stdout: compared } = await made.folder.run(['compare', 'run']);

    const { run, saving } = JSON.parse(stdout);
    expect(run.stopping).toMatchObject({ seed: 1, margin: null, alpha: 0.05, decisions: [{ conclusion: 'better' }] });
    expect(JSON.parse(made.folder.read('run/run.json')).stopping).toEqual(run.stopping);
    expect(saving.notAsked).toBe(400 - made.asked.length);
    expect(stderr).toContain('until the comparison was decided');
    expect(compared).toContain('not asked');
    expect(compared).not.toContain('pairs are missing');
  });
});

test('a sample that a model does not support keeps that reason, also after the decision', async () => {
  await using made = await project(isBetter, 60);
  const [head = '', ...rows] = made.folder.read('manifest.csv').trim().split('\n');
  const images = Array.from(
    { length: 20 },
    (_, index) => `i${index},What is this?,yes,https://example.com/${index}.png`,
  );
  const config = made.folder
    .read('earsight.config.yaml')
    .replaceAll('auth: {type: none}', 'auth: {type: none}, modalities: [text]');
  made.folder.write({
    'manifest.csv': [`${head},image`, ...rows.map((row) => `${row},`), ...images, ''].join('\n'),
    'earsight.config.yaml': config,
  });

  const { stdout } = await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);

  expect(stdout).toContain('decided: new is better than old');
  expect(made.folder.read('run/results.csv').match(/,unsupported,/g)).toHaveLength(40);
  // Of what the models support.
  expect(stdout).toMatch(/saved \d+ of 120 calls/);
});

test('the same seed asks the same samples, another one others', async () => {
  const questionsOf = async (seed: string) => {
    await using made = await project(isBetter, 200, ['old', 'new'], seed);
    await made.folder.run(['run', '--out', 'run', '--stop-when-decided', '--concurrency', '1']);
    return made.asked
      .filter(({ model }) => model === 'old')
      .map(({ question }) => question)
      .slice(0, 15);
  };

  expect(await questionsOf('seed: 5\n')).toEqual(await questionsOf('seed: 5\n'));
  expect(await questionsOf('seed: 5\n')).not.toEqual(await questionsOf('seed: 6\n'));
});

test('equal models are asked everything without a margin, and less with one', async () => {
  const equal = ({ question }: Asked) => (question % 3 === 0 ? 'no' : 'yes');
  await using all = await project(equal, 100);
  await using some = await project(equal, 100);

  const without = await all.folder.run(['run', '--out', 'run', '--stop-when-decided']);
  const within = await some.folder.run(['run', '--out', 'run', '--stop-when-decided', '--margin', '0.1']);

  expect(without.stdout).toContain('not decided: new against old, 0.0 points');
  expect(without.stdout).toContain('all 200 calls were needed');
  expect(within.stdout).toContain('decided: new and old differ by at most 10.0 points');
  expect(some.asked.length).toBeLessThan(all.asked.length);
});

test('the first model is asked until every comparison is decided, the others only until theirs is', async () => {
  // "worse" is clear at once, "close" is not.
  const answer = ({ model, question }: Asked) => {
    if (model === 'worse') return 'no';
    return question % 5 === (model === 'close' ? 1 : 0) ? 'no' : 'yes';
  };
  await using made = await project(answer, 150, ['base', 'worse', 'close']);

  const { stdout } = await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);

  const count = (model: string) => made.asked.filter((one) => one.model === model).length;
  expect(stdout).toContain('decided: worse is worse than base');
  expect(count('worse')).toBeLessThan(60);
  expect(count('base')).toBe(150);
  expect(count('close')).toBe(150);
});

test('a model that answers nothing stops no other, and its pairs are counted as missing', async () => {
  await using made = await project(({ model }) => (model === 'new' ? 'error' : 'yes'), 60);

  const { code, stdout } = await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);

  expect(code).toBe(3);
  expect(stdout).toContain('not decided');
  expect(stdout).toContain('60 of them have no pair of scores');
});

describe('resuming', () => {
  test('asks nothing more of a run that was decided, and everything with --no-stop-when-decided', async () => {
    await using made = await project(isBetter, 100);
    await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);
    const first = made.asked.length;
    expect(first).toBeLessThan(150);

    const { stdout } = await made.folder.run(['run', '--resume', 'run']);
    expect(made.asked.length).toBe(first);
    expect(stdout).toContain('decided: new is better than old');

    await made.folder.run(['run', '--resume', 'run', '--no-stop-when-decided']);
    expect(made.asked.length).toBe(200);
    expect(JSON.parse(made.folder.read('run/run.json')).stopping).toBeUndefined();
  });

  test('goes on in the same order with what is there', async () => {
    await using made = await project(isBetter, 200, ['old', 'new'], 'seed: 9\n');
    const stop = new AbortController();
    const stopping = made.folder.run(['run', '--out', 'run', '--stop-when-decided'], { stop: stop.signal });
    while (made.asked.length < 12) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(130);
    expect((await stopping).code).toBe(130);
    const before = made.asked.length;

    const { stdout } = await made.folder.run(['run', '--resume', 'run']);

    expect(stdout).toContain('decided: new is better than old');
    const again = made.asked
      .slice(before)
      .filter((one) =>
        made.asked.slice(0, before).some((old) => old.model === one.model && old.question === one.question),
      );
    expect(again).toEqual([]);
    expect(JSON.parse(made.folder.read('run/run.json')).stopping.seed).toBe(9);
  });

  test('a margin cannot be chosen later', async () => {
    await using made = await project(isBetter, 40);
    await made.folder.run(['run', '--out', 'run', '--stop-when-decided']);

    const { code, stderr } = await made.folder.run(['run', '--resume', 'run', '--margin', '0.1']);

    expect(code).toBe(2);
    expect(stderr).toContain('after a look at the answers');
  });
});

test.each([
  [['--stop-when-decided', '--margin', '0'], '--margin is 0'],
  [['--stop-when-decided', '--margin', '1.5'], '--margin is 1.5'],
  [['--stop-when-decided', '--model', 'm'], 'only "m"'],
  [['--stop-when-decided', '--repeat', '2'], 'repeat is 2'],
  [['--stop-when-decided', '--queue', 'redis://127.0.0.1:1'], 'does not go with a queue'],
  [['--stop-when-decided', '--baseline', 'b.jsonl'], 'does not go with --baseline'],
  [['--margin', '0.1'], '--margin needs --stop-when-decided'],
])('%j is rejected before anything is sent', async (options, words) => {
  const answer: Behaviour = () => 'yes';
  await using made = await scriptedProject({ samples: 3, models: ['m', 'n'] });
  made.behave(answer);

  const { code, stderr } = await made.folder.run(['run', ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(made.endpoint.requests).toHaveLength(0);
});

test('a judge is too late for it', async () => {
  await using made = await project(isBetter, 3);
  const config = made.folder.read('earsight.config.yaml');
  const judge =
    config
      .split('\n')
      .find((line) => line.includes('id: old'))
      ?.replace('id: old', 'id: judge, role: judge') ?? '';
  made.folder.write({
    'earsight.config.yaml': config
      .replace('scorers: [exact]', 'scorers: [{name: judge, model: judge, rubric: Is it right?}]')
      .replace('models:', `models:\n${judge}`),
  });

  const { code, stderr } = await made.folder.run(['run', '--stop-when-decided']);

  expect(code).toBe(2);
  expect(stderr).toContain('"judge" judges later');
  expect(made.asked).toHaveLength(0);
});
