import { expect, test } from 'vitest';
import { pngBytes } from '../../helpers/media.ts';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

const QUESTIONS = 'v2_OpenEnded_mscoco_val2014_questions.json';

test('reads questions with ten answers, the image of each, and its group', async () => {
  const { samples } = await readAll(openFixture(`vqav2/${QUESTIONS}`));

  expect(samples.map(({ line, id, group, target }) => [line, id, group, target.length])).toEqual([
    [3, '42000', 'image 42', 10],
    [4, '42001', 'image 42', 10],
  ]);
  expect(samples[0]?.target.slice(7)).toEqual(['blue', 'navy', 'navy']);
  expect(samples[0]?.metadata).toMatchObject({ answer_type: 'other', multiple_choice_answer: 'blue' });
  expect(samples[0]?.messages[0]?.content[1]).toMatchObject({
    media: { uri: 'val2014/COCO_val2014_000000000042.jpg' },
  });
});

const question = { image_id: 7, question_id: 70, question: 'What?' };
const file = (questions: readonly unknown[], subtype = 'val2014') =>
  JSON.stringify({ data_subtype: subtype, questions });

test('finds images beside the file, and says that there are no answers', async () => {
  const files = { 'q_questions.json': file([question], 'test-dev2015'), 'COCO_test2015_000000000007.jpg': pngBytes() };

  const { samples, problems, notes } = await readFolder(files, 'q_questions.json');

  expect(problems).toEqual([]);
  expect(samples[0]?.target).toEqual([]);
  expect(notes).toEqual([
    'q_questions.json no annotations beside it, so no targets · put v2_..._annotations.json beside it',
  ]);
});

test.each([
  [file([question, { ...question, question_id: 71, question: 4 }]), undefined, 'has no "question"'],
  [file([question, { ...question, question_id: 71, image_id: null }]), undefined, 'has no "image_id"'],
  [
    file([question, { ...question, question_id: 71, image_id: 8 }]),
    undefined,
    'COCO_val2014_000000000008.jpg" does not exist',
  ],
  [file([question]), '{"annotations": [{"question_id": 1}]}', 'question "70" is not in the annotations'],
  [file([question]), '{"annotations": {}}', '"q_annotations.json" line 1 has no list "annotations" of objects'],
  [file([question]), '{"annotations": [', '"q_annotations.json" line 1 is not JSON'],
])('names what is wrong with %s and %s', async (questions, annotations, message) => {
  const files = {
    'q_questions.json': questions,
    'COCO_val2014_000000000007.jpg': pngBytes(),
    ...(annotations === undefined ? {} : { 'q_annotations.json': annotations }),
  };

  const { problems } = await readFolder(files, 'q_questions.json');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});
