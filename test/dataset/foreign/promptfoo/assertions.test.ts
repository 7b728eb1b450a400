import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertionOf, mapAssertions } from '../../../../src/dataset/foreign/promptfoo/assertions.ts';

test.each([
  ['Paris', { type: 'equals', value: 'Paris' }],
  ['equals: 42', { type: 'equals', value: '42' }],
  ['contains:Paris', { type: 'contains', value: 'Paris' }],
  ['contains-any: <b>,</span>', { type: 'contains-any', value: ['<b>', '</span>'] }],
  ['similar(0.8):Hello there', { type: 'similar', value: 'Hello there' }],
  ['not-contains: x', { type: 'not-contains', value: 'x' }],
  ['is-json', { type: 'is-json', value: undefined }],
  ['fn: output.length < 5', { type: 'javascript' }],
  ['grade: is polite', { type: 'llm-rubric', value: ' is polite' }],
  ['file://check.py:fn', { type: 'python' }],
  ['Note: take care', { type: 'equals', value: 'Note: take care' }],
  ['12:30', { type: 'equals', value: '12:30' }],
])('reads the cell %j', (cell, assertion) => {
  expect(assertionOf(cell)).toEqual(assertion);
});

test('a cell of any text is an assertion', () => {
  fc.assert(
    fc.property(fc.string(), (cell) => {
      expect(assertionOf(cell).type).toMatch(/^[a-z-]+$/);
    }),
  );
});

test.each([
  ['equals', 'Paris', { name: 'exact', target: 'Paris', normalizer: 'none', as: 'equals' }],
  ['equals', { a: 1 }, { name: 'json', target: '{"a":1}', as: 'equals' }],
  ['contains', 0, { name: 'includes', target: '0', normalizer: 'none', wholeWords: false, as: 'contains' }],
  ['icontains', 'x', { name: 'includes', target: 'x', normalizer: 'basic', wholeWords: false, as: 'icontains' }],
  [
    'contains-any',
    ['a', 1],
    { name: 'contains-any', terms: ['a', '1'], normalizer: 'none', wholeWords: false, as: 'contains-any' },
  ],
  [
    'icontains-all',
    ['a'],
    { name: 'contains-all', terms: ['a'], normalizer: 'basic', wholeWords: false, as: 'icontains-all' },
  ],
  ['regex', '\\d', { name: 'regex', pattern: '\\d', as: 'regex' }],
  ['starts-with', 'a.b', { name: 'regex', pattern: '^a\\.b', as: 'starts-with' }],
  ['is-json', undefined, { name: 'json', check: 'valid', strict: true, as: 'is-json' }],
  [
    'contains-json',
    '{"type":"object"}',
    { name: 'json', check: 'valid', strict: false, schema: { type: 'object' }, as: 'contains-json' },
  ],
])('maps %s of %j', (type, value, scorer) => {
  expect(mapAssertions([{ type, value }])).toMatchObject({ scorers: [scorer], notes: [] });
});

test('numbers scorers of one name, keeps weights, and names them by their metric', () => {
  const { scorers, targets } = mapAssertions([
    { type: 'equals', value: 'a' },
    { type: 'equals', value: 'b', weight: 0 },
    { type: 'contains', value: 'c', metric: 'Names a colour!' },
  ]);

  expect(scorers.map(({ as, weight }) => [as, weight])).toEqual([
    ['equals', undefined],
    ['equals-2', 0],
    ['Names-a-colour-', undefined],
  ]);
  expect(targets).toEqual(['a', 'b']);
});

test.each([
  [
    { type: 'llm-rubric', value: 'x' },
    'assertion "llm-rubric" has no counterpart',
    'the scorer judge grades answers by a rubric',
  ],
  [{ type: 'not-contains', value: 'x' }, 'assertion "not-contains" has no counterpart', 'no scorer negates another'],
  [
    { type: 'equals', value: 'file://a.json' },
    'assertion "equals" has no counterpart',
    'its value is none that a scorer takes',
  ],
  [{ type: 'regex' }, 'assertion "regex" has no counterpart', 'its value is none that a scorer takes'],
  [{ type: 'trajectory:step-count' }, 'assertion "trajectory:step-count" has no counterpart', 'it is left out'],
])('names %j as without a counterpart', (assertion, note, hint) => {
  const { scorers, notes } = mapAssertions([assertion]);

  expect(scorers).toEqual([]);
  expect(notes).toEqual([{ note, hint: expect.stringContaining(hint) }]);
});
