import { expect, test } from 'vitest';
import { knownModelNames } from '../../src/estimate/known-models.ts';
import { workspace } from '../helpers/cli.ts';

interface Document {
  readonly models: readonly { readonly model: string; readonly [member: string]: unknown }[];
}

async function models(...argv: readonly string[]) {
  using folder = workspace();
  return folder.run(['models', ...argv]);
}

async function documentOf(...argv: readonly string[]): Promise<Document> {
  return JSON.parse((await models(...argv, '--json')).stdout);
}

test('every known model has a line, and an entry in the document', async () => {
  const { code, stdout, stderr } = await models();
  const { models: entries } = await documentOf();

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1 + knownModelNames().length);
  expect(entries.map(({ model }) => model)).toEqual(knownModelNames());
  expect(new Set(knownModelNames()).size).toBe(knownModelNames().length);
});

test('one model is shown with the source and date of each fact', async () => {
  const { stdout } = await models('claude-opus-4-7');

  expect(stdout).toBe(`claude-opus-4-7
  takes             text, image, document (platform.claude.com, vision and PDF support, 2026-11-29)
  images a request  50 on azure (Azure/azure-rest-api-specs #46145, 2026-11-29)
  refuses           temperature, topP (Claude migration guides, BerriAI/litellm #26444, 2026-11-29)
  token rules       text claude-next, images claude, audio –
  price             $5 prompt, $0.5 cached, $6.25 written to the cache, $25 completion per 1,000,000 tokens (https://www.anthropic.com/pricing#api, as collected by @pydantic/genai-prices 0.1.8, read 2026-11-23)
`);
});

test('dates and limits are kept by host', async () => {
  const { models: entries } = await documentOf('gpt-4o');

  expect(entries).toMatchObject([
    {
      model: 'gpt-4o',
      modalities: { value: ['text', 'image', 'document'] },
      maxImages: [{ host: 'azure', value: 50 }],
      retiresOn: [
        { host: 'openai', value: '2027-01-14', source: "OpenAI's deprecations page", asOf: '2026-10-28' },
        { host: 'azure', value: '2026-10-01', source: "Microsoft's schedule", asOf: '2026-07-07' },
      ],
      tokenRules: { text: 'openai', image: 'openai-tiles', audio: null },
      price: { promptPerMillion: 2.5, completionPerMillion: 10 },
    },
  ]);
});

test('an embedded model is free and has one medium', async () => {
  const { models: entries } = await documentOf('asr-open');

  expect(entries).toMatchObject([
    { modalities: { value: ['text', 'audio'] }, maxImages: [], price: { source: 'free' } },
  ]);
  expect((await models('asr-open')).stdout).toMatch(/^ {2}price +free$/m);
});

test.each([
  ['CLAUDE_OPUS_4.7', ['claude-opus-4-7']],
  ['gpt-audio*', ['gpt-audio', 'gpt-audio-1.5', 'gpt-audio-mini']],
  ['*4-multimodal*', ['Phi-4-multimodal', 'Phi-4-multimodal-instruct']],
  ['e-FABLE', ['claude-fable-5']],
  ['team-gpt-4o-eu', ['team-gpt-4o-eu']],
])('%s finds %j', async (pattern, found) => {
  const { models: entries } = await documentOf(pattern);

  expect(entries.map(({ model }) => model)).toEqual(found);
});

test.each([
  ['gemni-2.5-flash', 'nothing is known of a model "gemni-2.5-flash" · did you mean "gemini-2.5-flash"?'],
  ['my-deployment', 'nothing is known of a model "my-deployment" · earsight models lists all known ones'],
  ['zzz*', 'nothing is known of a model "zzz*" · earsight models lists all known ones'],
  [' ', 'the pattern is empty · name a model, or omit it'],
])('%j is rejected', async (pattern, message) => {
  const { code, stdout, stderr } = await models(pattern);

  expect([code, stdout, stderr]).toEqual([2, '', `${message}\n`]);
});
