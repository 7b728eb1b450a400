/** A small report with values that break tables: formulas, CR, NUL, quotes, emoji, huge numbers, gaps. */

import type { RunInfo, RunReport, SummaryRow } from '../../src/report.ts';
import type { FailureKind, Result, SampleCard, Score } from '../../src/result.ts';
import { NO_USAGE, type Usage } from '../../src/types.ts';

const MODELS = ['phi-4-mm', 'gpt-4o@terse', '=cmd|é音声🎧'] as const;
type ModelId = (typeof MODELS)[number];

const RUN: RunInfo = {
  format: 'earsight-run',
  formatVersion: 1,
  runId: '20261123T101500Z-hostile',
  name: 'hostile <b>cells</b> | @octocat',
  earsightVersion: '0.1.0',
  nodeVersion: '20.20.2',
  createdAt: '2026-11-23T10:15:00.000Z',
  finishedAt: '2026-11-23T10:17:05.000Z',
  wallMs: 125_000,
  dataset: { path: 'data/hostile_cells.csv', sha256: 'ab'.repeat(32), samples: 4 },
  models: MODELS.map((id) => ({ id, provider: 'openai', model: id })),
  repeat: 2,
  counts: { completed: 16, failed: 5, skipped: 2, missing: 1 },
  selection: { limit: 4 },
  config: { dataset: 'hostile_cells.csv', key: `\${ENV}` },
};

const CARDS: Readonly<Record<string, SampleCard>> = {
  plain: card({ prompt: 'What is the total?', images: ['img/a.png', 'img/b|c.png'], target: ['42'] }),
  '=1+1': card({
    prompt: '=HYPERLINK("https://evil.example","click")\r\nsecond line',
    audio: [`data:audio/wav;sha256=${'0f'.repeat(32)}`],
    target: ['"quoted", with comma', "'=already guarded", 'line\nbreak'],
    metadata: { lang: '+de', note: ' edge blanks ' },
  }),
  '0012': card({ prompt: '', images: ['https://example.org/x.png?a=1|2'], metadata: { lang: 'en' } }),
  'turns-1': card({ prompt: 'And the colour?', target: ['[1, 2]'], metadata: { __proto__x: 'x', lang: 'fr' } }),
};

function card(parts: Partial<SampleCard>): SampleCard {
  return { prompt: '', images: [], audio: [], target: [], group: null, tags: [], metadata: {}, ...parts };
}

const USAGE: Usage = {
  ...NO_USAGE,
  promptTokens: 834,
  completionTokens: 12,
  totalTokens: 846,
  cachedTokens: 0,
  imageTokens: 765,
  textTokens: 69,
};

function facts(sampleId: string, modelId: ModelId, repeat: number) {
  const index = Object.keys(CARDS).indexOf(sampleId);
  const sample = CARDS[sampleId] ?? card({});
  return {
    sampleId,
    modelId,
    repeat,
    sampleIndex: index,
    sampleKey: `key-${sampleId}`,
    requestHash: 'hash',
    sample,
    attempts: 1,
    timing: {
      startedAt: '2026-11-23T10:15:01.250Z',
      queueMs: 0.04,
      retryWaitMs: 0,
      latencyMs: 621.25 + 100 * repeat,
      firstTokenMs: null,
    },
    usage: USAGE,
    costUsd: 0.1 + 0.2,
    tokensSource: 'endpoint' as const,
    servedModel: 'served-2026',
    requestId: 'req-1',
    score: null,
    scorers: ['exact', 'wer'],
    scores: [] as readonly Score[],
  };
}

function completed(
  sampleId: string,
  modelId: ModelId,
  repeat: number,
  answer: string,
  more: Partial<Extract<Result, { status: 'completed' }>> = {},
): Result {
  return {
    ...facts(sampleId, modelId, repeat),
    status: 'completed',
    outcome: 'answered',
    finishReason: 'stop',
    answer,
    ...more,
  };
}

function without(
  status: 'failed' | 'skipped',
  sampleId: string,
  modelId: ModelId,
  repeat: number,
  kind: FailureKind,
  more: Partial<Extract<Result, { status: 'failed' }>> = {},
): Result {
  const base = facts(sampleId, modelId, repeat);
  const missing = {
    usage: null,
    costUsd: null,
    tokensSource: null,
    servedModel: null,
    requestId: null,
    timing: { startedAt: null, queueMs: 0, retryWaitMs: 0, latencyMs: null, firstTokenMs: null },
    attempts: 0,
    failure: { kind, message: `${kind} happened` },
  };
  if (status === 'skipped') return { ...base, ...missing, status, outcome: null };
  return { ...base, ...missing, status, outcome: null, ...more };
}

