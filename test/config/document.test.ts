// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forbiddenNames, parseDocument } from '../../src/config/document.ts';
import { membersOf, type TreePath } from '../../src/config/tree-problem.ts';
import { InputError } from '../../src/errors.ts';

const yaml = (text: string) => parseDocument(text, 'c.yaml', 'yaml');
const json = (text: string) => parseDocument(text, 'c.json', 'json');

const TEXT = `dataset: a.csv
models:
  - id: one
    limits: {retries: 5, concurrency: 1}
  - &two
    id: two
    price:
  - {<<: *two, id: three}
  - *two
`;

test.each([
  [['dataset'], undefined, 1, 10],
  [['dataset'], 'name', 1, 1],
  [['models', 0, 'id'], undefined, 3, 9],
  [['models', 0, 'limits', 'concurrency'], undefined, 4, 39],
  [['models', 0, 'limits', 'concurrency'], 'name', 4, 26],
  [['models', 0, 'model'], undefined, 3, 5],
  [['models', 1, 'price'], undefined, 7, 5],
  [['models', 2, 'price'], undefined, 8, 5],
  [['models', 3, 'id'], undefined, 6, 9],
  [['models', 9], undefined, 3, 3],
  [['models', 'x'], undefined, 3, 3],
  [['dataset', 'path'], undefined, 1, 10],
  [[], undefined, 1, 1],
] as const)('places %j (%s) at line %i, column %i', (path, at, line, column) => {
  expect(yaml(TEXT).locate(path, at)).toEqual({ line, column });
});

test('merges keys and unfolds aliases', () => {
  expect(yaml(TEXT).tree).toMatchObject({ models: [{}, {}, { id: 'three', price: null }, { id: 'two' }] });
});

test('reads CRLF and a byte-order mark', () => {
  const document = yaml('\ufeffa: 1\r\nb: x\r\n');
  expect(document.tree).toEqual({ a: 1, b: 'x' });
  expect(document.locate(['b'])).toEqual({ line: 2, column: 4 });
});

test('any JSON reads as JSON.parse reads it, in any layout', () => {
  const layout = fc.constantFrom(undefined, 1, '\t', '  ');
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), layout, (value, space) => {
      const text = JSON.stringify(value, null, space);
      if (value === null) return;
      expect(json(text).tree).toEqual(JSON.parse(text));
    }),
  );
});

test('every plain value of any JSON is found at its position', () => {
  const layout = fc.constantFrom(undefined, 1, '\t');
  const leaves = (value: unknown, path: TreePath): readonly (readonly [TreePath, unknown])[] =>
    typeof value === 'object' && value !== null
      ? membersOf(value).flatMap(([part, member]) => leaves(member, [...path, part]))
      : [[path, value]];
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), layout, (value, space) => {
      const text = JSON.stringify(value, null, space);
      if (value === null) return;
      const document = json(text);
      for (const [path, leaf] of leaves(JSON.parse(text), [])) {
        const { line, column } = document.locate(path);
        expect(
          text
            .split('\n')
            [line - 1]?.slice(column - 1)
            .startsWith(JSON.stringify(leaf)),
        ).toBe(true);
      }
    }),
  );
});

test('no text makes it fail but with an InputError', () => {
  const fragment = fc.constantFrom(
    'a',
    ': ',
    '- ',
    '\n',
    '  ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '*a',
    '&a ',
    '!t ',
    '|',
    '#',
    '---',
    '\t',
    '<<',
    '? ',
    '1',
    '${A}',
  );
  fc.assert(
    fc.property(
      fc.array(fragment, { maxLength: 25 }),
      fc.constantFrom('yaml' as const, 'json' as const),
      (parts, format) => {
        try {
          const document = parseDocument(parts.join(''), 'c', format);
          expect(document.tree).toBeDefined();
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect(String(error)).toMatch(/c:\d+:\d+ \S/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test.each(['[', '{a: ', '- ', '? '])('rejects 20,000 nested %j at once', (opening) => {
  expect(() => yaml(opening.repeat(20_000))).toThrow('nested deeper than 64 levels');
});

test('rejects JSON with 20,000 nested lists', () => {
  expect(() => json('['.repeat(20_000) + ']'.repeat(20_000))).toThrow('nested deeper than 64 levels');
});

test('finds members named __proto__ at any depth', () => {
  const { tree } = json('{"__proto__": 1, "a": [{"__proto__": {}}]}');
  expect(forbiddenNames(tree).map(({ path }) => path)).toEqual([['__proto__'], ['a', 0, '__proto__']]);
});

test('says so when a word of a syntax error may be part of a key', () => {
  expect(() => json('{"apiKey": sk-secret}')).toThrow('c.json:1:12 is not JSON: a value is expected');
  expect(() => json('{"apiKey": sk-secret}')).not.toThrow('sk-secret');
});

test('does not take what follows the root for lines of a dataset', () => {
  expect(() => json('{} {}')).toThrow(/nothing more is expected$/);
});
