import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFolder } from './folder.ts';

/** Text as data sets hold it: quotes, separators, line ends, any script; not blank, for a blank prompt is a defect. */
const text = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', ',', '\n', '\r\n', '|', '\\', '=', "'", ' ')))
  .map((pieces) => pieces.join(''))
  .filter((value) => value.trim() !== '');

const row = fc.record({ prompt: text, target: text, note: text });

test('reads back what csv-stringify writes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      async (rows, end) => {
        const cells = rows.map(({ prompt, target, note }, id) => [id, prompt, JSON.stringify([target]), note]);
        const options = { record_delimiter: end, quoted_match: /[\r\n]/ };
        const manifest = stringify([['id', 'prompt', 'target', 'meta.note'], ...cells], options);

        const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv');

        expect(problems).toEqual([]);
        expect(samples.map(({ messages, target, metadata }) => [messages[0]?.content, target, metadata])).toEqual(
          rows.map(({ prompt, target, note }) => [[{ type: 'text', text: prompt }], [target], { note }]),
        );
      },
    ),
    { numRuns: 100 },
  );
});
