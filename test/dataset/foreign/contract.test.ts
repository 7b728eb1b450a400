/** What holds for every registered foreign format. */

import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_FORMATS, foreignFormatOf, isFormatName } from '../../../src/dataset/find-format.ts';
import type { ForeignFormat } from '../../../src/dataset/foreign/foreign-format.ts';
import { FOREIGN_FORMATS } from '../../../src/dataset/foreign/registry.ts';
import { FORMATS, formatOf } from '../../../src/dataset/formats.ts';
import { makeFolder, readAll } from '../folder.ts';
import { FIXTURES_OF, openFixture } from './fixtures.ts';

const formats = Object.entries(FOREIGN_FORMATS).map(([name, format]) => ({ name, format }));

const fixtures = Object.entries(FIXTURES_OF).flatMap(([name, files]) => files.map((file) => ({ name, file })));

test('no foreign format has the name of one of ours', () => {
  expect(Object.keys(ALL_FORMATS)).toHaveLength(Object.keys({ ...FORMATS, media: 1 }).length + formats.length);
});

describe.each(formats)('the foreign format $name', ({ name, format }) => {
  test('describes itself in a line and names the source that was read for it', () => {
    expect(format.description).toMatch(/^\S.{10,110}$/);
    expect(format.source).toMatch(/\S{10}/);
  });

  test.each(format.extensions)(
    'never throws, whatever a file %s contains, and reports what it could not use',
    async (ending) => {
      const noise = fc.array(
        fc.oneof(
          fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\n', '\r\n', '\t', '\\', '{"input": ', '{"role": "user"'),
          fc.constantFrom(
            '"input"',
            '"target"',
            '"ideal"',
            '"choices"',
            'index\timage\tquestion\n',
            '__proto__',
            'null',
          ),
          fc.string({ unit: 'binary', maxLength: 4 }),
        ),
        { maxLength: 60 },
      );

      await fc.assert(
        fc.asyncProperty(noise, async (pieces) => {
          const path = join(makeFolder({ [`m${ending}`]: pieces.join('') }), `m${ending}`);
          if (!isFormatName(name)) return;
          const { samples, problems } = await readAll({ path, displayPath: 'm', format: name });
          expect(samples.length + problems.length).toBeGreaterThan(0);
        }),
        { numRuns: 15 },
      );
    },
  );
});

test.each(formats.filter(({ name }) => name !== 'hf-classes' && name !== 'parquet'))(
  'the foreign format $name has a fixture that is recognised',
  ({ name }) => {
    expect(FIXTURES_OF[name as keyof typeof FIXTURES_OF]).not.toEqual([]);
  },
);

test.each(fixtures)('reads $file as $name without being told, and without a problem', async ({ name, file }) => {
  const source = openFixture(file);

  const { samples, problems } = await readAll(source);

  expect(problems).toEqual([]);
  expect(samples.length).toBeGreaterThan(1);
  expect(await foreignFormatOf(source.path, false)).toBe(name);
});

test.each(fixtures)(
  'reads $file as $name with a prompt of the configuration only where nothing else is possible',
  async ({ name, file }) => {
    const isOurEnding = formatOf(file) !== undefined && !file.endsWith('.json');
    const { precedence }: ForeignFormat = FOREIGN_FORMATS[name as keyof typeof FOREIGN_FORMATS];

    const found = await foreignFormatOf(openFixture(file).path, true);

    expect(found).toBe(isOurEnding && precedence === undefined ? undefined : name);
  },
);

test.each([
  ['m.jsonl', '{"prompt": "x", "input": "y", "target": "z"}\n'],
  ['m.jsonl', '{"messages": [], "input": [{"role": "user"}], "ideal": "z"}\n'],
  ['m.jsonl', '{"turns": [], "input": "y", "target": "z"}\n'],
  ['m.jsonl', '{"question": "x", "target": "z"}\n{"input": "y", "target": "z"}\n'],
  ['m.jsonl', '{"input": "y"\n'],
  ['m.jsonl', '[]\n'],
  ['m.tsv', 'index\timage\tquestion\tprompt\n'],
  ['m.tsv', 'index\tquestion\n'],
  ['m.csv', 'input,target\nx,y\n'],
  ['m.yaml', '- {input: x, target: y}\n'],
  ['m.jsonl', ''],
  ['m.json', '{"input": "y", "target": "z"}\n'],
  ['m.jsonl', '{"query": "y"}\n'],
  ['m.jsonl', '{"item": "y", "target": "z"}\n'],
  ['m.jsonl', '{"custom_id": "y", "response": {"body": {}}}\n'],
  ['m.jsonl', '{"conversations": "y", "prompt": "z"}\n'],
  ['m.jsonl', '{"prompt": "z", "conversations": [{"from": "human", "value": "y"}]}\n'],
  ['m.json', '{"questions": []}\n'],
  ['m.tsv', 'path\tsentence\nx\ty\n'],
])('takes %s with %j for no foreign format', async (name, content) => {
  expect(await foreignFormatOf(join(makeFolder({ [name]: content }), name), false)).toBeUndefined();
});
