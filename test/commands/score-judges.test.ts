import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { journalOf } from '../helpers/journal-lines.ts';
import { readRows } from '../helpers/tables.ts';

let endpoint: Endpoint;
let folder: Workspace;
/** What a judge replies, by its name and the answer. */
let replies: Record<string, string>;

const JUDGES = ['a', 'b', 'c'];
const SCORER = { name: 'judge', models: JUDGES, rubric: 'A B C', grades: { A: 1, B: 0.5, C: 0 } };
const modelOf = (json: unknown) => (json as { model: string }).model;
const answerIn = (body: string) => /The answer to judge:\\n<\w+>\\n(.*?)\\n<\//.exec(body)?.[1] ?? '';
const questions = () => endpoint.requests.filter(({ json }) => JUDGES.includes(modelOf(json)));

beforeEach(async () => {
  replies = {};
  endpoint = await startEndpoint(({ json, body }) => {
    const model = modelOf(json);
    const isJudge = JUDGES.includes(model);
    const reply = isJudge ? (replies[`${model} ${answerIn(body)}`] ?? 'GRADE: A') : /say (.*?)"/.exec(body)?.[1];
    if (reply === 'down') return { status: 400, json: { error: { message: 'no' } } };
    return {
      json: {
        choices: [{ message: { role: 'assistant', content: reply }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      },
    };
  });
  const model = `provider: openai, endpoint: "${endpoint.url}/v1", auth: {type: none}, limits: {retries: 0}`;
  const judges = JUDGES.map((id) => `  - {id: ${id}, role: judge, model: ${id}, ${model}}`).join('\n');
  folder = workspace({
    'manifest.csv':
      'id,prompt,target,meta.human\na,say one,one,A\nb,say two GRADE: C,three,C\nc,say four,four,B\nd,say five,five,\n',
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n  - {id: m, model: m, ${model}}\n${judges}\nscorers: [exact]\nreporters: [csv, markdown]\n`,
  });
  expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const score = (options: object = {}) =>
  folder.run(['score', 'out', '--scorer', JSON.stringify({ ...SCORER, ...options })]);

test('the majority of several judges decides, ties and off-menu verdicts are no votes, and each judgement is paid once', async () => {
  replies = {
    'b two GRADE: C': 'GRADE: C',
    'a four': 'GRADE: A',
    'b four': 'GRADE: B',
    'c four': 'GRADE: excellent',
    'a five': 'down',
  };

  const { stdout, code } = await score();

  expect(readRows(folder, 'out').map((row) => row['score.judge@rescore-1'])).toEqual(['1', '1', '', '1']);
  const reasons = readRows(folder, 'out').map((row) => row['judge_reasons@rescore-1']);
  expect(reasons[1]).toMatch(/^A · A 2, C 1 of 3 judges\na: GRADE: A/u);
  expect(reasons[2]).toContain('the judges have no majority: A 1, B 1; c gave the verdict "excellent", which is not');
  expect(reasons[3]).toContain('A 2 of 3 judges; a failed (bad_request)');
  expect(questions()).toHaveLength(12);
  expect(journalOf(folder, 'out').filter(({ type }) => type === 'judgement')).toHaveLength(12);
  expect(code).toBe(3);
  expect(stdout).toMatch(/m: the judges of judge agree on 50\.0% \(.*\) of 4 answers; Krippendorff's alpha -0\.06/u);
  expect(stdout).toContain('m: judge agrees with people on 50.0%');
  expect(stdout).toContain('m: judge/b agrees with people on 100.0% (43.9–100.0) of 3 answers (by grade)');
  expect(folder.read('out/report.md')).toContain('the judges of judge agree on 50.0%');
  expect(folder.read('out/summary.csv')).toMatch(/^m,all,judges_agree\.judge@rescore-1,4,0\.5,/mu);

  replies = {};
  expect((await score({ minimum: 3 })).stderr).toContain('1 questions to judges; 11 more had replies in the journal');
});

test.each<[object, string]>([
  [{ model: 'a' }, 'model and models are both there'],
  [{ models: ['a'] }, 'models must name at least 2 judges'],
  [{ models: ['a', 'a'] }, 'judge "a" is there twice'],
  [{ models: ['a', 'x'] }, 'there is no judge "x"'],
  [{ minimum: 4 }, 'minimum is 4, and there are 3 judges'],
])('%j is rejected before anything is sent', async (options, message) => {
  const { code, stderr } = await score(options);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(questions()).toHaveLength(0);
});
