/** Any sample, written as a row and read again, is the same sample. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentHash, sampleKey } from '../../../src/dataset/content-hash.ts';
import { manifestRow } from '../../../src/dataset/convert/manifest-row.ts';
import { pngBytes, wavBytes } from '../../helpers/media.ts';
import { makeFolder, readAll } from '../folder.ts';

const FILES = { 'chart.png': pngBytes(), 'clip.wav': wavBytes(), 'a|b.png': pngBytes({ seed: 1 }) };

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom('0012', '=1+1', '{{prompt}}', '|', '["a"]', '\u2028', '"', '\\', ' a ', '\n', '__proto__', '<image>'),
);
const words = text.filter((value) => value.trim() !== '');
const image = fc.oneof(
  fc.constantFrom('chart.png', 'a|b.png', 'https://example.com/a.png', ' chart.png '),
  fc.record({ path: fc.constant('chart.png'), detail: fc.constantFrom('low', 'high') }),
);
const audio = fc.constantFrom('clip.wav', 'https://example.com/a.wav');
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const part = fc.oneof(
  text.map((value) => ({ type: 'text', text: value })),
  image.map((value) => ({ type: 'image', ...(typeof value === 'string' ? { path: value } : value) })),
  audio.map((path) => ({ type: 'audio', path })),
);
const content = fc.oneof(words, fc.array(part, { minLength: 1, maxLength: 4 }));
const target = fc.oneof(fc.constantFrom('', [''], []), text, fc.array(text, { maxLength: 3 }));
const media = { image: optional(fc.oneof(image, fc.array(image, { maxLength: 3 }))), audio: optional(audio) };
const question = fc.oneof(
  fc.record({ prompt: content, ...media, system: optional(words), target: optional(target) }),
  fc.record({
    messages: fc
      .tuple(optional(words), fc.array(fc.tuple(content, words), { maxLength: 2 }), content)
      .map(([system, turns, last]) => [
        ...(system === undefined ? [] : [{ role: 'system', content: [{ type: 'text', text: system }] }]),
        ...turns.flatMap(([user, assistant]) => [
          { role: 'user', content: user },
          { role: 'assistant', content: assistant },
        ]),
        { role: 'user', content: last },
      ]),
    target: optional(target),
  }),
  fc.record({
    turns: fc.array(fc.record({ user: content, ...media, target: optional(target) }), { minLength: 1, maxLength: 3 }),
    system: optional(words),
  }),
);
const others = fc.record({
  id: optional(words),
  group: optional(words),
  tags: optional(fc.array(words, { maxLength: 3 })),
  meta: optional(fc.dictionary(fc.constantFrom('lang', 'a b', 'meta.x', 'prompt'), text, { maxKeys: 3 })),
  scorer: optional(
    fc.array(
      fc.oneof(
        fc.constantFrom('exact', 'contains: a|b'),
        fc.record({ name: fc.constant('numeric'), weight: fc.nat(3), relative: fc.constant(0.05) }),
      ),
      { maxLength: 2 },
    ),
  ),
  params: optional(fc.record({ temperature: fc.constantFrom(0, 1, null), stop: fc.constant(['a']) })),
});

test('a sample that is written as a row and read again is the same sample', async () => {
  const folder = makeFolder(FILES);
  const read = (name: string, rows: readonly unknown[]) => {
    writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return readAll({ path: join(folder, name), displayPath: name, format: 'jsonl' });
  };

  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(question, others), { minLength: 1, maxLength: 30 }), async (rows) => {
      const { samples } = await read(
        'a.jsonl',
        rows.map(([first, second]) => ({ ...second, ...first })),
      );
      const written = samples.map((sample) => manifestRow(sample, ({ uri }) => uri));
      const again = await read('b.jsonl', written);

      expect(again.samples.map(contentHash)).toEqual(samples.map(contentHash));
      expect(again.samples.map(sampleKey)).toEqual(samples.map(sampleKey));
      expect(again.problems.filter((problem) => !problem.includes('no samples'))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('writes the short form where media follow the text, and leaves a default id out', async () => {
  const folder = makeFolder({
    ...FILES,
    'm.jsonl': `${JSON.stringify({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is shown?' },
            { type: 'image_url', image_url: { url: 'chart.png', detail: 'low' } },
            { type: 'audio', path: 'clip.wav' },
          ],
        },
      ],
      target: ['a'],
    })}\n`,
  });

  const { samples } = await readAll({ path: join(folder, 'm.jsonl'), displayPath: 'm' });

  expect(samples.map((sample) => manifestRow(sample, ({ uri }) => uri))).toEqual([
    {
      system: 'Be brief.',
      prompt: 'What is shown?',
      image: { path: 'chart.png', detail: 'low' },
      audio: 'clip.wav',
      target: 'a',
    },
  ]);
});
