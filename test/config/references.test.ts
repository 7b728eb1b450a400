// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { looksLikeKey, resolveReferences, substitute, withoutReferences } from '../../src/config/references.ts';

const reference = (name: string) => `\${${name}}`;
/** The text that reads as `text` after substitution. */
const escapeReferences = (text: string) => text.replaceAll('${', () => '$${');
const variable = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,12}$/);
const plain = fc.string({ unit: fc.constantFrom('a', 'ä', '$', '{', '}', '\\', ' ', '\n', '😀') });

test.each([
  ['a reference', reference('A'), 'one'],
  ['two references', `${reference('A')}-${reference('B')}`, 'one-two'],
  ['an escape', '$${A}', reference('A')],
  ['a dollar before a reference', '$$$${A}', `$$${reference('A')}`],
  ['a dollar alone', 'a $ {A} $A $', 'a $ {A} $A $'],
  ['a value that looks like a reference', reference('NESTED'), reference('A')],
  ['a value with replacement patterns', reference('PATTERN'), '$& $1 $$'],
])('fills in %s', (_, text, expected) => {
  const env = { A: 'one', B: 'two', NESTED: reference('A'), PATTERN: '$& $1 $$' };
  expect(substitute(text, env)).toMatchObject({ text: expected, missing: [], malformed: false });
});

test.each(['${', '${}', '${A', '${A:-x}', '${1A}', '${A B}', 'x ${ y'])(
  'reports that %j does not start a reference',
  (text) => {
    expect(substitute(text, { A: 'one' })).toMatchObject({ text, malformed: true });
  },
);

test('names a variable that is empty or not set once', () => {
  const text = `${reference('A')} ${reference('B')} ${reference('A')} ${reference('toString')}`;
  expect(substitute(text, { B: '' })).toMatchObject({ text, missing: ['A', 'B', 'toString'] });
});

test('any escaped text reads as it was', () => {
  fc.assert(
    fc.property(plain, (text) => {
      expect(substitute(escapeReferences(text), {})).toMatchObject({ text, missing: [], malformed: false });
    }),
  );
});

test('text around references is kept and each reference becomes its value', () => {
  const piece = fc.record({ before: plain, name: variable, value: fc.string({ minLength: 1 }) });
  fc.assert(
    fc.property(fc.uniqueArray(piece, { selector: ({ name }) => name }), plain, (pieces, end) => {
      // Dollars right before a reference would escape it.
      const safe = (text: string) => escapeReferences(text).replace(/\$+$/, '');
      const read = (text: string) => text.replace(/\$+$/, '');
      const text = pieces.map(({ before, name }) => safe(before) + reference(name)).join('') + safe(end);
      const expected = pieces.map(({ before, value }) => read(before) + value).join('') + read(end);
      const env = Object.fromEntries(pieces.map(({ name, value }) => [name, value]));
      expect(substitute(text, env)).toMatchObject({ text: expected, missing: [], malformed: false });
    }),
  );
});

test('a tree without references is the same tree', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const tree: unknown = JSON.parse(escapeReferences(JSON.stringify(value)).replaceAll('"__proto__"', '"proto"'));
      const plainTree: unknown = JSON.parse(JSON.stringify(value).replaceAll('"__proto__"', '"proto"'));
      const resolved = resolveReferences(tree, {});
      expect(resolved).toMatchObject({ malformed: [], missing: [] });
      if (!JSON.stringify(value).includes('${')) expect(resolved.tree).toEqual(plainTree);
    }),
  );
});

test('walks lists and mappings and leaves names of members alone', () => {
  const tree = { list: [reference('A'), 1, null, { deep: reference('A') }], [reference('A')]: true };
  expect(resolveReferences(tree, { A: 'one' }).tree).toEqual({
    list: ['one', 1, null, { deep: 'one' }],
    [reference('A')]: true,
  });
});

test('says where a variable is missing and leaves the text there', () => {
  const tree = { models: [{ endpoint: reference('HOST'), headers: { a: reference('GONE') } }] };
  const resolved = resolveReferences(tree, { HOST: '' });
  expect(resolved.tree).toEqual(tree);
  expect(resolved.missing).toMatchObject([
    { path: ['models', 0, 'endpoint'], message: 'environment variable HOST is empty' },
    { path: ['models', 0, 'headers', 'a'], message: 'environment variable GONE is not set' },
  ]);
});

test('turns values that came from the environment back into their references', () => {
  const { filledIn } = resolveReferences(
    { a: reference('KEY'), b: reference('SHORT') },
    { KEY: 'k-1234', SHORT: 'b', OTHER: 'other' },
  );
  expect(filledIn?.hide('the key k-1234 of other bees is bad, k-1234')).toBe(
    `the key ${reference('KEY')} of other bees is bad, ${reference('KEY')}`,
  );
});

test('hides the longer of two values that hold one another', () => {
  const { filledIn } = resolveReferences([reference('A'), reference('B')], { A: 'abcd', B: 'abcdefgh' });
  expect(filledIn?.hide('abcdefgh abcd')).toBe(`${reference('B')} ${reference('A')}`);
});

test.each([
  ['OPENAI_API_KEY', false],
  ['KEY', false],
  ['azureInferenceCredential', false],
  ['key2', false],
  ['MY_VERY_LONG_VARIABLE_NAME_2', false],
  ['sk-abc', true],
  ['', true],
  ['9KEY', true],
  ['a1b2c3d4e5f6a7b8c9d0e1f2', true],
  ['AZUREOPENAIENDPOINTEASTUS2', false],
])('tells whether %j is a name or a key', (name, expected) => {
  expect(looksLikeKey(name)).toBe(expected);
});

test('removes the references of a text', () => {
  expect(withoutReferences(`Bearer ${reference('TOKEN')}`)).toBe('Bearer ');
  expect(withoutReferences('$${A}')).toBe('$${A}');
});
