/** Creates the result of a cell, one function for each way in which it can end. */

import { sampleKey } from '../dataset/content-hash.ts';
import type { ProviderError } from '../errors.ts';
import { answerMembers, answerTextOf, readUnder } from '../journal/result-thinking.ts';
import type { SentMedia } from '../media-transform.ts';
import { sampleCard } from '../plan/conversation.ts';
import type { Answer, Clocks, Failure, Result, Timing } from '../result.ts';
import { sumUsage } from '../tokens/sum-usage.ts';
import type { Usage } from '../types.ts';
import type { Cell, CellContext, CellCost } from './cell-context.ts';
import { type Judgement, judgeCell, outcomeOf, scoresOfAnswered } from './scoring.ts';
import { costsOf, repliesOf, repriced, rescored, storedReplies, turnMembers } from './turn-results.ts';

type ResultContext = Pick<CellContext, 'price' | 'scoring'>;

/** The clocks of a cell that has ended. */
export interface CellClocks extends Clocks {
  readonly queueMs: number;
}

const UNPRICED: CellCost = { usage: null, costUsd: null, tokensSource: null };
const NOTHING_SENT: Timing = { startedAt: null, queueMs: 0, retryWaitMs: 0, latencyMs: null, firstTokenMs: null };
const UNSCORED: Pick<Judgement, 'scores' | 'score'> = { scores: [], score: null };

/** The result of a cell of which nothing was sent. */
export function unsentResult(
  cell: Cell,
  status: 'skipped' | 'failed',
  failure: Failure,
  context: Pick<ResultContext, 'scoring'>,
): Result {
  const { scores, score } = UNSCORED;
  return Object.assign(keysOf(cell, context), UNPRICED, turnMembers(cell.request.sample, []), {
    status,
    outcome: null,
    failure,
    attempts: 0,
    timing: NOTHING_SENT,
    servedModel: null,
    requestId: null,
    score,
    scores,
  });
}

/** The result of a cell that no comparison needs. */
export function decidedResult(cell: Cell, context: Pick<ResultContext, 'scoring'>): Result {
  const message = 'the comparisons of the model were decided without it';
  return unsentResult(cell, 'skipped', { kind: 'decided', message }, context);
}

/** The result of a cell that failed; turns that were answered before the failure have been paid for. */
export async function failedResult(
  cell: Cell,
  error: ProviderError,
  answers: readonly Answer[],
  clocks: CellClocks,
  context: ResultContext,
): Promise<Result> {
  const { scores, score } = UNSCORED;
  const { usage, servedModel, requestId } = error.details;
  const last = usage === undefined ? [] : [usage];
  const usages = (of: readonly Answer[]) => [...of.map(({ completion }) => completion.usage), ...last];
  const paid = answers.filter(({ fromCache }) => fromCache !== true);
  const { costsUsd, ...priced } = await price(usages(answers), cell, context);
  return {
    ...keysOf(cell, context),
    ...priced,
    ...usagesOf(usages(answers)),
    ...(await turnsBefore(cell, answers, costsOf({ costUsd: priced.costUsd, costsUsd }), context)),
    ...(paid.length < answers.length ? { costUsd: await costOf(usages(paid), cell, context) } : {}),
    ...(await newCost(answers, last, cell, context)),
    ...sentMediaOf(cell),
    status: 'failed',
    outcome: error.kind === 'content_filter' ? 'filtered' : null,
    failure: toFailure(error),
    attempts: clocks.attempts,
    timing: timingOf(clocks, null, null),
    servedModel: servedModel ?? null,
    requestId: requestId ?? null,
    score,
    scores,
  };
}

