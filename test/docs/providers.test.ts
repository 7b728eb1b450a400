import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { modelSchema } from '../../src/config/model-schema.ts';
import { resolveModel } from '../../src/config/resolve-models.ts';
import { ProviderError } from '../../src/errors.ts';
import { isTransient } from '../../src/limits/retry.ts';
import { chatUsage } from '../../src/providers/chat-usage.ts';
import { generateUsage } from '../../src/providers/generate-reply.ts';
import { retryAfterMs } from '../../src/providers/http/retry-after.ts';
import { objectOf } from '../../src/providers/http/wire-value.ts';
import { messagesUsage } from '../../src/providers/messages-reply.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
import { responsesUsage } from '../../src/providers/responses-reply.ts';
import { FAILURE_KINDS } from '../../src/result.ts';
import type { GenerateParams, ModelConfig, Usage } from '../../src/types.ts';
import { ask, testModel } from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';

const page = readFileSync(new URL('../../docs/providers.md', import.meta.url), 'utf8');
const titles = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
const names = Object.keys(PROVIDERS) as ProviderName[];

/** The cells of all tables in a section, without their heads and backticks. */
function tableOf(section: string): readonly (readonly string[])[] {
  const body = page.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = body.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .slice(1)
    .map((row) => row.split(/ ?\| ?/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.replaceAll('`', '').trim()));
}

/** The members that a cell names, e.g. `output_config.effort`; none for a dash. */
function pathsIn(cell = ''): readonly string[] {
  return cell.split(' or ').flatMap((way) => /^[\w.]+/.exec(way)?.[0] ?? []);
}

const memberAt = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => objectOf(value)[name], body);

const nested = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

test('the page has a section for every provider, in the order of the registry', () => {
  expect(titles.filter((title) => /^[a-z]+$/.test(title ?? ''))).toEqual(names);
});

const endpoints = names.flatMap((name) =>
  tableOf(name).map(([endpoint = '', settings = '', called = '']) => ({ name, endpoint, settings, called })),
);

test('every provider has endpoints', () => {
  expect(new Set(endpoints.map(({ name }) => name))).toEqual(new Set(names));
});

test.each(endpoints)('$name calls $called for "$endpoint" $settings', ({ name, endpoint, settings, called }) => {
  const pasted = endpoint === '' ? {} : { endpoint };
  const model = testModel(name, { model: 'm', ...pasted, ...parse(settings) });

  expect(PROVIDERS[name].url(model)).toBe(called);
});

test.each(tableOf('Entra ID'))('%s asks for tokens at %s with the scope of the page', (name, endpoint, scope) => {
  const provider = providerOf(name ?? '');
  const model = { ...testModel('azure', { auth: { type: 'entra' } }), endpoint: endpoint ?? '' };

  expect(provider.auth(model)).toEqual({ type: 'entra', scope });
});

type SpeechParam = 'language' | 'prompt' | 'transcriptFormat' | 'chunkingStrategy';

const PARAMS: Required<Omit<GenerateParams, SpeechParam>> = {
  temperature: 0.5,
  topP: 0.5,
  maxTokens: 7,
  seed: 1,
  stop: ['.'],
  frequencyPenalty: 0.5,
  presencePenalty: 0.5,
  reasoningEffort: 'low',
  responseFormat: { type: 'json_schema', name: 'n', schema: { type: 'object' } },
  voice: 'alloy',
};

test.each([
  ['openai', 1, {}],
  ['anthropic', 2, {}],
  ['google', 3, {}],
  ['openai', 4, { api: 'responses' }],
] as const)('%s sends each setting in the member that column %i of the page names', async (name, column, more) => {
  await using endpoint = await startEndpoint({ status: 400, json: {} });
  const settings = tableOf('Settings');

  await ask(testModel(name, { endpoint: endpoint.url, params: PARAMS, ...more })).catch(() => {});

  const body = endpoint.requests[0]?.json;
  expect(settings.map(([setting]) => setting)).toEqual(Object.keys(PARAMS));
  const sent = settings.map((row) => pathsIn(row[column]).map((path) => memberAt(body, path) !== undefined));
  expect(sent).toEqual(settings.map((row) => (row[column] === '–' ? [] : [true])));
});

test.each([
  ['chat completions', 1, chatUsage],
  ['Messages', 2, messagesUsage],
  ['generateContent', 3, generateUsage],
  ['Responses', 4, responsesUsage],
] as const)('usage of %s is read from the members that the page names', (_, column, read) => {
  const counts = tableOf('Usage').filter((row) => pathsIn(row[column]).length > 0 && row[column] !== 'the sum');

  for (const row of counts)
    for (const path of pathsIn(row[column])) {
      const modality = /modality (\w+)/.exec(row[column] ?? '')?.[1];
      const usage = read(modality === undefined ? nested(path, 7) : { [path]: [{ modality, tokenCount: 7 }] });

      expect({ path, count: usage?.[row[0] as keyof Usage] }).toEqual({ path, count: 7 });
    }
  expect(counts.length).toBeGreaterThan(4);
});

test('the page names every failure kind and whether it is tried again', () => {
  const kinds = tableOf('Failures').filter((row) => row.length === 3);

  expect(kinds.map(([kind, , again]) => [kind, again])).toEqual(
    FAILURE_KINDS.map((kind) => [kind, isTransient(new ProviderError(kind, '')) ? 'yes' : 'no']),
  );
});

test('a wait is read from every form of the page', () => {
  const forms = tableOf('Failures').filter((row) => row.length === 2 && row[1] !== 'ms');
  const waits = forms.map(([said = '']) => {
    const [, header, value] = /^([a-z-]+): (.+)$/.exec(said) ?? [];
    return retryAfterMs(header === undefined ? {} : { [header]: value ?? '' }, said, 0);
  });

  expect(waits).toEqual(forms.map(([, ms]) => Number(ms)));
  expect(waits.length).toBeGreaterThan(4);
});

test('the capabilities of the page are members of a model', () => {
  const members = tableOf('What a model takes').map(([member]) => member);

  expect(members).toEqual(Object.keys(modelSchema.shape).filter((member) => members.includes(member)));
  expect(members.length).toBeGreaterThan(6);
});

test('the model entries of the page have nothing wrong with them', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { models }: { models: readonly unknown[] } = parse(example);
  const entries = models.map((entry) => modelSchema.parse(entry));

  expect(entries.length).toBe(5);
  for (const entry of entries) {
    const provider = providerOf(entry.provider);
    const [model] = resolveModel(entry, [], { system: undefined, modalities: provider.modalities });

    expect(provider.problems(model as ModelConfig, { OPENROUTER_API_KEY: 'k' })).toEqual([]);
  }
});

function providerOf(name: string): Provider {
  const providers: Readonly<Record<string, Provider>> = PROVIDERS;
  const provider = providers[name];
  if (provider === undefined) throw new Error(`the page names the provider ${name}`);
  return provider;
}