function turn(
  prompt: string,
  target: readonly string[],
  score: number | null,
  costUsd: number | null,
  answer?: string,
) {
  const reply = { outcome: 'answered', finishReason: 'stop', score, latencyMs: 310.06, costUsd } as const;
  return { prompt, images: [], audio: [], target, reply: answer === undefined ? reply : { ...reply, answer } };
}

function scored(exact: number | null, wer: number | null) {
  const scores: readonly Score[] = [
    { scorer: 'exact', value: exact, raw: exact, unit: 'match' },
    { scorer: 'wer', value: wer, raw: wer === null ? null : 1 - wer, unit: 'wer' },
  ];
  return { scores, score: exact === null || wer === null ? null : (exact + wer) / 2 };
}

const [PHI, GPT, EVIL] = MODELS;

/** By sample, in manifest order; models in configuration order; repeats ascending. One cell is missing. */
const SAMPLES: readonly (readonly Result[])[] = [
  [
    completed('plain', PHI, 0, '42', scored(1, 2 / 3)),
    completed('plain', PHI, 1, '- a bullet', scored(0, 0)),
    completed('plain', GPT, 0, '=1+1', { ...scored(1, 1), servedModel: null, requestId: null }),
    completed('plain', GPT, 1, "'=1+1", { ...scored(1, 1), costUsd: 1e-7 }),
    completed('plain', EVIL, 0, '＝SUM(A1:A9)', { costUsd: null, usage: null, tokensSource: null }),
    completed('plain', EVIL, 1, '\t@tab', { costUsd: null, usage: NO_USAGE, tokensSource: null }),
  ],
  [
    without('failed', '=1+1', PHI, 0, 'timeout', { attempts: 3 }),
    completed('=1+1', PHI, 1, 'bare\rreturn and "quotes", commas\nand\r\nlines', scored(0.1 + 0.2, 1e-7)),
    without('failed', '=1+1', GPT, 0, 'content_filter', {
      outcome: 'filtered',
      attempts: 1,
      failure: { kind: 'content_filter', message: 'filtered', requestId: 'req-of-failure', partial: 'half an ans' },
    }),
    completed('=1+1', GPT, 1, 'nul\u0000 byte, esc \u001b[31m, bidi \u202egnp.exe', {
      timing: {
        startedAt: '2026-11-23T10:15:02.000Z',
        queueMs: 12.349,
        retryWaitMs: 1000.05,
        latencyMs: 59_960,
        firstTokenMs: 210.06,
      },
    }),
    completed('=1+1', EVIL, 0, '👩‍👩‍👧 family, \ufeff=hidden', scored(null, null)),
    completed('=1+1', EVIL, 1, '\ufeff=hidden'),
  ],
  [
    completed('0012', PHI, 0, '', {
      outcome: 'truncated',
      finishReason: 'length',
      usage: { ...USAGE, promptTokens: 2 ** 53 - 1 },
    }),
    completed('0012', PHI, 1, 'I cannot help with that.', { outcome: 'refused', costUsd: 1234567.891 }),
    without('skipped', '0012', GPT, 0, 'unsupported'),
    without('skipped', '0012', GPT, 1, 'unsupported'),
    completed('0012', EVIL, 0, ' leading and trailing blanks '),
  ],
  [
    completed('turns-1', PHI, 0, 'red', {
      ...scored(1, 1),
      earlierAnswers: ['a bus'],
      turns: [turn('What is this?', ['=a bus', 'bus'], 1, 0.1), turn('And the colour?', ['[1, 2]'], null, null)],
      usages: [{ ...USAGE, promptTokens: 834 }, null],
      usage: { ...USAGE, promptTokens: 1668, completionTokens: 24, totalTokens: 1692 },
    }),
    completed('turns-1', PHI, 1, 'no idea', { ...scored(null, 0.5), outcome: 'unparsed' }),
    without('failed', 'turns-1', GPT, 0, 'rate_limit', {
      attempts: 6,
      turns: [
        turn('What is this?', [], null, 0.25, '-5 +3\r'),
        { ...turn('And the colour?', [], null, null), reply: null },
      ],
    }),
    without('failed', 'turns-1', GPT, 1, 'server', { attempts: 6 }),
    completed('turns-1', EVIL, 0, '-5'),
    without('failed', 'turns-1', EVIL, 1, 'network', { attempts: 6 }),
  ],
];

