import { describe, expect, test } from 'vitest';
import { contentHash, defaultId, sampleKey } from '../../src/dataset/content-hash.ts';
import { EMPTY_TARGET } from '../../src/dataset/parse-values.ts';
import type { ContentPart, Media, Sample } from '../../src/types.ts';

const file = (path: string, sha256: string): Media => ({
  type: 'file',
  uri: path,
  path: `/data/${path}`,
  mediaType: 'image/png',
  sha256,
  byteLength: 9,
});

const image = (media: Media): ContentPart => ({ type: 'image', media });
const text = (value: string): ContentPart => ({ type: 'text', text: value });

const sample: Sample = {
  id: 'a',
  index: 0,
  line: 2,
  messages: [{ role: 'user', content: [text('What?'), image(file('a.png', 'f00d'))] }],
  turns: [],
  target: ['bus'],
  scorers: [{ name: 'wer', weight: 2, normalizer: 'x' }],
  group: null,
  tags: ['x'],
  metadata: { lang: 'en', year: '1' },
  params: { temperature: 0, maxTokens: 5 },
};

const asking = (...content: ContentPart[]): Sample => ({ ...sample, messages: [{ role: 'user', content }] });
const a = image(file('a.png', 'f00d'));

/** What changes, and which of the two identities it changes. */
const CHANGES: readonly (readonly [string, Sample, { key: boolean; content: boolean }])[] = [
  ['nothing', { ...sample }, { key: false, content: false }],
  ['its place', { ...sample, index: 7, line: 99 }, { key: false, content: false }],
  ['the place of its media', asking(text('What?'), image(file('b/c.png', 'f00d'))), { key: false, content: false }],
  [
    'the way its bytes came',
    asking(
      text('What?'),
      image({ type: 'data', uri: 'data:', mediaType: 'image/png', sha256: 'f00d', byteLength: 9, base64: 'x' }),
    ),
    { key: false, content: false },
  ],
  [
    'the order of names',
    { ...sample, metadata: { year: '1', lang: 'en' }, params: { maxTokens: 5, temperature: 0 } },
    { key: false, content: false },
  ],
  ['the prompt', asking(text('Which?'), a), { key: false, content: true }],
  ['the scorers', { ...sample, scorers: [{ name: 'wer', weight: 3 }] }, { key: false, content: true }],
  ['the group', { ...sample, group: 'g' }, { key: false, content: true }],
  ['the tags', { ...sample, tags: [] }, { key: false, content: true }],
  ['the metadata', { ...sample, metadata: { lang: 'de', year: '1' } }, { key: false, content: true }],
  ['the params', { ...sample, params: { temperature: 1, maxTokens: 5 } }, { key: false, content: true }],
  [
    'the detail',
    asking(text('What?'), { ...a, type: 'image', media: file('a.png', 'f00d'), detail: 'low' }),
    { key: false, content: true },
  ],
  ['the id', { ...sample, id: 'b' }, { key: true, content: true }],
  ['the target', { ...sample, target: ['bus', 'coach'] }, { key: true, content: true }],
  ['the bytes of its media', asking(text('What?'), image(file('a.png', 'beef'))), { key: true, content: true }],
  [
    'bytes for a URL',
    asking(text('What?'), image({ type: 'url', uri: 'https://x.y/a.png' })),
    { key: true, content: true },
  ],
  ['media that come twice', asking(text('What?'), a, a), { key: true, content: true }],
  ['turns', { ...sample, turns: [{ content: [text('And?')], target: ['red'] }] }, { key: true, content: true }],
];

describe.each(CHANGES)('a change of %s', (_, changed, expected) => {
  test(`${expected.key ? 'breaks' : 'keeps'} the pairing`, () => {
    expect(sampleKey(changed) !== sampleKey(sample)).toBe(expected.key);
  });

  test(`${expected.content ? 'changes' : 'keeps'} the content hash`, () => {
    expect(contentHash(changed) !== contentHash(sample)).toBe(expected.content);
  });
});

test('the identities are hexadecimal digits of fixed length', () => {
  expect(sampleKey(sample)).toMatch(/^[0-9a-f]{32}$/);
  expect(contentHash(sample)).toMatch(/^[0-9a-f]{64}$/);
  expect(defaultId(sample)).toMatch(/^[0-9a-f]{16}$/);
});

test('an empty list and an empty object have different hashes', () => {
  const withOption = (option: unknown): Sample => ({ ...sample, scorers: [{ name: 'x', option }] });

  expect(contentHash(withOption([]))).not.toBe(contentHash(withOption({})));
});

test('the target "" counts as none in ids and keys, as in earlier versions, and an empty text in a list does not', () => {
  const written = { ...sample, target: EMPTY_TARGET };
  const none = { ...sample, target: [] };
  const listed = { ...sample, target: [''] };

  for (const hashOf of [sampleKey, contentHash, defaultId]) {
    expect(hashOf(written)).toBe(hashOf(none));
    expect(hashOf(listed)).not.toBe(hashOf(none));
  }
});
