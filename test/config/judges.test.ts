import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Workspace, workspace } from '../helpers/cli.ts';

let folder: Workspace;
const MODEL = 'provider: openai, endpoint: "http://127.0.0.1:9/v1", model: x';
const write = (models: string, rest = '') =>
  folder.write({ 'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${models}${rest}` });
beforeEach(() => {
  folder = workspace({ 'manifest.csv': 'prompt,target\nhello,hello\n' });
});
afterEach(() => folder[Symbol.dispose]());

test('a judge is in no estimate, and its key is needed only where it is asked', async () => {
  write(
    `  - {id: m, ${MODEL}, auth: {type: none}}\n  - {id: j, role: judge, ${MODEL}, auth: {type: key, env: NOT_SET_ANYWHERE}}\n`,
    'variants: [{id: v, system: Be brief.}]\nscorers: [exact]\n',
  );

  const estimate = await folder.run(['estimate', '--json']);

  expect((await folder.run(['validate'])).code).toBe(0);
  expect(JSON.parse(estimate.stdout).models.map(({ id }: { id: string }) => id)).toEqual(['m@v']);
});

test.each<[string, string, string]>([
  [`  - {id: j, role: judge, ${MODEL}, auth: {type: none}}\n`, '', 'all models are judges'],
  [
    `  - {id: m, ${MODEL}, auth: {type: none}}\n  - {id: j, role: judge, template: "x", ${MODEL}, auth: {type: none}}\n`,
    '',
    'a judge has no template',
  ],
  [
    `  - {id: m, ${MODEL}, auth: {type: none}}\n  - {id: grader, role: judge, ${MODEL}, auth: {type: none}}\n`,
    'scorers: [{name: judge, model: grade}]\n',
    'earsight.config.yaml:5:32 scorer "judge": there is no judge "grade" · did you mean "grader"?',
  ],
  [`  - {id: m, role: jury, ${MODEL}, auth: {type: none}}\n`, '', 'judge'],
])('names what is wrong with a judge: %#', async (models, rest, message) => {
  write(models, rest);

  const { code, stderr } = await folder.run(['validate']);

  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
