import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pngBytes } from '../helpers/media.ts';
import { readFolder } from './folder.ts';

const DEFAULTS = { system: 'Be brief.', scorer: 'exact', tags: ['x', 'y'], meta: { lang: 'en', set: 'a' } };
const ROWS = [{ prompt: 'one' }, { prompt: 'two', system: 'Be long.', expected: 'b', meta: { lang: 'fr' } }];

const HEADS: Readonly<Record<string, string>> = {
  'm.jsonl': [{ defaults: DEFAULTS }, ...ROWS].map((row) => JSON.stringify(row)).join('\n'),
  'm.json': JSON.stringify([{ defaults: DEFAULTS }, ...ROWS], null, 1),
  'm.yaml':
    '- defaults: {system: Be brief., scorer: exact, tags: [x, y], meta: {lang: en, set: a}}\n' +
    '- prompt: one\n- {prompt: two, system: Be long., expected: b, meta.lang: fr}\n',
  'm.csv':
    '#defaults,system=Be brief.,scorer=exact,tags=x|y,meta.lang=en,meta.set=a\n' +
    'prompt,system,target,meta.lang\none,,,\ntwo,Be long.,b,fr\n',
  'm.tsv':
    '#defaults\tsystem=Be brief.\tscorer=exact\ttags=x|y\tlang=en\tset=a\nprompt\tsystem\ttarget\tmeta.lang\none\t\t\t\ntwo\tBe long.\tb\tfr\n',
};

test.each(Object.entries(HEADS))('the head of %s gives defaults that rows may replace', async (name, content) => {
  const { samples, problems } = await readFolder({ [name]: content }, name);

  expect(problems).toEqual([]);
  expect(samples.map(({ messages }) => messages.map(({ content: parts }) => parts))).toEqual([
    [[{ type: 'text', text: 'Be brief.' }], [{ type: 'text', text: 'one' }]],
    [[{ type: 'text', text: 'Be long.' }], [{ type: 'text', text: 'two' }]],
  ]);
  expect(samples).toMatchObject([
    { scorers: [{ name: 'exact' }], tags: ['x', 'y'], metadata: { lang: 'en', set: 'a' }, target: [] },
    { scorers: [{ name: 'exact' }], tags: ['x', 'y'], metadata: { lang: 'fr', set: 'a' }, target: ['b'] },
  ]);
});

test('null takes a default out, and messages take none of the prompt', async () => {
  const manifest = [
    { defaults: { system: 'Be brief.', prompt: 'usual', target: 'x' } },
    { system: null },
    { messages: [{ role: 'user', content: 'said' }], expected: null },
  ];

  const { samples, problems } = await readFolder(
    { 'm.jsonl': manifest.map((row) => JSON.stringify(row)).join('\n') },
    'm.jsonl',
  );

  expect(problems).toEqual([]);
  expect(samples.map(({ messages, target }) => [messages.length, target])).toEqual([
    [1, ['x']],
    [2, []],
  ]);
});

test.each([
  [
    'm.jsonl',
    '{"defaults": {"sytem": "x", "id": "a"}}\n{"prompt": "a"}\n',
    [
      'm.jsonl:1 "defaults" unknown column "sytem" · did you mean "system"? Write "meta.sytem" to keep it as metadata',
      'm.jsonl:1 "defaults" an id is no default · each sample has its own',
    ],
  ],
  [
    'm.jsonl',
    '{"defaults": "x"}\n{"prompt": "a"}\n',
    ['m.jsonl:1 "defaults" is text, not an object · write {"defaults": {"system": "..."}}'],
  ],
  [
    'm.csv',
    '#defaults,Be brief.,id=3\nprompt\na\n',
    [
      'm.csv:1:11 the default "Be brief." has no "=" · write #defaults,system=Be brief.',
      'm.csv:1:21 an id is no default · each sample has its own',
    ],
  ],
])('wrong defaults of %s are reported at their line', async (name, content, expected) => {
  expect((await readFolder({ [name]: content }, name)).problems).toEqual(expected);
});

test('numbered columns are in the order of their numbers, with gaps', async () => {
  const files = { 'a.png': pngBytes(), 'b.png': pngBytes({ seed: 1 }), 'c.png': pngBytes({ seed: 2 }) };
  const manifest = 'prompt,image_10,image_2,image\nWhich?,c.png,b.png,a.png\nAnd?,c.png,,a.png\n';

  const { samples, problems } = await readFolder({ 'm.csv': manifest, ...files }, 'm.csv');

  expect(problems).toEqual([]);
  const names = samples.map(({ messages }) =>
    messages[0]?.content.flatMap((part) => (part.type === 'text' ? [] : [part.media.uri])),
  );
  expect(names).toEqual([
    ['a.png', 'b.png', 'c.png'],
    ['a.png', 'c.png'],
  ]);
});

test('a JSON document that is cut off is reported at its line and column', async () => {
  const { problems } = await readFolder({ 'm.json': '[\n  {"prompt": "a"},\n  {"prompt": "b",}\n]\n' }, 'm.json');

  expect(problems).toEqual([expect.stringMatching(/^m\.json:3:18 /)]);
});

test('rows with every value of their own do not see the defaults', async () => {
  const text = fc.stringMatching(/^[a-z ,"'\n|#=]{0,8}[a-z]$/);
  await fc.assert(
    fc.asyncProperty(fc.record({ system: text, group: text, 'meta.k': text }), text, async (own, other) => {
      const head = { defaults: { system: other, group: other, meta: { k: other } } };
      const lines = [head, { prompt: 'p', ...own }].map((row) => JSON.stringify(row)).join('\n');
      const { samples } = await readFolder({ 'm.jsonl': lines }, 'm.jsonl');

      expect(samples[0]).toMatchObject({ group: own.group, metadata: { k: own['meta.k'] } });
      expect(samples[0]?.messages[0]?.content).toEqual([{ type: 'text', text: own.system }]);
    }),
    { numRuns: 30 },
  );
});
