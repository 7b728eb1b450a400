import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder, readAll, readFolder } from '../../folder.ts';
import { openFixture } from '../fixtures.ts';

test('crosses tests with prompts, expands lists, and reads files of tests', async () => {
  const { samples, problems } = await readAll(openFixture('promptfoo/promptfooconfig.yaml'));

  expect(problems).toEqual([]);
  expect(samples.map(({ line, group, metadata }) => [line, group, metadata['question'], metadata['prompt']])).toEqual([
    [18, 'test 1', 'Which bar is longest?', 'prompt 1'],
    [18, 'test 1', 'Which bar is longest?', 'chat'],
    [29, 'test 2', 'Is this a chart?', 'prompt 1'],
    [29, 'test 2', 'Is this a chart?', 'chat'],
    [29, 'test 2', 'Are there bars?', 'prompt 1'],
    [29, 'test 2', 'Are there bars?', 'chat'],
    [36, 'test 3', 'How many bars?', 'prompt 1'],
    [36, 'test 3', 'How many bars?', 'chat'],
    [37, 'test 4', 'What is in file://images?', 'prompt 1'],
    [37, 'test 4', 'What is in file://images?', 'chat'],
  ]);
});

test('puts files of media where the prompt has their variable', async () => {
  const { samples } = await readAll(openFixture('promptfoo/promptfooconfig.yaml'));

  const image = { type: 'image', media: { type: 'file', uri: 'images/chart.png' } };
  expect(samples[0]?.messages).toMatchObject([
    { role: 'user', content: [{ text: 'Answer in one word. Which bar is longest?' }, image] },
  ]);
  expect(samples[1]?.messages).toMatchObject([
    { role: 'system', content: [{ text: 'You read charts.' }] },
    { role: 'user', content: [{ text: 'Which bar is longest?' }, image] },
  ]);
});

test('maps assertions with the variables of the test, and merges defaults', async () => {
  const { samples } = await readAll(openFixture('promptfoo/promptfooconfig.yaml'));

  expect(samples[0]?.scorers).toMatchObject([{ name: 'includes', target: 'blue', normalizer: 'basic' }]);
  expect(samples[0]?.metadata).toMatchObject({ suite: 'charts', level: 'easy', description: 'the longest bar' });
  expect(samples[2]).toMatchObject({ target: ['Yes'], scorers: [{ name: 'exact', weight: 2 }] });
  expect(samples[6]?.scorers?.map(({ name, as }) => [name, as])).toEqual([
    ['contains-any', 'contains-any'],
    ['regex', 'regex'],
  ]);
  expect(samples[6]?.metadata).toMatchObject({ tags: '["numbers","a,b"]', description: 'counting' });
});

test('lists providers with the lines for the configuration, and what has no counterpart', async () => {
  const { notes } = await readAll(openFixture('promptfoo/promptfooconfig.yaml'));

  const file = 'promptfoo/promptfooconfig.yaml';
  expect(notes).toEqual([
    `${file}:8 provider "openai:chat:gpt-5-mini" is not asked · in the configuration: {id: gpt-5-mini, provider: openai, model: gpt-5-mini}`,
    `${file}:8 provider "anthropic:messages:claude-sonnet-4-6" is not asked · in the configuration: {id: claude-sonnet-4-6, provider: anthropic, model: claude-sonnet-4-6}`,
    `${file}:8 provider "file://provider.js" is not asked · name its models in the configuration, see docs/providers.md`,
    `${file}:18 assertion "latency" has no counterpart (10 times) · every run has its latency, and gates can limit it`,
    `${file}:18 assertion "llm-rubric" has no counterpart (2 times) · the scorer judge grades answers by a rubric`,
    `${file}:37 assertion "not-contains" has no counterpart (2 times) · no scorer negates another; a regex can exclude characters`,
  ]);
});

test('reads a configuration in JSON, with a clip', async () => {
  const { samples, notes } = await readAll(openFixture('promptfoo.json'));

  expect(samples.map(({ messages }) => messages[0]?.content.map(({ type }) => type))).toEqual([
    ['text', 'audio'],
    ['text', 'audio'],
  ]);
  expect(notes).toContain('promptfoo.json:6 "threshold" of a test has no counterpart');
});

