/** Runs one cell: asks, keeps every answer, judges, and says what came of it. Never throws for what a model or endpoint did. */

import { sampleKey } from '../dataset/identity.ts';
import { ProviderError } from '../errors.ts';
import type {
  Completion,
  Failure,
  GenerateParams,
  MediaLoader,
  Message,
  ModelClient,
  ModelConfig,
  Outcome,
  Result,
  Sample,
  Usage,
} from '../types.ts';
import { type Answered, askWithRetries, type Clocks } from './attempt.ts';
import type { Clock } from './clock.ts';
import type { Gate } from './gate.ts';
import { requestHash } from './identity.ts';
import type { Journal } from './journal.ts';
import { buildConversation, type Conversation, sampleCard } from './request.ts';
import type { Judged, Scored } from './scoring.ts';
import { sumUsage } from './usage-sum.ts';

/** A model with everything that answers for it. */
export interface ModelRuntime {
  readonly config: ModelConfig;
  readonly client: ModelClient;
  /** The provider's identity of the wire; part of every request hash. */
  readonly wire: unknown;
  /** Applies the model's media transform. */
  readonly media: MediaLoader;
  readonly gate: Gate;
  /** Why the model cannot take these messages; null when nothing speaks against it. */
  readonly refuses: (messages: readonly Message[]) => string | null;
}

/** What a result costs and how its tokens split by modality; the usage comes back with the split filled in. */
export type PriceUsage = (usage: Usage | null, model: ModelConfig, conversation: Conversation) => Promise<Priced>;

export interface Priced {
  readonly usage: Usage | null;
  /** null = unpriced. */
  readonly costUsd: number | null;
  readonly tokensSource: 'endpoint' | 'estimate' | null;
}

export interface CellContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly journal: Journal;
  readonly score: (sample: Sample, answers: readonly Judged[]) => Promise<Scored>;
  readonly price: PriceUsage;
  /** Nothing more is sent. */
  readonly stop: AbortSignal;
  /** What is in flight ends. */
  readonly abort: AbortSignal;
  /** Answers of turns that an interrupted run had already paid for. */
  readonly earlierTurns: ReadonlyMap<string, readonly Answered[]>;
}

/** One cell that is to be run; `place` orders it in every table. */
export interface Cell {
  readonly sample: Sample;
  readonly model: ModelRuntime;
  readonly repeat: number;
  readonly place: number;
  readonly conversation: Conversation;
  readonly params: GenerateParams;
  readonly requestHash: string;
}

/** Puts a cell together; cheap, so that a resumed run can skip what is done. */
export function makeCell(sample: Sample, model: ModelRuntime, repeat: number, place: number): Cell {
  const conversation = buildConversation(sample, model.config);
  const params = { ...model.config.params, ...sample.params };
  const hash = requestHash(model.wire, model.config, conversation, params);
  return { sample, model, repeat, place, conversation, params, requestHash: hash };
}

/** Key of the answers that `earlierTurns` holds. */
export function turnsKey(hash: string, modelId: string, repeat: number): string {
  return `${hash} ${modelId} ${repeat}`;
}

