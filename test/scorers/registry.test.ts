import { describe, expect, test } from 'vitest';
import { createScorer, SCORERS, scoreName, scorerProblems, withAbsolutePaths } from '../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };
const score = (config: { name: string; [option: string]: unknown }, answer: string, ...target: string[]) =>
  createScorer(config).score({ answer, target, sample });

test.each([
  [{ name: 'exakt' }, 'unknown scorer "exakt" · did you mean "exact"?'],
  [
    { name: 'constructor' },
    `unknown scorer "constructor" · known: ${Object.keys(SCORERS).join(', ')}, contains, equals`,
  ],
  [{ name: 'wer', normaliser: 'none' }, 'scorer "wer": unknown option "normaliser" · did you mean "normalizer"?'],
  [
    { name: 'wer', normalizer: 'whisper' },
    'scorer "wer": normalizer "whisper" is unknown · known: none, basic, whisper-basic, whisper-en, open-asr',
  ],
  [{ name: 'numeric', relative: -1 }, 'scorer "numeric": relative must be at least 0'],
  [{ name: 'exact', weight: -1 }, 'scorer "exact": weight must be at least 0'],
  [
    { name: 'numeric', absolut: 1, pik: 'any' },
    'scorer "numeric": unknown option "absolut" · did you mean "absolute"?\n' +
      'scorer "numeric": unknown option "pik" · did you mean "pick"?',
  ],
  [{ name: 'exact', as: 'a b' }, 'scorer "exact": as must hold only letters, digits and . _ + -'],
  [
    { name: 'wer', threshold: '0.1' },
    'scorer "wer": threshold must be a number from 0 to 1, or a comparison of the raw figure such as "<0.1"',
  ],
  [
    { name: 'exact', extract: 'lastline' },
    'scorer "exact": extract has no such form: "lastline" · see docs/scorers.md',
  ],
  [
    { name: 'exact', extract: { regex: '(' } },
    'scorer "exact": extract.regex: error parsing regexp: missing closing ): `(`',
  ],
  [{ name: 'choice', labels: ['A'] }, 'scorer "choice": labels must have at least 2'],
  [{ name: 'regex' }, 'scorer "regex": pattern is missing'],
  [{ name: 'regex', pattern: 'a', group: 2 }, 'scorer "regex": pattern: it has 0 groups, not 2'],
  [{ name: 'regex', pattern: 'a', group: 'x' }, 'scorer "regex": pattern: it has no group "x"'],
  [
    { name: 'regex', pattern: '(?=a)' },
    'scorer "regex": pattern: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  [{ name: 'contians: x' }, 'unknown scorer "contians" · did you mean "contains"?'],
])('rejects %j with what to do', (config, message) => {
  expect(() => createScorer(config)).toThrow(expect.objectContaining({ name: 'InputError', message }));
});

describe('assertions', () => {
  test.each([
    ['contains: Paris', 'in Paris', 'contains', 1],
    ['equals: Paris', 'in Paris', 'equals', 0],
    ['contains-all: ["red", "blue"]', 'red and blue', 'contains-all', 1],
    ['wer<0.1: the cat sat', 'the cat sat', 'wer', 1],
    ['wer<0.1: the cat sat', 'the cat', 'wer', 0],
    ['json: {"a": 1}', '{"a": 1}', 'json', 1],
    ['regex: ^\\d{4}$', '2024', 'regex', 1],
    ['numeric: 5', 'it is 5', 'numeric', 1],
    ['choice: B', 'The answer is B', 'choice', 1],
    ['refusal', 'I cannot help with that.', 'refusal', 1],
  ])('%j of %j is score.%s %d', async (name, answer, column, value) => {
    expect(scoreName({ name })).toBe(column);
    expect(await score({ name }, answer)).toMatchObject({ scorer: column, value });
  });

  test('without a text use the sample’s own target', async () => {
    expect(await score({ name: 'anls>=0.8' }, 'hello', 'hallo')).toMatchObject({ raw: 0.8, value: 1 });
    expect(await score({ name: 'anls>0.8' }, 'hello', 'hallo')).toMatchObject({ raw: 0.8, value: 0 });
  });

  test('can be named and weighted', () => {
    expect(scoreName({ name: 'contains: x', as: 'has-x', weight: 2 })).toBe('has-x');
    expect(scorerProblems({ name: 'contains: x', as: 'has-x', weight: 2 })).toEqual([]);
  });
});

describe('options of every scorer', () => {
  test('`as` names the score and keeps the corpus figure', async () => {
    const scorer = createScorer({ name: 'wer', as: 'wer-raw' });
    const { scorer: name, unit, counts = {} } = await scorer.score({ answer: 'a b', target: ['a c'], sample });

    expect([name, unit, scorer.pool(counts)?.raw]).toEqual(['wer-raw', 'wer', 0.5]);
  });

  test('`target` takes the place of the sample’s', async () => {
    expect(await score({ name: 'exact', target: ['red', 'blue'] }, 'blue', 'green')).toMatchObject({ value: 1 });
  });

  test('`threshold` makes a value pass or fail and leaves the figure', async () => {
    expect(await score({ name: 'anls', threshold: 0.8 }, 'hello', 'hallo')).toMatchObject({ value: 1, raw: 0.8 });
    expect(await score({ name: 'anls', threshold: 0.81 }, 'hello', 'hallo')).toMatchObject({ value: 0, raw: 0.8 });
    expect(await score({ name: 'wer', threshold: '<=1' }, 'b', 'a')).toMatchObject({ value: 1, raw: 1 });
    expect(await score({ name: 'numeric', threshold: 0.5 }, 'none', '5')).toMatchObject({ value: null });
  });

  test.each<[unknown, string, string | null]>([
    ['last-line', 'Let me see.\n\n42\n', '42'],
    ['choice', 'The answer is **B)**', 'B'],
    [{ after: 'answer:' }, 'Answer: 3\nso the **ANSWER:** 42\nbye', '42'],
    [{ after: 'answer:' }, 'Answer:\n42', '42'],
    [{ after: 'answer:' }, 'it is 42', null],
    [{ regex: 'x=(\\d+)' }, 'x=1, x=42', '42'],
    [{ regex: 'x=(?P<n>\\d+)', group: 'n' }, 'x=42', '42'],
    [{ regex: '\\d+' }, 'it is 42!', '42'],
    [{ regex: 'X=(\\d+)', ignoreCase: true }, 'x=42', '42'],
    [{ regex: 'y=(\\d+)' }, 'x=42', null],
    [{ json: '$.result[0].value' }, '```json\n{"result": [{"value": 42}]}\n```', '42'],
    [{ json: 'result' }, '{"other": 1}', null],
    [{ json: 'result' }, 'no json', null],
  ])('`extract` %j of %j is %j', async (extract, answer, part) => {
    const { value, explanation } = await score({ name: 'exact', extract }, answer, part ?? 'anything');

    expect(value).toBe(part === null ? null : 1);
    expect(explanation).toBe(part === null ? 'the answer has nothing that extract looks for' : undefined);
  });
});

test('paths of files are made absolute, other options are left alone', () => {
  const absolute = (path: string) => `/there/${path}`;

  expect(withAbsolutePaths({ name: 'wer', equivalences: 'terms.csv', as: 'w' }, absolute)).toEqual({
    ...{ name: 'wer', equivalences: '/there/terms.csv', as: 'w' },
  });
  expect(withAbsolutePaths({ name: 'exact' }, absolute)).toEqual({ name: 'exact' });
});

test('patterns that make other engines hang take linear time', async () => {
  const patterns = ['(a+)+b', '(a|aa)+$b', '(a*)*b', '^(.*a){25}b', '(x+x+)+y', '([a-z]+)*\\d'];
  for (const pattern of patterns)
    expect(await score({ name: 'regex', pattern }, 'a'.repeat(50_000))).toMatchObject({ value: 0 });
});
