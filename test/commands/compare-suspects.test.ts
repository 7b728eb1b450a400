import { describe, expect, test } from 'vitest';
import { asked } from '../helpers/asked.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';

/** Two models that add right, and a manifest whose sums 3 and 8 are wrong. */
async function project(models = ['a', 'b']) {
  const endpoint = await startEndpoint(({ body }) => {
    const number = Number(/plus (\d+)/.exec(body)?.[1] ?? 0);
    // Model b cannot add to 5.
    const isWrong = number === 5 && body.includes('"any-b"');
    return { json: chatCompletion(isWrong ? 'no idea' : `sum ${number + 100}`) };
  });
  const entries = models.map(
    (id) => `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: any-${id}, auth: {type: none}}`,
  );
  const rows = Array.from(
    { length: 12 },
    (_, index) => `s${index},100 plus ${index},sum ${[3, 8].includes(index) ? 999 : index + 100}`,
  );
  const folder = workspace({
    'manifest.csv': `id,prompt,target\n${rows.join('\n')}\n`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${entries.join('\n')}\nscorers: [exact]\nreporters: [csv]\n`,
  });
  await folder.run(['run', '--out', 'run']);
  return asked(folder, endpoint);
}

test('lists the wrong targets first, with the answer that the models agree on', async () => {
  await using made = await project();

  const { code, stdout } = await made.folder.run(['compare', 'run', '--suspects']);

  expect(code).toBe(0);
  const [, ...lines] = stdout.split('\n');
  expect(lines[0]).toMatch(/^s3 +5 +\d+\.\d% +2 of 2 +sum 999 +sum 103/);
  expect(lines[1]).toMatch(/^s8 /);
  expect(stdout).toContain('2 of 12 samples are doubted at all');
});

test('accepted corrections are written, and the run is scored by them without a call', async () => {
  await using made = await project();
  const calls = made.endpoint.requests.length;

  const { code, stderr } = await made.folder.run([
    'compare',
    'run',
    '--suspects',
    '--write',
    'fixed.jsonl',
    '--accept',
    's3',
    '--accept',
    's8',
  ]);

  expect(code).toBe(0);
  expect(made.endpoint.requests).toHaveLength(calls);
  const rows = made.folder
    .read('fixed.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map(({ id, target }) => [id, target]).filter(([id]) => ['s2', 's3', 's8'].includes(id))).toEqual([
    ['s2', 'sum 102'],
    ['s3', 'sum 103'],
    ['s8', 'sum 108'],
  ]);
  expect(stderr).toContain('fixed.jsonl: 2 of 12 targets corrected');
  expect(stderr).toContain('nothing was sent');
  const summary = made.folder.read('run/summary.csv');
  expect(summary).toMatch(/^a,all,score_all@rescore-1,12,1,/m);
  // The manifest itself stays as it was.
  expect(made.folder.read('manifest.csv')).toContain('sum 999');
});

test('the document has all suspects, and what was written', async () => {
  await using made = await project();

  const { stdout } = await made.folder.run([
    'compare',
    'run',
    '--suspects',
    '--json',
    '--write',
    'fixed.jsonl',
    '--accept',
    's3',
  ]);

  expect(JSON.parse(stdout)).toMatchObject({
    samples: 12,
    suspects: [{ sampleId: 's3', line: 5, answer: 'sum 103', target: ['sum 999'] }, { sampleId: 's8' }],
    written: 'fixed.jsonl',
    corrected: ['s3'],
  });
});

describe('bad input', () => {
  test.each([
    [['--write', 'x.jsonl'], '--write needs --suspects'],
    [['--suspects', '--write', 'x.jsonl'], '--write needs --accept'],
    [['--suspects', '--accept', 's3'], '--accept needs --write'],
    [['--suspects', '--write', 'x.jsonl', '--accept', 's4'], 'do not doubt'],
    [['--suspects', '--write', 'manifest.csv', '--accept', 's3'], 'already exists'],
    [['--suspects', '--write', 'x.csv', '--accept', 's3'], 'not the name of a JSONL file'],
    [['run', '--suspects'], 'about one run'],
  ])('%j is rejected', async (options, words) => {
    await using made = await project();

    const { code, stderr } = await made.folder.run(['compare', 'run', ...options]);

    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(made.folder.list().filter((name) => name.startsWith('x.'))).toEqual([]);
  });

  test('one model contradicts nobody', async () => {
    await using made = await project(['a']);

    const { code, stderr } = await made.folder.run(['compare', 'run', '--suspects']);

    expect(code).toBe(2);
    expect(stderr).toContain('one model only');
  });
});
