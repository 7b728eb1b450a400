/** `turns.csv`: one row for each turn of each conversation. */

import { defined } from '../collections/defined.ts';
import type { Result } from '../result.ts';
import { type Column, writeTargets } from './column.ts';
import { type ShownTurn, turnsOf } from './turns-of.ts';

/** One turn and the result that it belongs to. */
export interface TurnRow extends ShownTurn {
  readonly result: Result;
}

/** The turns of all results, in their order. Results of samples without `turns` have none. */
export async function* turnRows(results: AsyncIterable<Result>): AsyncGenerator<TurnRow> {
  for await (const result of results) for (const turn of turnsOf(result)) yield { ...turn, result };
}

/** The columns of `turns.csv`; the first three are those of `results.csv`. */
export const TURN_COLUMNS: readonly Column<TurnRow>[] = [
  text('sample_id', 'Id of the sample in the manifest', ({ result }) => result.sampleId),
  text('model', 'Id of the model in the configuration, with its variant', ({ result }) => result.modelId),
  number('repeat', 'integer', 'Which repetition of the sample', ({ result }) => result.repeat),
  number('turn', 'integer', 'Turn of the sample, from 1', ({ turn }) => turn),
  text('answer', 'What the model answered to this turn; empty when there is no answer', ({ answer }) => answer),
  text('target', 'Acceptable answer to this turn; several as a JSON list', ({ card, result, turn }) =>
    writeTargets(card === null ? laterTarget(result, turn) : card.target),
  ),
  number('score', 'number', 'Score of this turn, 0 to 1, higher is better', ({ reply }) => reply?.score ?? null),
  text('finish_reason', 'Why the model stopped', ({ reply }) => reply?.finishReason ?? null),
  number(
    'latency_ms',
    'number',
    'The successful attempt of this turn, from sending to the last byte',
    ({ reply }) => reply?.latencyMs ?? null,
    'ms',
  ),
  number(
    'prompt_tokens',
    'integer',
    'Prompt tokens of this request as billed, with those of all earlier turns in it',
    ({ usage }) => usage?.promptTokens ?? null,
  ),
  number(
    'completion_tokens',
    'integer',
    'Completion tokens of this request as billed',
    ({ usage }) => usage?.completionTokens ?? null,
  ),
  number(
    'cost_usd',
    'number',
    'Price of the tokens of this request; empty when unpriced',
    ({ reply }) => reply?.costUsd ?? null,
    'USD',
  ),
];

/** Earlier versions kept the target of the last turn alone. */
function laterTarget(result: Result, turn: number): readonly string[] {
  const last = result.status === 'completed' ? (result.earlierAnswers?.length ?? 0) + 1 : 0;
  return turn === last ? result.sample.target : [];
}

function text(name: string, description: string, cell: (row: TurnRow) => string | null): Column<TurnRow> {
  return { name, type: 'string', description, cell };
}

function number(
  name: string,
  type: 'integer' | 'number',
  description: string,
  cell: (row: TurnRow) => number | null,
  unit?: 'ms' | 'USD',
): Column<TurnRow> {
  return defined({ name, type, description, cell, unit });
}
