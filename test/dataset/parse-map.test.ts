import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMap } from '../../src/dataset/parse-map.ts';

test.each([
  ['prompt=question', { prompt: 'question' }],
  ['prompt=question,target=answer', { prompt: 'question', target: 'answer' }],
  [' prompt = the question , id=no ', { prompt: 'the question', id: 'no' }],
  ['image=left|right', { image: ['left', 'right'] }],
  ['prompt=a\\,b,target=c\\|d', { prompt: 'a,b', target: 'c|d' }],
  ['meta.lang=language', { 'meta.lang': 'language' }],
])('reads %j', (text, map) => {
  expect(parseMap(text)).toEqual({ map });
});

test.each([
  ['', ['--map names no columns']],
  ['question', ['--map: "question" is not column=name']],
  ['prompt=,target=a', ['--map: "prompt=" is not column=name']],
  ['prompt=a,prompt=b', ['--map: "prompt" is given twice']],
  ['promt=a', ['--map: "promt" is not a column of a manifest']],
  ['target=a,answer=b', ['--map: "target" and "answer" mean the same']],
  ['prompt=a|b', ['--map: "prompt" is read from one column']],
  ['x=y,=z', ['--map: "=z" is not column=name', '--map: "x" is not a column of a manifest']],
])('says what is wrong with %j', (text, messages) => {
  const parsed = parseMap(text);

  expect('problems' in parsed ? parsed.problems.map(({ message }) => message) : []).toEqual(messages);
});

test('every name can be written with backslashes', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => text.trim() === text && text !== '');
  fc.assert(
    fc.property(name, (source) => {
      const written = source.replace(/[\\,=|]/g, '\\$&');
      expect(parseMap(`prompt=${written}`)).toEqual({ map: { prompt: source } });
    }),
  );
});
