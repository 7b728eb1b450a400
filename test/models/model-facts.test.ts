// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import { describe, expect, test } from 'vitest';
import type { FactRow, ModelFacts } from '../../src/models/fact-row.ts';
import { FACTS } from '../../src/models/facts-table.ts';
import { factOf, mediaLimits } from '../../src/models/model-facts.ts';
import { comparableModel } from '../../src/models/model-name.ts';
import { isReasoning } from '../../src/providers/chat-body.ts';
import { reasons } from '../../src/tokens/reasoning.ts';
import { testModel } from '../helpers/ask.ts';

const STATED = [
  'modalities',
  'maxImages',
  'maxAudioBytes',
  'maxImageEdge',
  'maxPages',
  'maxDocumentBytes',
  'maxVideoBytes',
  'api',
  'maxAudioSeconds',
  'maxPages',
  'maxDocumentBytes',
  'maxVideoBytes',
  'refuses',
  'lengthMember',
  'retiresOn',
] as const;

const stated = (row: FactRow) => STATED.filter((name) => row[name] !== undefined);
const named = FACTS.flatMap((row) => row.names.map((name) => ({ name, row, facts: stated(row).join(' ') })));
const at = (provider: string, model: string, endpoint?: string) =>
  endpoint === undefined ? { provider, model } : { provider, model, endpoint };

describe('the table of models', () => {
  test('states something in every row, with a source and a real date', () => {
    for (const row of FACTS) {
      expect(stated(row).length).toBeGreaterThan(0);
      expect(row.source.length).toBeGreaterThan(3);
      for (const date of [row.asOf, row.retiresOn ?? row.asOf])
        expect(new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10)).toBe(date);
    }
  });

  test.each(named)('$facts of $name come from the row that names it', ({ name, row }) => {
    const [host = 'azure'] = row.hosts ?? [];
    expect(row.models.test(comparableModel(name))).toBe(true);
    for (const fact of stated(row) as (keyof ModelFacts)[])
      expect(factOf(at(host, name), fact)).toEqual({ value: row[fact], source: row.source, asOf: row.asOf });
  });

  test('holds no row that only repeats what the rows above say', () => {
    const repeated = FACTS.filter(
      (row, index) =>
        row.names.length > 0 &&
        FACTS.slice(0, index).some(
          (above) =>
            above.models.source === row.models.source &&
            stated(above).join() === stated(row).join() &&
            above.hosts === row.hosts,
        ),
    );

    expect(repeated).toEqual([]);
  });

  test.each(named.filter(({ row }) => row.lengthMember !== undefined))(
    'agrees with the wire about $name',
    ({ name }) => {
      expect(isReasoning(testModel('openai', { model: name }))).toBe(true);
    },
  );

  test.each(named.filter(({ row }) => row.lengthMember !== undefined))(
    'agrees with the estimate about $name',
    ({ name }) => {
      expect(reasons({ model: name, params: {} })).toBe(true);
    },
  );
});

test.each([
  ['azure', 'gpt-4o', '2026-10-01'],
  ['azure', 'gpt-4o-mini-2024-07-18', '2026-10-01'],
  ['azure', 'prod-gpt4o-eu', '2026-10-01'],
  ['azure', 'gpt-41-nano', '2026-10-14'],
  ['azure', 'gpt-4o-transcribe-diarize', '2026-10-15'],
  ['azure', 'o3', '2026-10-16'],
  ['azure', 'o3-mini', undefined],
  ['azure', 'o4-mini', '2026-10-16'],
  ['azure', 'gpt-5-2', '2026-12-12'],
  ['azure', 'gpt-5.2-codex', undefined],
  ['azure', 'whisper', '2026-12-15'],
  ['azure', 'tts-hd', '2026-12-15'],
  ['azure', 'gpt-4o-mini-tts', undefined],
  ['azure', 'gpt-audio-mini-2025-12-15', '2026-12-15'],
  ['azure', 'gpt-audio-1.5', '2027-02-23'],
  ['azure', 'gpt-audio-2025-08-28', '2027-02-28'],
  ['azure', 'Phi-4-multimodal-instruct', null],
  ['azure', 'chatgpt-4o-latest', undefined],
  ['openai', 'gpt-4o', '2027-01-14'],
  ['openai', 'gpt-4o-audio-preview-2024-12-17', '2026-05-07'],
  ['openai', 'gpt-5', '2026-12-11'],
  ['openai', 'gpt-5.4', undefined],
  ['anthropic', 'claude-opus-4-20250514', '2026-06-15'],
  ['anthropic', 'claude-opus-4-7', undefined],
  ['google', 'gpt-4o', undefined],
])('%s retires %s on %s', (host, model, date) => {
  expect(factOf(at(host, model), 'retiresOn')?.value).toBe(date);
});

test.each([
  ['claude-opus-4-7', ['temperature', 'topP']],
  ['anthropic/claude-opus-4.8', ['temperature', 'topP']],
  ['claude-sonnet-5', ['temperature', 'topP']],
  ['claude-haiku-5-5', ['temperature', 'topP']],
  ['claude-opus-4-6', undefined],
  ['claude-opus-4-20250514', undefined],
  ['claude-sonnet-4-5-20250929', undefined],
  ['claude-haiku-4-5', undefined],
  ['gpt-6-luna', ['temperature', 'topP', 'frequencyPenalty', 'presencePenalty']],
  ['gpt-5-chat-latest', undefined],
  ['gpt-4o', undefined],
])('%s refuses %j', (model, refused) => {
  expect(factOf(at('openai', model), 'refuses')?.value).toEqual(refused);
});

test.each([
  ['azure', 'any-deployment', undefined, { maxImages: 50, maxAudioBytes: 26_214_400 }],
  ['azure', 'Llama-4-Maverick-17B-128E-Instruct-FP8', undefined, { maxImages: 1, maxAudioBytes: 26_214_400 }],
  ['openai', 'gpt-4o', 'https://r.openai.azure.com/openai/v1', { maxImages: 50, maxAudioBytes: 26_214_400 }],
  [
    'openai',
    'gpt-4o',
    'https://${RESOURCE}.services.ai.azure.com/openai/v1',
    { maxImages: 50, maxAudioBytes: 26_214_400 },
  ],
  ['openai', 'gpt-4o', undefined, {}],
  ['openai', 'Llama-4-Maverick', 'http://127.0.0.1:8000/v1', {}],
  ['local', 'ocr-ppv4', undefined, { maxImages: 1 }],
])('%s limits %s at %s to %j', (provider, model, endpoint, limits) => {
  expect(mediaLimits(at(provider, model, endpoint))).toEqual(limits);
});
