import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ColumnMap, columnNames, mapProblems } from '../../src/dataset/column-map.ts';
import { pngBytes } from '../helpers/media.ts';
import { readFolder } from './folder.ts';

const said = (map: ColumnMap) =>
  mapProblems(map).map(({ message, hint }) => (hint === undefined ? message : `${message} · ${hint}`));

test('reads columns of a table under the names that the map gives', async () => {
  const manifest = 'no,question,label,target\n1,What?,yes,left over\n';

  const { samples, problems } = await readFolder({ 'm.csv': manifest }, 'm.csv', {
    map: { id: 'no', prompt: 'question', target: 'label' },
  });

  expect(problems).toEqual([]);
  expect(samples).toMatchObject([{ id: '1', target: ['yes'], metadata: { target: 'left over' } }]);
});

test('reads members of objects under the names that the map gives', async () => {
  const manifest =
    '{"question": "What?", "label": ["yes", "yeah"], "kind": "a"}\n{"question": "And?", "label": null}\n';

  const { samples, problems } = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl', {
    map: { prompt: 'question', target: 'label', 'meta.type': 'kind' },
  });

  expect(problems).toEqual([]);
  expect(samples).toMatchObject([{ target: ['yes', 'yeah'], metadata: { type: 'a' } }, { target: [] }]);
});

test('reads one column as two, and two as one list', async () => {
  const files = { 'm.csv': 'left,right,ask\na.png,b.png,Same?\n', 'a.png': pngBytes(), 'b.png': pngBytes({ seed: 1 }) };

  const { samples, problems } = await readFolder(files, 'm.csv', {
    map: { id: 'left', image: ['left', 'right'], prompt: 'ask' },
  });

  expect(problems).toEqual([]);
  expect(samples[0]?.id).toBe('a.png');
  expect(samples[0]?.messages[0]?.content.slice(1)).toMatchObject([
    { media: { uri: 'a.png' } },
    { media: { uri: 'b.png' } },
  ]);
});

test('a column that the header lacks is reported once with the nearest name', async () => {
  const { problems } = await readFolder({ 'm.csv': 'question,label\na,b\nc,d\n' }, 'm.csv', {
    map: { prompt: 'qestion', target: 'lable' },
  });

  expect(problems).toEqual([
    'm.csv:1 has no column "qestion", which is to be read as "prompt" · did you mean "question"?',
    'm.csv:1 has no column "lable", which is to be read as "target" · did you mean "label"?',
  ]);
});

test('a question that the first object lacks is reported there, any other column at the end', async () => {
  const manifest = '{"question": "a", "label": "b"}\n{"question": "c"}\n';

  const first = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl', { map: { prompt: 'ask' } });
  const last = await readFolder({ 'm.jsonl': manifest }, 'm.jsonl', { map: { prompt: 'question', target: 'lable' } });

  expect(first.problems).toEqual([
    'm.jsonl:1 has no column "ask", which is to be read as "prompt" · its columns are "question", "label"',
  ]);
  expect(last.problems).toEqual([
    'm.jsonl has no column "lable", which is to be read as "target" · did you mean "label"?',
  ]);
});

test('a map names columns of a manifest, each once, and several columns only for lists', () => {
  expect(said({ prompt: 'q', target: ['a', 'b'], image_2: 'i', 'meta.kind': 'k', file_name: 'f' })).toEqual([]);
  expect(said({ anwser: 'x' })).toEqual(['"anwser" is not a column of a manifest · did you mean "answer"?']);
  expect(said({ colour: 'x' })[0]).toMatch(/^"colour" is not a column of a manifest · known: /);
  expect(said({ target: 'x', expected: 'y' })).toEqual(['"target" and "expected" mean the same · keep one of them']);
  expect(said({ prompt: ['x', 'y'] })).toEqual(['"prompt" is read from one column · several: image, audio, target']);
});

test('every column of a file is read somewhere, whatever it is called', () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom('prompt', 'target', 'meta.x', '__proto__', 'constructor', 'image'),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('prompt', 'target', 'meta.k'), name), name, (map, column) => {
      expect(columnNames(map).of(column).length).toBeGreaterThan(0);
    }),
  );
});
