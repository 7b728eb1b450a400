/** `results.csv`: the long table, one row for each cell. */

import { defined } from '../collections/defined.ts';
import { MAX_REASON, type RunReport } from '../report.ts';
import type { Result } from '../result.ts';
import { cutText } from '../text/cut-text.ts';
import type { UsageCount } from '../types.ts';
import { type Column, writeList } from './column.ts';
import { billedSeconds, rtfx } from './rtfx.ts';
import { scoreColumns, targetColumn } from './score-columns.ts';

type ResultColumn = Column<Result>;

/** The columns in their fixed order; only `score.<name>` and `meta.<key>` depend on the run. */
export function resultColumns(
  report: Pick<RunReport, 'run' | 'scorers' | 'scoreSets' | 'units' | 'metadataKeys' | 'mediaKinds'>,
): readonly ResultColumn[] {
  return [
    text('run_id', 'The run', () => report.run.runId),
    text('sample_id', 'Id of the sample in the manifest', ({ sampleId }) => sampleId),
    text('model', 'Id of the model in the configuration, with its variant', ({ modelId }) => modelId),
    count('repeat', 'Which repetition of the sample', ({ repeat }) => repeat),
    text('status', 'completed, failed or skipped', ({ status }) => status),
    text('failure_kind', 'Why the cell has no answer', (result) =>
      result.status === 'completed' ? null : result.failure.kind,
    ),
    text('failure_message', 'The reason in the words of the endpoint, at most 300 characters', (result) =>
      result.status === 'completed' ? null : cutText(result.failure.message, MAX_REASON),
    ),
    text('answer', 'What the model answered; of several turns the last', (result) =>
      result.status === 'completed' ? result.answer : null,
    ),
    targetColumn(),
    text('finish_reason', 'Why the model stopped', (result) =>
      result.status === 'completed' ? result.finishReason : null,
    ),
    ...scoreColumns(report),
    ...TIMING,
    ...USAGE,
    number('cost_usd', 'Price of the tokens; empty when unpriced', ({ costUsd }) => costUsd, 'USD'),
    text('served_model', 'What the endpoint called itself', ({ servedModel }) => servedModel),
    text('request_id', "The endpoint's name of the request", (result) => requestId(result)),
    {
      name: 'started_at',
      type: 'datetime',
      description: 'Start of the successful or last attempt, UTC',
      cell: ({ timing }) => timing.startedAt,
    },
    text('images', 'Paths or URLs of the manifest, separated by |; embedded ones by type and SHA-256', ({ sample }) =>
      writeList(sample.images),
    ),
    text('audio', 'The same for clips', ({ sample }) => writeList(sample.audio)),
    ...otherMedia(report).map(({ name, description }) =>
      text(name, description, ({ sample }) => writeList(sample[name] ?? [])),
    ),
    text('prompt', 'Text of the message to be answered', ({ sample }) => sample.prompt),
    ...report.metadataKeys.map((key) => metadataColumn<Result>(key, (result) => result)),
  ];
}

/** Columns of media that few datasets have: only where a sample has some. */
export function otherMedia({ mediaKinds = [] }: Pick<RunReport, 'mediaKinds'>) {
  const all = [
    { kind: 'document', name: 'documents', description: 'The same for documents' },
    { kind: 'video', name: 'videos', description: 'The same for videos' },
  ] as const;
  return all.filter(({ kind }) => mediaKinds.includes(kind));
}

/** A `meta.<key>` column. The keys come from the manifest, so inherited members are not read. */
export function metadataColumn<Row>(key: string, resultOf: (row: Row) => Result): Column<Row> {
  return {
    name: `meta.${key}`,
    type: 'string',
    description: `Metadata ${key} of the manifest`,
    cell(row) {
      const { metadata } = resultOf(row).sample;
      return Object.hasOwn(metadata, key) ? (metadata[key] ?? null) : null;
    },
  };
}

/** A cell that was never sent has no waits: they are missing, not 0. */
const TIMING: readonly ResultColumn[] = [
  number('latency_ms', 'The successful attempt, from sending to the last byte', ({ timing }) => timing.latencyMs, 'ms'),
  number('first_token_ms', 'Its first token; empty without streaming', ({ timing }) => timing.firstTokenMs, 'ms'),
  number('rtfx', 'Seconds of sound for each second of latency; empty without sound', rtfx),
  number(
    'queue_ms',
    'Ready until first sent',
    ({ timing }) => (timing.startedAt === null ? null : timing.queueMs),
    'ms',
  ),
  number(
    'retry_wait_ms',
    'Waits between attempts',
    ({ timing }) => (timing.startedAt === null ? null : timing.retryWaitMs),
    'ms',
  ),
  count('attempts', 'Requests sent for the cell', ({ attempts }) => attempts),
];

const USAGE: readonly ResultColumn[] = [
  tokens('prompt_tokens', 'Prompt tokens as billed, with cached and media tokens', 'promptTokens'),
  tokens('completion_tokens', 'Completion tokens as billed, with reasoning', 'completionTokens'),
  tokens('total_tokens', 'Prompt and completion', 'totalTokens'),
  tokens('cached_tokens', 'Of the prompt, read from a cache', 'cachedTokens'),
  tokens('reasoning_tokens', 'Of the completion, spent on reasoning', 'reasoningTokens'),
  tokens('image_tokens', 'Of the prompt, for images', 'imageTokens'),
  tokens('audio_tokens', 'Of the prompt, for audio', 'audioTokens'),
  number(
    'audio_seconds',
    'Seconds of sound in the prompt: as the endpoint reported them, else as measured in the files',
    billedSeconds,
  ),
  number('spoken_seconds', 'Seconds of a spoken answer; of several turns the last', (result) =>
    result.status === 'completed' ? (result.sound?.seconds ?? null) : null,
  ),
  text(
    'tokens_source',
    'Where the split by modality comes from: endpoint or estimate',
    ({ tokensSource }) => tokensSource,
  ),
];

function text(name: string, description: string, cell: (result: Result) => string | null): ResultColumn {
  return { name, type: 'string', description, cell };
}

function count(name: string, description: string, cell: (result: Result) => number | null): ResultColumn {
  return { name, type: 'integer', description, cell };
}

function number(
  name: string,
  description: string,
  cell: (result: Result) => number | null,
  unit?: 'ms' | 'USD',
): ResultColumn {
  return defined({ name, type: 'number' as const, description, cell, unit });
}

function tokens(name: string, description: string, member: UsageCount): ResultColumn {
  return count(name, description, ({ usage }) => usage?.[member] ?? null);
}

function requestId(result: Result): string | null {
  return result.requestId ?? (result.status === 'completed' ? null : (result.failure.requestId ?? null));
}
