import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from '../../src/text/json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('finds the depth of any JSON, whatever its texts contain', () => {
  const text = fc.string({ unit: fc.constantFrom('[', '{', ']', '}', '"', '\\', 'a') });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      text,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const json = Buffer.from(JSON.stringify(value));
      const depth = depthOf(value);
      expect(isDeeperThan(json, depth)).toBe(false);
      if (depth > 0) expect(isDeeperThan(json, depth - 1)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each(['[', '{"a":', '[{"a":'])('says so of millions of %j', (opening) => {
  expect(isDeeperThan(Buffer.from(opening.repeat(1_000_000)), 64)).toBe(true);
});

test('steps over an open text', () => {
  expect(isDeeperThan(Buffer.from(`"${'['.repeat(100)}`), 1)).toBe(false);
});