const config = (lines: string) => `providers: [echo]\n${lines}\n`;

test.each([
  [
    'prompts: ["{% if a %}x{% endif %}"]\ntests: [{vars: {a: 1}}]',
    'test 1 prompt 1 has the template statement "{% if a %}"',
  ],
  ['prompts: ["{{a | upper}}"]\ntests: [{vars: {a: x}}]', 'prompt 1 has the expression "{{a | upper}}"'],
  ['prompts: ["{{a}}"]\ntests: [{vars: {b: x}}]', 'test 1 has no variable "a" for prompt 1'],
  ['prompts: [file://no.txt]\ntests: [{vars: {b: x}}]', 'prompt 1 "no.txt" does not exist'],
  ['prompts: [file://p.js]\ntests: [{vars: {b: x}}]', 'prompt 1 "file://p.js" is not read'],
  ['prompts: [file://../p.txt]\ntests: [{vars: {b: x}}]', 'prompt 1 "../p.txt" is outside the folder'],
  ['prompts: [file://link.txt]\ntests: [{vars: {b: x}}]', 'prompt 1 "link.txt" is outside the folder'],
  ['prompts: ["exec:./p.sh"]\ntests: [{vars: {b: x}}]', 'prompt 1 "exec:./p.sh" is not read'],
  ['prompts: ["{{a}}"]\ntests: [{vars: {a: file://v.mp4}}]', 'test 1 variable "a" "v.mp4" is a video'],
  ['prompts: ["{{a}}"]\ntests: [{vars: {a: file://v.pdf}}]', 'test 1 variable "a" "v.pdf" is not read'],
  ['prompts: ["{{a}}"]\ntests: [file://no.yaml]', '"no.yaml" does not exist'],
  ['prompts: ["{{a}}"]\ntests: file://t.py:make', '"t.py:make" is not read'],
  ['prompts: ["{{a}}"]\ntests: "file://*.yaml"', '"*.yaml" names several files'],
  ['prompts: ["{{a}}"]\ntests: [4]', 'is not a test'],
  ['prompts: ["{{a}}"]\ntests: [{vars: {a: file://a.png}}]', 'image "a.png" does not exist'],
  ['tests: [{vars: {question: x}}]', 'test 1 has no variable "prompt" for prompt'],
])('names what is wrong with %s', async (lines, message) => {
  const outside = makeFolder({ 'p.txt': '{{b}}' });
  const folder = makeFolder({ 'm.yaml': config(lines) });
  symlinkSync(join(outside, 'p.txt'), join(folder, 'link.txt'));

  const { problems } = await readAll({ path: join(folder, 'm.yaml'), displayPath: 'm.yaml' });

  expect(problems[0]).toContain(message);
  expect(problems[0]).toMatch(/^m\.yaml:[123] /);
});

test('a test whose lists make too many tests is a problem', async () => {
  const list = JSON.stringify(Array.from({ length: 40 }, (_, index) => index));
  const yaml = config(`prompts: ["{{a}}{{b}}"]\ntests: [{vars: {a: ${list}, b: ${list}}}]`);

  const { problems } = await readFolder({ 'm.yaml': yaml }, 'm.yaml');

  expect(problems).toEqual(['m.yaml:3 test 1 its lists make more than 1000 tests']);
});

test('without prompts, the variable prompt is the prompt; texts in files are read', async () => {
  const source = openFixture('promptfoo.json');
  const path = join(dirname(source.path), 'c.yaml');
  writeFileSync(path, config('tests:\n  - vars: {prompt: file://q.txt}\n'));
  writeFileSync(join(dirname(path), 'q.txt'), 'What is 2 + 2?');

  const { samples } = await readAll({ path, displayPath: 'c.yaml' });

  expect(samples[0]?.messages[0]?.content).toEqual([{ type: 'text', text: 'What is 2 + 2?' }]);
});