/** The result of a cell with an answer to every request. */
export async function answeredResult(
  cell: Cell,
  answers: readonly Answer[],
  clocks: CellClocks,
  context: ResultContext,
): Promise<Result> {
  const completions = answers.map(({ completion }) => completion);
  const last = completions.at(-1);
  const texts = completions.map((completion) => answerTextOf(completion, cell.request.model.thinking));
  const usages = completions.map(({ usage }) => usage);
  const priced = await price(usages, cell, context);
  const { outcome, scores, score, turnScores } = await judgeCell(
    cell,
    completions.map(outcomeOf),
    texts.map(({ answer }) => answer),
    context.scoring,
  );
  const latencyMs = answers.reduce((sum, answer) => sum + answer.latencyMs, 0);
  const fromCache = answers.some((answer) => answer.fromCache === true);
  const paid = answers.filter((answer) => answer.fromCache !== true).map(({ completion }) => completion.usage);
  const more = {
    ...(priced.estimate === undefined ? {} : { estimate: priced.estimate }),
    ...(priced.clipSeconds === undefined ? {} : { clipSeconds: priced.clipSeconds }),
    ...(fromCache ? { cachedLatencyMs: latencyMs } : {}),
    ...answerMembers(texts),
    ...soundsOf(answers),
    ...usagesOf(usages),
    ...turnMembers(cell.request.sample, repliesOf(answers, turnScores, costsOf(priced))),
    ...(await newCost(answers, [], cell, context)),
    ...(answers.every((answer) => answer.fromCache === true) ? {} : sentMediaOf(cell)),
  };
  // Assigned, not spread: a spread before many members takes 100 times as long on Node 20, and every cell gets here.
  return Object.assign(keysOf(cell, context), more, {
    // Answers from the cache cost nothing in this run, and their latency is not of this run.
    costUsd: fromCache ? await costOf(paid, cell, context) : priced.costUsd,
    usage: priced.usage,
    tokensSource: priced.tokensSource,
    status: 'completed' as const,
    outcome,
    scores,
    score,
    finishReason: last?.finishReason ?? 'unknown',
    attempts: clocks.attempts,
    timing: fromCache ? timingOf(clocks, null, null) : timingOf(clocks, latencyMs, answers[0]?.firstTokenMs ?? null),
    servedModel: last?.servedModel ?? null,
    requestId: last?.requestId ?? null,
  });
}

/** The result of another run, scored and priced again; everything else stays the same. */
export async function replayedResult(cell: Cell, earlier: Result, context: ResultContext): Promise<Result> {
  const prices = earlier.batchId === undefined ? context : withBatchPrice(context);
  const { costUsd, costsUsd, ...priced } = await price(earlier.usages ?? [reported(earlier)], cell, prices);
  // The cost of a result that came in whole or in part from the cache cannot be computed again.
  const isCached = earlier.status === 'completed' && earlier.cachedLatencyMs !== undefined;
  const result = await rejudgedResult(cell, earlier, context);
  return {
    ...result,
    ...turnMembers(cell.request.sample, repriced(storedReplies(result), costsOf({ costUsd, costsUsd }))),
    ...priced,
    costUsd: isCached ? earlier.costUsd : costUsd,
    replayed: true as const,
  };
}

/** A result of this run whose sample, scorers or row index changed: scored again, at the same cost. */
export async function rejudgedResult(cell: Cell, stored: Result, context: ResultContext): Promise<Result> {
  const earlier = readUnder(stored, cell.request.model.thinking);
  const isCompleted = earlier.status === 'completed';
  const replies = storedReplies(earlier);
  const answers = isCompleted
    ? [...(earlier.earlierAnswers ?? []), earlier.answer]
    : replies.map(({ answer = '' }) => answer);
  const turns = (scores: readonly (number | null)[]) => turnMembers(cell.request.sample, rescored(replies, scores));
  // Other outcomes stay the same: results of earlier versions do not tell which turn was truncated or refused.
  if (!isCompleted || !(earlier.outcome === 'answered' || earlier.outcome === 'unparsed')) {
    const outcomes = replies.map(({ outcome }) => outcome);
    const scores = await scoresOfAnswered(cell.request, outcomes, answers, context.scoring);
    return { ...earlier, ...keysOf(cell, context), ...turns(scores) };
  }
  const outcomes = answers.map(() => 'answered' as const);
  const { turnScores, ...judged } = await judgeCell(cell, outcomes, answers, context.scoring);
  return { ...earlier, ...keysOf(cell, context), ...turns(turnScores), ...judged };
}

/** The same context with the price of a batch API. */
export function withBatchPrice<T extends Pick<CellContext, 'price'>>(context: T): T {
  return { ...context, price: (usages, request) => context.price(usages, request, { batch: true }) };
}

