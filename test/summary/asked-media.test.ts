import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleKey } from '../../src/dataset/content-hash.ts';
import { EMPTY_TARGET } from '../../src/dataset/parse-values.ts';
import { mediaOfCard } from '../../src/modalities.ts';
import { sampleCard, turnCard } from '../../src/plan/conversation.ts';
import type { ShownMedia } from '../../src/shown-media.ts';
import { areAsked } from '../../src/summary/asked-media.ts';
import type { ContentPart, Sample } from '../../src/types.ts';
import { answered } from '../helpers/results.ts';

const shown = (mediaKey: string | null): ShownMedia => ({ content: null, href: null, problem: null, mediaKey });
const image = (sha256: string): ContentPart => ({
  type: 'image',
  media: { type: 'file', path: '', uri: sha256, mediaType: 'image/png', byteLength: 1, sha256 },
});
const clip = (sha256: string): ContentPart => ({
  type: 'audio',
  media: { type: 'file', path: '', uri: sha256, mediaType: 'audio/wav', byteLength: 1, sha256 },
});

/** The result of a sample as a journal has it, with its media as a report finds them. */
function asFound(sample: Sample, keyOf: (uri: string) => string | null) {
  const card = sampleCard(sample);
  const turns = sample.turns.map((turn) => ({ ...turnCard(turn), reply: null }));
  const result = {
    ...answered(1),
    sampleId: sample.id,
    sampleKey: sampleKey(sample),
    sample: card,
    ...(turns.length === 0 ? {} : { turns }),
  };
  return [result, mediaOfCard(card).map(({ kind, uri }) => ({ kind, shown: shown(keyOf(uri)) }))] as const;
}

const part = fc.oneof(
  fc.integer({ min: 0, max: 5 }).map((one) => image(`i${one}`)),
  fc.integer({ min: 0, max: 5 }).map((one) => clip(`c${one}`)),
  fc.string().map((text): ContentPart => ({ type: 'text', text })),
);
const content = fc.array(part, { maxLength: 4 });
const target = fc.oneof(fc.constant(EMPTY_TARGET), fc.array(fc.string(), { maxLength: 2 }));
const samples = fc
  .record({
    id: fc.string({ minLength: 1 }),
    messages: fc.array(content, { maxLength: 2 }),
    target,
    turns: fc.array(content, { maxLength: 2 }),
  })
  .map(
    ({ id, messages, target: own, turns }): Sample => ({
      id,
      index: 0,
      line: 1,
      messages: messages.map((one) => ({ role: 'user', content: one })),
      turns: turns.map((one) => ({ content: one, target: own ?? [] })),
      target: own ?? [],
      group: null,
      tags: [],
      metadata: {},
    }),
  );

test('files that are still what was asked are never reported as changed', () => {
  fc.assert(fc.property(samples, (sample) => areAsked(...asFound(sample, (uri) => `sha256:${uri}`))));
});

test('a file with other bytes is noticed, among images and clips in any order', () => {
  const sample: Sample = {
    ...{ id: 's', index: 0, line: 1, turns: [], target: ['x'], group: null, tags: [], metadata: {} },
    messages: [{ role: 'user', content: [image('i1'), clip('c1'), image('i2')] }],
  };

  expect(areAsked(...asFound(sample, (uri) => `sha256:${uri}`))).toBe(true);
  expect(areAsked(...asFound(sample, (uri) => (uri === 'i2' ? 'sha256:other' : `sha256:${uri}`)))).toBe(false);
});

test('nothing is said of a sample whose media are not all at hand', () => {
  const sample: Sample = {
    ...{ id: 's', index: 0, line: 1, turns: [], target: ['x'], group: null, tags: [], metadata: {} },
    messages: [{ role: 'user', content: [image('i1'), image('i2')] }],
  };

  expect(areAsked(...asFound(sample, (uri) => (uri === 'i1' ? null : 'sha256:other')))).toBe(true);
});
