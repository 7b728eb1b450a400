import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NORMALIZERS } from '../../src/scorers/normalize/normalizers.ts';
import { COMMON_NAMES } from '../../src/scorers/options/common-options.ts';
import { createScorer, SCORERS } from '../../src/scorers/registry.ts';
import type { ScorerFactory } from '../../src/scorers/scorer.ts';

const page = readFileSync(new URL('../../docs/scorers.md', import.meta.url), 'utf8');
const section = (title: string) => page.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (text: string) => [...text.matchAll(/^\| `([\w-]+)` \|(?: `([^`]+)`)?/gm)].map(([, ...cells]) => cells);

/** An empty list or map, and an option without default, have an empty cell. */
function shown(value: unknown): string | undefined {
  const isEmpty =
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  if (isEmpty) return undefined;
  return typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : String(value);
}

const REQUIRED: Readonly<Record<string, object>> = { regex: { pattern: 'x' }, judge: { model: 'j' } };

test.each<[string, ScorerFactory]>(Object.entries(SCORERS))(
  'the page has every option of %s with its default',
  (name, { options }) => {
    const required = REQUIRED[name] ?? {};
    const defaults: Readonly<Record<string, unknown>> = options.parse(required);

    expect(rows(section(`\`${name}\``))).toEqual(
      Object.keys(options.shape).map((key) => [key, key in required ? undefined : shown(defaults[key])]),
    );
  },
);

test('the page has every option that all scorers take', () => {
  expect(
    rows(section('Options of every scorer'))
      .map(([name]) => name)
      .slice(0, COMMON_NAMES.length)
      .sort(),
  ).toEqual([...COMMON_NAMES].sort());
});

test('the page has every normaliser', () => {
  expect(rows(section('Normalisers')).map(([name]) => name)).toEqual(Object.keys(NORMALIZERS));
});

const JUDGE_CALL = {
  ...{ model: 'j', servedModel: null, promptHash: 'p', attempts: 1 },
  ...{ promptTokens: null, completionTokens: null, costUsd: null },
};

/** `(empty)` is an empty text, `(none)` no target, `` `a` ×3 `` three of the same; `\n` a line break. */
function texts(cell: string): readonly string[] {
  if (cell === '(none)') return [];
  if (cell === '(empty)') return [''];
  return [...cell.matchAll(/`([^`]*)`(?: ×(\d+))?/g)].flatMap(([, text = '', count = '1']) =>
    new Array<string>(Number(count)).fill(text.replaceAll('\\|', '|').replaceAll('\\n', '\n')),
  );
}

const figure = (cell = '') => (cell === 'none' ? null : Number(cell));

const examples = Object.keys(SCORERS).map((name) => {
  const lines = section(`\`${name}\``).matchAll(/^\| (\d+) \| (.*) \|$/gm);
  return [name, [...lines].map(([, , line = '']) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))] as const;
});

describe.each(examples)('the answers to %s that were scored by hand', (name, lines) => {
  test('are ten at least', () => {
    expect(lines.length).toBeGreaterThanOrEqual(10);
  });

  test.each(lines)('%s against %s with %s is %s, %s', async (answer = '', target = '', options = '', raw, value) => {
    const [written = '{}'] = options.match(/\{.*\}/) ?? [];
    const config: object = JSON.parse(written.replaceAll('\\|', '|'));
    const [given = ''] = texts(answer);
    const sample = { id: 's', metadata: {} };
    // For `judge`, the page has the replies of the judge.
    const judging = { history: [], ask: async () => ({ text: given, call: JUDGE_CALL }) };
    const scorer = createScorer({ ...REQUIRED[name], ...config, name });
    const score = await scorer.score({ answer: given, target: texts(target), sample, judging });
    const round = (figure: number | null) => figure && Math.round(figure * 1e4) / 1e4;

    expect([round(score.raw), round(score.value)]).toEqual([figure(raw), figure(value)]);
  });
});