function keysOf({ request, repeat }: Cell, { scoring }: Pick<ResultContext, 'scoring'>) {
  const { sample, model, requestHash, conversation } = request;
  return {
    sampleId: sample.id,
    modelId: model.id,
    repeat,
    sampleIndex: sample.index,
    sampleLine: sample.line,
    sampleKey: sampleKey(sample),
    requestHash,
    sample: sampleCard(sample),
    scorers: scoring.names(sample, conversation.targets),
  };
}

/** The turns of a cell that failed, with the answers to the first of them. */
async function turnsBefore(
  cell: Cell,
  answers: readonly Answer[],
  costsUsd: readonly (number | null)[],
  context: ResultContext,
): Promise<Pick<Result, 'turns'>> {
  const texts = answers.map(({ completion }) => answerTextOf(completion, cell.request.model.thinking));
  const outcomes = answers.map(({ completion }) => outcomeOf(completion));
  const said = texts.map(({ answer }) => answer);
  const replies = repliesOf(answers, await scoresOfAnswered(cell.request, outcomes, said, context.scoring), costsUsd);
  const withTexts = replies.map((reply, turn) => {
    const { answer = '', thinking = null } = texts[turn] ?? {};
    return { ...reply, answer, ...(thinking === null ? {} : { thinking }) };
  });
  return turnMembers(cell.request.sample, withTexts);
}

/** A failing price must not lose the answer: the cell is then unpriced. */
async function price(
  requests: readonly (Usage | null)[],
  { request }: Cell,
  context: ResultContext,
): Promise<CellCost> {
  try {
    return await context.price(requests, request);
  } catch {
    return { ...UNPRICED, usage: sumUsage(requests) };
  }
}

/** The cost of only these requests of a cell. */
async function costOf(usages: readonly (Usage | null)[], cell: Cell, context: ResultContext): Promise<number | null> {
  return usages.length === 0 ? 0 : (await price(usages, cell, context)).costUsd;
}

/** The usage as the endpoint reported it: an estimated split is removed, and estimated again. */
function reported({ usage, tokensSource }: Result): Usage | null {
  if (usage === null || tokensSource !== 'estimate') return usage;
  return { ...usage, textTokens: null, imageTokens: null, audioTokens: null };
}

function soundsOf(
  answers: readonly Answer[],
): Pick<Extract<Result, { status: 'completed' }>, 'sound' | 'earlierSounds'> {
  const sound = answers.at(-1)?.sound;
  const earlierSounds = answers.slice(0, -1).map((answer) => answer.sound ?? null);
  return {
    ...(sound === undefined ? {} : { sound }),
    ...(earlierSounds.every((earlier) => earlier === null) ? {} : { earlierSounds }),
  };
}

function usagesOf(usages: readonly (Usage | null)[]): Pick<Result, 'usages'> {
  return usages.length > 1 ? { usages } : {};
}

/** The cost that a budget counts for a cell, without the turns whose cost an earlier result contains. */
async function newCost(
  answers: readonly Answer[],
  more: readonly Usage[],
  cell: Cell,
  context: ResultContext,
): Promise<Pick<Result, 'assumedCostUsd'>> {
  if (answers.every(({ isCounted }) => isCounted !== true)) return {};
  const fresh = answers.filter(({ fromCache, isCounted }) => fromCache !== true && isCounted !== true);
  const usd = await costOf([...fresh.map(({ completion }) => completion.usage), ...more], cell, context);
  return usd === null ? {} : { assumedCostUsd: usd };
}

function timingOf(clocks: CellClocks, latencyMs: number | null, firstTokenMs: number | null): Timing {
  const { startedAt, queueMs, retryWaitMs } = clocks;
  return { startedAt, queueMs, retryWaitMs, latencyMs, firstTokenMs };
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

/** What a result records of the media of its cell that were changed; no member when none was. */
function sentMediaOf({ request: { conversation }, model }: Cell): { readonly sentMedia?: readonly SentMedia[] } {
  if (model.config.media === undefined) return {};
  const sent = new Map<string, SentMedia>();
  for (const { content } of [...conversation.messages, ...conversation.followUps])
    for (const part of content) {
      const derived = part.type === 'text' ? null : model.derivedOf(part.media);
      if (derived !== null) sent.set(derived.uri, derived);
    }
  return sent.size === 0 ? {} : { sentMedia: [...sent.values()] };
}
