import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonForm } from '../../src/dataset/other-form.ts';
import { pngBytes } from '../helpers/media.ts';
import { makeFolder, readAll, readFolder } from './folder.ts';

const COMPOSED = 'caf\u00e9';
const DECOMPOSED = 'cafe\u0301';

const manifestOf = (...images: string[]) =>
  images.map((image, id) => `${JSON.stringify({ id, prompt: '?', image })}\n`).join('');

test.each([
  ['decomposed letters', `${DECOMPOSED}.png`, `${COMPOSED}.png`],
  ['composed letters', `${COMPOSED}.png`, `${DECOMPOSED}.png`],
  ['a no-break space', 'a\u00a0b.png', 'a b.png'],
  ['a narrow no-break space of a screenshot', 'Screenshot at 9.41\u202fAM.png', 'Screenshot at 9.41 AM.png'],
  ['a plain space', 'a b.png', 'a\u00a0b.png'],
  ['both in two folders', `${DECOMPOSED}/x\u00a0y/z.png`, `${COMPOSED}/x y/z.png`],
])('finds a file whose name has %s', async (_, name, written) => {
  const folder = makeFolder({ [name]: pngBytes(), 'm.jsonl': manifestOf(written) });

  const { samples, problems } = await readAll({ path: join(folder, 'm.jsonl'), displayPath: 'm.jsonl' });

  expect(problems).toEqual([]);
  expect(samples[0]?.messages[0]?.content[1]).toMatchObject({ media: { uri: written, path: join(folder, name) } });
});

test('takes the file that is named exactly before one of another form', async () => {
  const files = { [`${COMPOSED}.png`]: pngBytes(), [`${DECOMPOSED}.png`]: pngBytes({ seed: 1 }) };
  const folder = makeFolder({ ...files, 'm.jsonl': manifestOf(`${DECOMPOSED}.png`) });

  const { samples } = await readAll({ path: join(folder, 'm.jsonl'), displayPath: 'm.jsonl' });

  expect(samples[0]?.messages[0]?.content[1]).toMatchObject({ media: { path: join(folder, `${DECOMPOSED}.png`) } });
});

test('says what differs where it cannot know which file is meant', async () => {
  const files = { 'a\u00a0b.png': pngBytes(), 'a\u202fb.png': pngBytes({ seed: 1 }), 'p\u0430y.png': pngBytes() };

  const { problems } = await readFolder({ ...files, 'm.jsonl': manifestOf('a b.png', 'pay.png') }, 'm.jsonl');

  expect(problems).toEqual([
    'm.jsonl:1 image "a b.png" does not exist · did you mean "a\u00a0b.png"? Its character 2 is U+00A0, not U+0020',
    'm.jsonl:2 image "pay.png" does not exist · did you mean "p\u0430y.png"? Its character 2 is U+0430, not U+0061',
  ]);
});

test('the common form is the same for all forms of a name, and of itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const form = commonForm(name);
      expect(commonForm(name.normalize('NFD'))).toBe(form);
      expect(commonForm(name.replaceAll(' ', '\u00a0'))).toBe(form);
      expect(commonForm(form)).toBe(form);
    }),
  );
});
