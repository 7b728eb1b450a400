import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonChunks, MediaText } from '../../../src/providers/http/json-body.ts';

const textOf = (value: unknown) => Buffer.concat([...jsonChunks(value)]).toString('utf8');

test('equals JSON.stringify for every value without media', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, name) => {
      const tree = { [name]: value, absent: undefined, list: [undefined, value] };
      expect(textOf(tree)).toBe(JSON.stringify(tree));
    }),
  );
});

test('equals JSON.stringify of the whole string where media stand', () => {
  const media = fc.tuple(fc.string(), fc.base64String()).map(([prefix, base64]) => ({ prefix, base64 }));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      media,
      fc.string(),
      fc.integer(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
    ),
  }));
  const isMedia = (value: object): value is { prefix: string; base64: string } =>
    'prefix' in value && 'base64' in value;
  const map = (value: unknown, make: (prefix: string, base64: string) => unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => map(item, make));
    if (typeof value !== 'object' || value === null) return value;
    if (isMedia(value)) return make(value.prefix, value.base64);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(member, make)]));
  };

  fc.assert(
    fc.property(tree, (value) => {
      const rendered = textOf(map(value, (prefix, base64) => new MediaText(prefix, Buffer.from(base64))));
      expect(rendered).toBe(JSON.stringify(map(value, (prefix, base64) => prefix + base64)));
    }),
  );
});

test('hands the encoded bytes on without a copy', () => {
  const base64 = Buffer.from('AAAA');

  const chunks = jsonChunks({ data: new MediaText('data:image/png;base64,', base64) });

  expect(chunks[1]).toBe(base64);
});

test.each([
  [Number.NaN, 'null'],
  [Number.POSITIVE_INFINITY, 'null'],
  [undefined, 'null'],
  [-0, '0'],
  [[], '[]'],
  [{}, '{}'],
  ['\u2028"\\\n', '"\u2028\\"\\\\\\n"'],
])('renders %j as %s', (value, expected) => {
  expect(textOf(value)).toBe(expected);
});
