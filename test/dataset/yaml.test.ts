import { expect, test } from 'vitest';
import { readFolder } from './folder.ts';

test('an anchor may be used in later samples', async () => {
  const manifest = '- prompt: a\n  meta: &m {lang: en}\n- prompt: b\n  meta: *m\n';

  const { samples, problems } = await readFolder({ 'm.yaml': manifest }, 'm.yaml');

  expect(problems).toEqual([]);
  expect(samples.map(({ metadata }) => metadata)).toEqual([{ lang: 'en' }, { lang: 'en' }]);
});

test('block text keeps its line ends', async () => {
  const { samples } = await readFolder({ 'm.yaml': '- prompt: |\n    one\n    two\n' }, 'm.yaml');

  expect(samples[0]?.messages[0]?.content).toEqual([{ type: 'text', text: 'one\ntwo\n' }]);
});

test('nesting that would exhaust the stack is a problem, not a crash', async () => {
  const { samples, problems } = await readFolder({ 'm.yaml': `- ${'['.repeat(100_000)}` }, 'm.yaml');

  expect(samples).toEqual([]);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^m\.yaml:1\S* is not valid YAML: nested too deeply$/);
});

test('an alias without an anchor is a problem', async () => {
  const { problems } = await readFolder({ 'm.yaml': '- prompt: a\n- *nobody\n' }, 'm.yaml');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^m\.yaml:1 is not valid YAML: .*nobody/);
});

test('rejects a file above 16 MiB, which would be kept in memory', async () => {
  const { problems } = await readFolder({ 'm.yaml': `- prompt: a\n# ${'x'.repeat(16 * 2 ** 20)}\n` }, 'm.yaml');

  expect(problems).toEqual(['m.yaml:2 is larger than 16 MiB · write large manifests as JSON Lines']);
});
