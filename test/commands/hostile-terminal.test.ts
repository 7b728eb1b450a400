import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Outcome, type Workspace, workspace } from '../helpers/cli.ts';
import { chatCompletion, type Endpoint, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';

/** Clears the screen, sets the window's title, rings, reorders, and begins a sequence with one C1 character. */
const HOSTILE = 'a\u001b[2J\u001b]0;title\u0007\u202e\u2066\u009b31m\r\bz';
/** As much of it as a name of a file or a folder may hold everywhere that tests run. */
const NAME = 'a\u001b[2J\u202e\u0007z';

/** What a terminal obeys, apart from the end of a line. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

let endpoint: Endpoint;
let folder: Workspace;
beforeAll(async () => {
  endpoint = await startEndpoint();
  const model = (id: string) =>
    `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: m, auth: {type: none}, limits: {concurrency: 1, retries: 0}}`;
  folder = workspace({
    [`${NAME}.png`]: pngBytes(),
    'manifest.jsonl': [
      { id: HOSTILE, prompt: HOSTILE, image: `${NAME}.png`, target: 'yes', group: HOSTILE, tags: [HOSTILE] },
      { id: `${HOSTILE}2`, prompt: 'p', target: [`yes ${HOSTILE}`], meta: { [HOSTILE]: HOSTILE } },
    ]
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
    'earsight.config.yaml': `dataset: manifest.jsonl\nconcurrency: 1\nscorers: [exact, wer]\nreporters: [csv]\nmodels:\n${model('one')}\n${model('two')}\n`,
  });
  const answer = { json: chatCompletion(`yes ${HOSTILE}\nno`) };
  const failure = { status: 400, json: { error: { message: HOSTILE, code: HOSTILE } } };
  endpoint.script([answer, failure, answer, answer]);
});
afterAll(async () => {
  await endpoint.close();
  folder[Symbol.dispose]();
});

function expectHarmless({ stdout, stderr }: Outcome) {
  expect(stdout).not.toMatch(OBEYED);
  expect(stderr).not.toMatch(OBEYED);
}

test('nothing that comes from manifests, answers, errors or names of files reaches the terminal as it is', async () => {
  mkdirSync(join(folder.directory, 'results'));
  const ran = await folder.run(['run', '--out', 'results/x']);
  renameSync(join(folder.directory, 'results/x'), join(folder.directory, `results/${NAME}`));

  const lines = [
    ['report', 'latest'],
    ['show', 'latest', HOSTILE],
    ['show', 'latest', `${HOSTILE}2`],
    ['show', 'latest', '--failed'],
    ['show', 'latest', `${HOSTILE}3`],
    ['compare', 'latest', '--show', '2'],
    ['score', 'latest'],
    ['report', `results/${NAME}/none`],
    ['run', '--limit', '1', '--replay', 'latest', '--out', `results/${NAME}2`],
    ['run', `${NAME}.yaml`],
  ];
  expectHarmless(ran);
  for (const line of lines) expectHarmless(await folder.run(line));

  writeFileSync(join(folder.directory, `${NAME}.png`), 'no image any more');
  for (const line of [['validate'], ['show', 'latest', HOSTILE]]) expectHarmless(await folder.run(line));
});
