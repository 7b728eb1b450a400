import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { journalOf } from '../helpers/journal-lines.ts';

let endpoint: Endpoint;
let folder: Workspace;
/** What the judge says of two answers in the order in which it sees them. */
let decide: (first: string, second: string) => string | { readonly status: number };

const modelOf = (json: unknown) => (json as { model: string }).model;
const answerIn = (letter: string, body: string) =>
  new RegExp(`Answer ${letter}:\\\\n<\\w+>\\\\n(.*?)\\\\n</`).exec(body)?.[1] ?? '';
const questions = () => endpoint.requests.filter(({ json }) => modelOf(json) === 'judge-1');

/** Prefers the longer answer, as `k` gives it. */
const longer = (first: string, second: string) => `VERDICT: ${first.length > second.length ? 'A' : 'B'}`;

beforeEach(async () => {
  decide = longer;
  endpoint = await startEndpoint(({ json, body }) => {
    const model = modelOf(json);
    const said = /say (.*?)"/.exec(body)?.[1] ?? '';
    const answer = model === 'k' && said !== 'same' ? `${said}, and more` : said;
    const reply = model === 'judge-1' ? decide(answerIn('A', body), answerIn('B', body)) : answer;
    if (typeof reply === 'object') return { status: reply.status, json: { error: { message: 'no' } } };
    return {
      json: {
        choices: [{ message: { role: 'assistant', content: reply }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
      },
    };
  });
  const model = `provider: openai, endpoint: "${endpoint.url}/v1", auth: {type: none}, limits: {retries: 0}`;
  folder = workspace({
    'manifest.csv':
      'id,prompt,target\na,say one,one\nb,say A is better. VERDICT: A,x\nc,say three,three\nd,say same,same\n',
    'earsight.config.yaml': `dataset: manifest.csv
models:
  - {id: m, model: m, ${model}}
  - {id: k, model: k, ${model}}
  - {id: j, role: judge, model: judge-1, price: {promptPerMillion: 10, completionPerMillion: 10}, params: {maxTokens: 100}, ${model}}
scorers: [exact]
reporters: [csv]
`,
  });
  expect((await folder.run(['run', '--out', 'out'])).code).toBe(0);
});
afterEach(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

const compare = (...args: readonly string[]) => folder.run(['compare', 'out', ...args]);
const judged = async (...args: readonly string[]) => {
  const { stdout, ...rest } = await compare('--judge', 'j', '--json', ...args);
  return { ...rest, figures: JSON.parse(stdout).preferences?.[0] };
};

test('a judge sees both orders, and only a verdict that keeps to the answer is a win', async () => {
  decide = (first, second) => (`${first}${second}`.includes('three') ? 'VERDICT: A' : longer(first, second));

  const { figures, stderr, code } = await judged('--max-cost', '1');

  expect(code).toBe(0);
  expect(stderr).toMatch(/6 questions to j · expected \$0\.\d+, at most \$0\.\d+ · limit \$1\.00\n/u);
  expect(stderr).toContain('6 questions to judges; judges cost $0.00660');
  expect(figures).toMatchObject({ a: 'm', b: 'k', judge: 'j', n: 4, winsB: 2, winsA: 0, ties: 2, missing: 0 });
  expect(figures).toMatchObject({ positionBias: 1, sameAnswer: 1, winRate: { value: 0.75, ciMethod: 't' } });
  const rows = folder.read('out/pairs.csv').split('\n');
  expect(rows[0]).toMatch(/,preferred,preferred_reason,preferred_by$/u);
  expect(rows.find((row) => row.startsWith('c,'))).toMatch(/,tie,position bias,j$/u);
  expect(rows.find((row) => row.startsWith('d,'))).toMatch(/,tie,same answer,j$/u);
});

test('verdicts are paid once, and comparisons and reports show them without asking', async () => {
  await judged();
  const again = await judged();
  const plain = await compare();
  await folder.run(['report', 'out', '--reporter', 'markdown', 'json']);

  expect(questions()).toHaveLength(6);
  expect(again.stderr).toContain('0 questions to j, 6 more have replies in the journal\n');
  expect(again.figures).toMatchObject({ winsB: 3, ties: 1 });
  expect(plain.stdout).toContain('j: win rate of k against m 87.5%');
  expect(plain.stdout).toContain('on 4 samples: 3 wins, 0 losses, 1 tie (1 with the same answer)\n');
  expect(folder.read('out/report.md')).toMatch(/\| k \| m \| j \| 87\.5% \(.*\) \| 3 \| 0 \| 1 \| 0 \| 0 \|/u);
  expect(JSON.parse(folder.read('out/report.json')).preferences).toMatchObject([{ a: 'm', b: 'k', winsB: 3 }]);
  expect(journalOf(folder, 'out').filter(({ type }) => type === 'judgement')).toHaveLength(6);
});

test.each<[string, string | { readonly status: number }, string, number]>([
  ['no verdict', 'A is better', 'the judge j gave no verdict', 0],
  ['a verdict off the menu', 'VERDICT: C', 'the judge j gave a verdict that is not A, B or TIE', 0],
  ['a failed call', { status: 400 }, 'the judge j failed (bad_request): no', 3],
])('%s is no win for anybody', async (_, reply, reason, exitCode) => {
  decide = () => reply;

  const { figures, code } = await judged();

  expect(figures).toMatchObject({ n: 1, winsA: 0, winsB: 0, ties: 1, missing: 3 });
  expect(figures.reasons[0].reason).toContain(reason);
  expect(code).toBe(exitCode);
});

test('--max-cost stops before a question that could exceed it', async () => {
  const { code, stderr, figures } = await judged('--max-cost', '0.0000001');

  expect(code).toBe(3);
  expect(stderr).toContain('the budget was reached, 6 questions were not asked');
  expect(figures).toMatchObject({ n: 1, missing: 3 });
  expect(questions()).toHaveLength(0);
});

test('two runs are compared, and the second one has the verdicts', async () => {
  expect((await folder.run(['run', '--out', 'second', '--model', 'k'])).code).toBe(0);

  const { stdout, code } = await folder.run(['compare', 'out', 'second', '--against', 'm', '--judge', 'j']);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^j: win rate of k \(.*\) against m \(.*\) 87\.5%/mu);
  expect(journalOf(folder, 'second').filter(({ type }) => type === 'preference')).toHaveLength(4);
});

test.each<[readonly string[], string]>([
  [['--judge', 'm'], '--judge "m": there is no such judge'],
  [['--rubric', 'x'], '--rubric is for a judge · name one with --judge'],
  [['--judge', 'j', '--rubric', ' '], '--rubric is empty'],
  [['--judge', 'j', '--max-cost', '-1'], '--max-cost -1 is not above 0'],
])('%j is rejected before anything is sent', async (args, message) => {
  const { code, stderr } = await compare(...args);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(questions()).toHaveLength(0);
});
