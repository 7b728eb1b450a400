import { expect, test } from 'vitest';
import type { SampleCard } from '../../src/result.ts';
import { createSlices } from '../../src/summary/slices.ts';

const CARD: SampleCard = { prompt: 'p', images: [], audio: [], target: [], group: null, tags: [], metadata: {} };

const numbered = (count: number, card: (name: string) => Partial<SampleCard>) =>
  Array.from({ length: count }, (_, index) => ({ ...CARD, ...card(`v${index}`) }));

test.each([
  ['metadata', (name: string) => ({ metadata: { kind: name } }), 'meta.kind=v0'],
  ['tags', (name: string) => ({ tags: [name] }), 'tag=v0'],
])('twenty values of %s make slices, one more makes none', (_what, card, slice) => {
  const [twenty, more] = [createSlices(), createSlices()];
  for (const sample of numbered(20, card)) twenty.of(sample);
  for (const sample of numbered(21, card)) more.of(sample);

  expect([twenty.isKept(slice), more.isKept(slice), more.isKept('all')]).toEqual([true, false, true]);
});

test('an empty value makes no slice', () => {
  const slices = createSlices();

  expect(slices.of({ ...CARD, metadata: { kind: '', place: 'street' } })).toEqual(['all', 'meta.place=street']);
});

test('lists keys in alphabetical order, whatever their order in the samples', () => {
  const slices = createSlices();
  slices.of({ ...CARD, metadata: { place: 'street', kind: 'sign' }, tags: ['night'] });
  slices.of({ ...CARD, metadata: { lens: 'wide' } });

  expect(slices.metadataKeys()).toEqual(['kind', 'lens', 'place']);
});
