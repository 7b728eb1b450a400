import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { AUDIO_RULES } from '../../src/tokens/audio-rules.ts';
import { IMAGE_RULES } from '../../src/tokens/image-rules.ts';
import { tokenMappingProblem } from '../../src/tokens/resolve-rule.ts';
import { TEXT_RULES } from '../../src/tokens/text-rules.ts';
import type { ModelConfig } from '../../src/types.ts';

const page = readFileSync(new URL('../../docs/tokens.md', import.meta.url), 'utf8');

/** The cells of the table in a section, without its head. */
function tableOf(section: string): readonly (readonly string[])[] {
  const body = page.split(`## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = body.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const nameIn = (cell: string | undefined) => cell?.replaceAll('`', '');

test.each([
  ['Text', TEXT_RULES],
  ['Images', IMAGE_RULES],
  ['Audio', AUDIO_RULES],
])('the page names every rule for %s with what it counts and how sure it is', (section, registry) => {
  const documented = tableOf(section).map((row) => [nameIn(row[0]), row[1], row.at(-2), row.at(-1)]);

  const rules = Object.entries(registry);
  expect(documented).toEqual(
    rules.map(([name, { description, confidence, source }]) => [name, description, confidence, source]),
  );
});

test.each([
  ['Images', IMAGE_RULES],
  ['Audio', AUDIO_RULES],
])('the page names every setting of the rules for %s', (section, registry) => {
  const settings = tableOf(section).map((row) => [...(row[2] ?? '').matchAll(/`(\w+)=/g)].map(([, name]) => name));

  expect(settings).toEqual(Object.values(registry).map(({ defaults }) => Object.keys(defaults)));
});

test('the mappings of the page are known', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { models }: { models: readonly ModelConfig[] } = parse(example);

  expect(models.length).toBeGreaterThan(1);
  expect(models.map((model) => tokenMappingProblem(model))).toEqual(models.map(() => undefined));
});