function row(
  model: ModelId,
  metric: string,
  value: number | null,
  n: number,
  more: Partial<SummaryRow> = {},
): SummaryRow {
  return { model, slice: 'all', metric, n, value, ciLow: null, ciHigh: null, ciMethod: '', missing: 0, ...more };
}

const interval = (ciLow: number, ciHigh: number, ciMethod = 't') => ({ ciLow, ciHigh, ciMethod });

const SUMMARY: readonly SummaryRow[] = [
  row(PHI, 'score', 0.6125, 3, { ...interval(0.2, 1), missing: 1 }),
  row(PHI, 'score_all', 0.46, 4, interval(0.05, 0.87)),
  row(PHI, 'score.exact', 0.6, 3, interval(0.1, 1)),
  row(PHI, 'score.wer', 0.5416666666666666, 3, interval(0.3, 0.8)),
  row(PHI, 'score.wer.raw', 0.4583333333333333, 3),
  row(PHI, 'latency_ms_p50', 671.25, 7, { ...interval(621.25, 721.25, 'order-statistics'), missing: 1 }),
  row(PHI, 'latency_ms_p95', 721.2499999, 7, { ciLow: 621.25, ciMethod: 'order-statistics', missing: 1 }),
  row(PHI, 'prompt_tokens_mean', 834.4, 7, { ...interval(800.1, 868.7), missing: 1 }),
  row(PHI, 'completion_tokens_mean', 12.5, 7, { missing: 1 }),
  row(PHI, 'cost_usd_mean', 0.1 + 0.2, 7, { ...interval(-0.1, 0.7000000000000001), missing: 1 }),
  row(PHI, 'cost_usd_total', 2.1, 7, { missing: 1 }),
  row(PHI, 'completed', 7, 8),
  row(PHI, 'failed', 1, 8),
  row(PHI, 'skipped', 0, 8),
  row(PHI, 'unscored', 3, 8),
  row(PHI, 'truncated', 1, 8),
  row(PHI, 'refused', 1, 8),
  row(PHI, 'filtered', 0, 8),
  row(PHI, 'unparsed', 1, 8),
  row(PHI, 'failed.timeout', 1, 8),
  row(GPT, 'score', 1, 1, interval(0.2065493143772375, 1, 'wilson')),
  row(GPT, 'score_all', 0.5, 2, interval(0.0945, 0.9055, 'wilson')),
  row(GPT, 'score.exact', 1, 1),
  row(GPT, 'score.wer', 1, 1),
  row(GPT, 'score.wer.raw', 0, 1),
  row(GPT, 'latency_ms_p50', 59_960, 3),
  row(GPT, 'latency_ms_p95', 59_960, 3),
  row(GPT, 'prompt_tokens_mean', 834, 3),
  row(GPT, 'completion_tokens_mean', null, 0, { missing: 6 }),
  row(GPT, 'cost_usd_total', 0.000214, 2),
  row(GPT, 'completed', 3, 8),
  row(GPT, 'failed', 3, 8),
  row(GPT, 'skipped', 2, 8),
  row(GPT, 'unscored', 1, 8),
  row(GPT, 'filtered', 1, 8),
  row(GPT, 'failed.content_filter', 1, 8),
  row(GPT, 'failed.rate_limit', 1, 8),
  row(GPT, 'failed.server', 1, 8),
  row(EVIL, 'score', null, 0, { missing: 7 }),
  row(EVIL, 'cost_usd_total', null, 0, { missing: 7 }),
  row(EVIL, 'completed', 6, 7),
  row(EVIL, 'failed', 1, 7),
  row(EVIL, 'failed.network', 1, 7),
  row(PHI, 'score', 0.25, 2, { slice: 'meta.lang=+de', ...interval(0, 1) }),
  row(PHI, 'score', 1, 1, { slice: 'tag=-x' }),
];

/** The report; every call returns new streams. */
export function fixtureReport(): RunReport {
  return {
    run: RUN,
    scorers: ['exact', 'wer'],
    metadataKeys: ['__proto__x', 'lang', 'note'],
    hasTurns: true,
    warnings: ['gpt-4o@terse: gpt-4o was retired on Azure on 2026-10-01 by <b>a schedule</b> of 2026-07-07'],
    summary: SUMMARY,
    failures: [
      { model: EVIL, kind: 'network', cells: 3, message: '=cmd|/c calc \u001b[2J | <b>@all</b>', messageCells: 2 },
    ],
    async *results() {
      for (const sample of SAMPLES) yield* sample;
    },
    async *samples() {
      yield* SAMPLES;
    },
  };
}

/** The fixture's results in order. */
export const FIXTURE_RESULTS: readonly Result[] = SAMPLES.flat();
