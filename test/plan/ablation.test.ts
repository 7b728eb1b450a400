import { expect, test } from 'vitest';
import {
  ablatedMedium,
  ablationBase,
  nothingToAblate,
  parseAblate,
  withAblated,
  withoutMedium,
} from '../../src/plan/ablation.ts';
import type { ContentPart, ModelConfig, Sample } from '../../src/types.ts';

const model = (id: string, modalities: readonly string[]) => ({ id, modalities }) as unknown as ModelConfig;
const image = { type: 'image', media: {} } as ContentPart;
const text = { type: 'text', text: 'What is this?' } as ContentPart;

test('media are read from a list', () => {
  expect(parseAblate('audio, image')).toEqual({ media: ['image', 'audio'] });
  expect(parseAblate('image,video')).toMatchObject({ problems: [{ message: expect.stringContaining('"video"') }] });
  expect(parseAblate('')).toHaveProperty('problems');
});

test('each model gets a twin for each medium that it takes', () => {
  const models = withAblated(
    [model('a', ['text', 'image']), model('b@small', ['text', 'audio', 'image'])],
    ['image', 'audio'],
  );

  expect(models.map(({ id, without }) => [id, without])).toEqual([
    ['a', undefined],
    ['a@no-image', 'image'],
    ['b@small', undefined],
    ['b@small@no-image', 'image'],
    ['b@small@no-audio', 'audio'],
  ]);
});

test('a twin is compared with its own model', () => {
  expect(ablatedMedium('a', 'a@no-image')).toBe('image');
  expect(ablatedMedium('a', 'b@no-image')).toBeNull();
  expect(ablationBase('b@no-audio', ['a', 'b', 'b@no-audio'])).toBe('b');
  expect(ablationBase('b@no-audio', ['a'])).toBeNull();
});

test('only the medium is left out, and a message is never empty', () => {
  expect(withoutMedium({ role: 'user', content: [image, text] }, 'image').content).toEqual([text]);
  expect(withoutMedium({ role: 'user', content: [image] }, 'image').content).toEqual([{ type: 'text', text: '-' }]);
  expect(withoutMedium({ role: 'user', content: [image, text] }, 'audio').content).toEqual([image, text]);
});

test('a sample without the medium says nothing', () => {
  const sample = (content: readonly ContentPart[]) =>
    ({ messages: [{ role: 'user', content }], turns: [] }) as unknown as Sample;
  const twin = { ...model('a@no-image', ['text', 'image']), without: 'image' as const };

  expect(nothingToAblate(sample([text]), twin)).toContain('no image');
  expect(nothingToAblate(sample([text, image]), twin)).toBeNull();
  expect(nothingToAblate(sample([text]), model('a', ['text']))).toBeNull();
});
