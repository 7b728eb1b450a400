import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFolder } from './folder.ts';

test('any JSON on a line is a sample or a problem of that line, and never an error', async () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const names = ['id', 'prompt', 'system', 'image', 'audio', 'target', 'scorer', 'group', 'tags', 'meta'] as const;
  const known = fc.constantFrom(...names, 'messages', 'turns', 'params', 'file_name', 'target_2');
  const line = fc.oneof(
    value,
    fc.dictionary(known, value),
    fc.dictionary(known, value).map((members) => ({ ...members, prompt: 'hello', messages: undefined })),
  );

  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 10 }), async (lines) => {
      const manifest = lines.map((item) => JSON.stringify(item)).join('\n');

      const { samples, problems } = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl');

      const reported = problems.map((problem) => Number(/^m\.jsonl:(\d+)/.exec(problem)?.[1]));
      const seen = new Set([...samples.map((sample) => sample.line), ...reported]);
      expect([...seen].sort((a, b) => a - b)).toEqual(lines.map((_, at) => at + 1));
    }),
    { numRuns: 200 },
  );
});

test('a line that is cut anywhere is reported with a column inside the line', async () => {
  const whole =
    '{"id": "a", "prompt": "say \\"hi\\" \\u00e9", "target": ["x", 1.5e-3], "meta": {"a": null, "b": true}}';
  const cuts = Array.from({ length: whole.length - 1 }, (_, at) => whole.slice(0, at + 1));

  const { samples, problems } = await readFolder({ 'm.jsonl': `{"prompt": "?"}\n${cuts.join('\n')}` }, 'm.jsonl');

  expect(samples).toHaveLength(1);
  expect(problems).toHaveLength(cuts.length);
  for (const [at, problem] of problems.entries()) {
    const [, line, column] = /^m\.jsonl:(\d+):(\d+) is not JSON/.exec(problem) ?? [];
    expect([Number(line), Number(column) <= at + 2]).toEqual([at + 2, true]);
  }
});
