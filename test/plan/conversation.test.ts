import { expect, test } from 'vitest';
import { buildConversation, sampleCard } from '../../src/plan/conversation.ts';
import { requestHash } from '../../src/plan/request-hash.ts';
import type { Media, ModelConfig, Sample } from '../../src/types.ts';

const picture: Media = {
  type: 'file',
  uri: 'a.png',
  path: '/data/a.png',
  mediaType: 'image/png',
  sha256: 'aa',
  byteLength: 1,
};

const model: ModelConfig = {
  id: 'm',
  provider: 'openai',
  model: 'm',
  modalities: ['text', 'image'],
  params: {},
  limits: { concurrency: 1, timeoutMs: 1000, retries: 0 },
};

const sample: Sample = {
  id: 's1',
  index: 0,
  line: 2,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is it?' },
        { type: 'image', media: picture },
      ],
    },
  ],
  turns: [],
  target: ['a cat'],
  group: 'g',
  tags: [],
  metadata: { lang: 'en' },
};

test('the model’s system message comes first unless the sample has its own', () => {
  const own: Sample = {
    ...sample,
    messages: [{ role: 'system', content: [{ type: 'text', text: 'own' }] }, ...sample.messages],
  };
  const careful = { ...model, system: 'careful' };

  expect(buildConversation(sample, careful).messages[0]?.content).toEqual([{ type: 'text', text: 'careful' }]);
  expect(buildConversation(own, careful).messages).toEqual(own.messages);
});

test('a template replaces the text and keeps the media in place', () => {
  const templated = { ...model, template: '{{prompt}} ({{ meta.lang }}, {{group}}, {{meta.none}})' };

  expect(buildConversation(sample, templated).messages[0]?.content).toEqual([
    { type: 'text', text: 'What is it? (en, g, )' },
    { type: 'image', media: picture },
  ]);
});

test('a prompt of only media gets the template as its text', () => {
  const silent: Sample = { ...sample, messages: [{ role: 'user', content: [{ type: 'image', media: picture }] }] };

  const [message] = buildConversation(silent, { ...model, template: 'Describe.' }).messages;

  expect(message?.content).toEqual([
    { type: 'text', text: 'Describe.' },
    { type: 'image', media: picture },
  ]);
});

test('the model’s detail applies to images without their own', () => {
  const low: Sample = {
    ...sample,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', media: picture, detail: 'low' },
          { type: 'image', media: picture },
        ],
      },
    ],
  };

  const [message] = buildConversation(low, { ...model, detail: 'high' }).messages;

  expect(message?.content.map((part) => (part.type === 'image' ? part.detail : null))).toEqual(['low', 'high']);
});

test('turns become a first request and follow-ups, each with its own target', () => {
  const turns: Sample = {
    ...sample,
    messages: [],
    turns: [
      { content: [{ type: 'text', text: 'one' }], target: ['1'] },
      { content: [{ type: 'text', text: 'two' }], target: [] },
    ],
  };

  const conversation = buildConversation(turns, model);

  expect(conversation.messages).toHaveLength(1);
  expect(conversation.followUps).toEqual([{ role: 'user', content: [{ type: 'text', text: 'two' }] }]);
  expect(conversation.targets).toEqual([['1'], []]);
  expect(sampleCard(turns).prompt).toBe('one\ntwo');
});

test('a card shows the last user message and labels of media', () => {
  expect(sampleCard(sample)).toEqual({
    prompt: 'What is it?',
    images: ['a.png'],
    audio: [],
    target: ['a cat'],
    group: 'g',
    tags: [],
    metadata: { lang: 'en' },
  });
});

test('the request hash changes with the request and with nothing else', () => {
  const hashOf = (item: Sample, config: ModelConfig, wire: unknown = 'w') =>
    requestHash(wire, config, buildConversation(item, config), config.params);
  const base = hashOf(sample, model);

  expect(hashOf({ ...sample, target: ['other'] }, model)).toBe(base);
  expect(hashOf(sample, { ...model, limits: { ...model.limits, concurrency: 9 } })).toBe(base);
  expect(hashOf(sample, { ...model, params: { temperature: 0 } })).not.toBe(base);
  expect(hashOf(sample, { ...model, system: 'x' })).not.toBe(base);
  expect(hashOf(sample, { ...model, media: { image: { maxEdge: 64 } } })).not.toBe(base);
  expect(hashOf(sample, model, 'other wire')).not.toBe(base);
  expect(hashOf(sample, { ...model, detail: 'low' })).not.toBe(base);
  expect(hashOf(sample, { ...model, detail: 'low' })).not.toBe(hashOf(sample, { ...model, detail: 'high' }));
  const turnsOf = (...texts: readonly string[]): Sample => ({
    ...{ ...sample, messages: [] },
    turns: texts.map((text) => ({ content: [{ type: 'text', text }], target: [] })),
  });
  expect(hashOf(turnsOf('one', 'two'), model)).not.toBe(hashOf(turnsOf('one', 'three'), model));
});