export async function runCell(cell: Cell, context: CellContext): Promise<Result> {
  const { sample, model, conversation } = cell;
  const readyAt = context.clock.now();
  const clocks: Clocks = { attempts: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null };
  const answers: Answered[] = [];
  const facts = ({ usage, costUsd, tokensSource }: Priced) => ({
    sampleId: sample.id,
    modelId: model.config.id,
    repeat: cell.repeat,
    sampleIndex: sample.index,
    sampleKey: sampleKey(sample),
    requestHash: cell.requestHash,
    sample: sampleCard(sample),
    attempts: clocks.attempts,
    usage,
    costUsd,
    tokensSource,
    servedModel: answers.at(-1)?.completion.servedModel ?? null,
    requestId: answers.at(-1)?.completion.requestId ?? null,
  });
  const timing = (latencyMs: number | null) => ({
    startedAt: clocks.startedAt,
    queueMs: (clocks.firstSentAt ?? context.clock.now()) - readyAt,
    retryWaitMs: clocks.retryWaitMs,
    latencyMs,
    firstTokenMs: latencyMs === null ? null : (answers[0]?.firstTokenMs ?? null),
  });

  const reason = model.refuses([...conversation.messages, ...conversation.followUps]);
  if (reason !== null) {
    const failure: Failure = { kind: 'unsupported', message: reason };
    return {
      ...facts(UNPRICED),
      status: 'skipped',
      outcome: null,
      failure,
      timing: timing(null),
      score: null,
      scores: [],
    };
  }

  let history = conversation.messages;
  try {
    for (const [turn, next] of [null, ...conversation.followUps].entries()) {
      if (next !== null) history = [...history, assistantMessage(answers.at(-1)), next];
      answers.push(await answerTurn(cell, turn, history, context, clocks));
    }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const usage = sumUsage([
      ...answers.map(({ completion }) => completion.usage),
      ...(error.details.usage ? [error.details.usage] : []),
    ]);
    const priced = await price(usage, cell, context);
    return {
      ...facts(priced),
      servedModel: error.details.servedModel ?? null,
      requestId: error.details.requestId ?? null,
      status: 'failed',
      outcome: error.kind === 'content_filter' ? 'filtered' : null,
      failure: toFailure(error),
      timing: timing(null),
      score: null,
      scores: [],
    };
  }

  const completions = answers.map(({ completion }) => completion);
  const usage = sumUsage(completions.map((completion) => completion.usage));
  const priced = await price(usage, cell, context);
  const judged = completions.map(({ text }, turn) => ({ answer: text, target: conversation.targets[turn] ?? [] }));
  const troubled = completions.map(outcomeOf).find((outcome) => outcome !== 'answered');
  const scored: Scored =
    troubled === undefined ? await context.score(sample, judged) : { scores: [], score: null, unparsed: false };
  const last = completions.at(-1);
  const earlier = completions.slice(0, -1).map(({ text }) => text);
  return {
    ...facts(priced),
    status: 'completed',
    outcome: troubled ?? (scored.unparsed ? 'unparsed' : 'answered'),
    answer: last?.text ?? '',
    ...(earlier.length > 0 ? { earlierAnswers: earlier } : {}),
    finishReason: last?.finishReason ?? 'unknown',
    timing: timing(answers.reduce((sum, { latencyMs }) => sum + latencyMs, 0)),
    score: scored.score,
    scores: scored.scores,
  };
}

/** Takes over a turn that was answered before an interruption, or asks; an answer between turns is journalled at once. */
async function answerTurn(
  cell: Cell,
  turn: number,
  messages: readonly Message[],
  context: CellContext,
  clocks: Clocks,
): Promise<Answered> {
  const { model, repeat } = cell;
  const modelId = model.config.id;
  const known = context.earlierTurns.get(turnsKey(cell.requestHash, modelId, repeat))?.[turn];
  if (known !== undefined) return known;
  const answered = await askWithRetries(
    messages,
    cell.params,
    {
      clock: context.clock,
      random: context.random,
      client: model.client,
      model: model.config,
      media: model.media,
      gate: model.gate,
      stop: context.stop,
      abort: context.abort,
      ready: context.journal.ready,
      onAttempt: (attempt) =>
        context.journal.append({ type: 'attempt', data: { requestHash: cell.requestHash, modelId, attempt, turn } }),
    },
    clocks,
  );
  if (turn < cell.conversation.followUps.length) {
    context.journal.append({
      type: 'turn',
      data: { requestHash: cell.requestHash, modelId, repeat, turn, answered },
    });
  }
  return answered;
}

const UNPRICED: Priced = { usage: null, costUsd: null, tokensSource: null };

/** Figures must never cost an answer: what cannot be priced is unpriced. */
async function price(usage: Usage | null, cell: Cell, context: CellContext): Promise<Priced> {
  try {
    return await context.price(usage, cell.model.config, cell.conversation);
  } catch {
    return { ...UNPRICED, usage };
  }
}

function assistantMessage(answered: Answered | undefined): Message {
  return { role: 'assistant', content: [{ type: 'text', text: answered?.completion.text ?? '' }] };
}

function outcomeOf(completion: Completion): Exclude<Outcome, 'filtered' | 'unparsed'> {
  if (completion.refused) return 'refused';
  return completion.finishReason === 'length' ? 'truncated' : 'answered';
}

function toFailure(error: ProviderError): Failure {
  const { status, code, requestId, hint, partial } = error.details;
  return {
    kind: error.kind,
    message: error.message,
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(hint === undefined ? {} : { hint }),
    ...(partial === undefined ? {} : { partial }),
  };
}
