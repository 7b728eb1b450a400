/** Sends all requests of a cell, each turn after the answer to the turn before, and keeps every answer at once. */

import { ProviderError } from '../errors.ts';
import { requestHash } from '../plan/request-hash.ts';
import type { Answer, Clocks } from '../result.ts';
import { splitThinking } from '../text/thinking.ts';
import type { Message, Usage } from '../types.ts';
import { type AttemptMoney, askWithRetries } from './attempt.ts';
import { type Cell, type CellContext, keyOfCell } from './cell-context.ts';
import { warnOfMismatch } from './warn-once.ts';

/** The answers of a conversation: all of them, or those before a failure. */
export interface ConversationResult {
  readonly answers: readonly Answer[];
  /** null = every request was answered. */
  readonly failure: ProviderError | null;
}

export async function converse(cell: Cell, context: CellContext, clocks: Clocks): Promise<ConversationResult> {
  const answers: Answer[] = [];
  const earlier = earlierAnswers(cell, context);
  let history = cell.request.conversation.messages;
  for (const [turn, next] of [null, ...cell.request.conversation.followUps].entries()) {
    if (next !== null) history = [...history, assistantMessage(answers.at(-1)), next];
    try {
      answers.push(earlier[turn] ?? (await answerTurn(cell, turn, history, context, clocks)));
    } catch (error) {
      if (error instanceof ProviderError) return { answers, failure: error };
      throw error;
    }
  }
  return { answers, failure: null };
}

/** The answers of an interrupted execution up to the first missing turn: later answers belong to another history. */
function earlierAnswers(cell: Cell, { earlierTurns }: CellContext) {
  const earlier = earlierTurns.get(keyOfCell(cell)) ?? [];
  const gap = earlier.findIndex((answer) => !answer);
  return gap === -1 ? earlier : earlier.slice(0, gap);
}

/** Takes an answer from the cache or sends the request; an answer is in the journal before the next turn is sent. */
async function answerTurn(
  cell: Cell,
  turn: number,
  messages: readonly Message[],
  context: CellContext,
  clocks: Clocks,
): Promise<Answer> {
  const { journal, cache } = context;
  const { model, repeat, request } = cell;
  const { sample, requestHash } = request;
  const modelId = model.config.id;
  const keepTurn = (answer: Answer) =>
    journal.append({
      type: 'turn',
      data: { requestHash, sampleId: sample.id, modelId, repeat, turn, answered: answer },
    });
  const cacheKey = cache === null ? '' : turnHash(cell, messages);
  const cached = await cachedAnswer(cacheKey, context);
  if (cached !== null) {
    // A resumed run may have no cache, and must not combine later answers with another first answer.
    if (turn < request.conversation.followUps.length) keepTurn(cached);
    return cached;
  }
  const answer = await askWithRetries(
    messages,
    request.params,
    {
      clock: context.clock,
      random: context.random,
      client: model.client,
      model: model.config,
      media: model.media,
      gate: model.gate,
      stop: context.stop,
      timeouts: context.timeouts,
      ready: journal.ready,
      keepSound: (sound) => context.sounds.keep(sound, modelId),
      money: moneyOf(cell, context),
      onAttempt: (attempt) => journal.append({ type: 'attempt', data: { requestHash, modelId, attempt, turn } }),
      onResult: (attemptResult) => context.onAttempt?.({ cell, turn, attempt: clocks.attempts, attemptResult }),
    },
    clocks,
  );
  if (turn < request.conversation.followUps.length) keepTurn(answer);
  if (answer.completion.usage !== null) warnOfMismatch(answer.completion.usage, modelId, context.warnOnce);
  if (cache !== null) {
    await context.sounds.export(answer, cache.folder);
    cache.put(cacheKey, answer);
  }
  return answer;
}

async function cachedAnswer(
  key: string,
  { cache, sounds }: Pick<CellContext, 'cache' | 'sounds'>,
): Promise<Answer | null> {
  const cached = cache?.get(key) ?? null;
  return cached === null || cache === null ? null : sounds.adoptAnswer(cached, cache.folder);
}

/** Prices each answer for the budget. A failing price must not lose the answer: its cost is then not known. */
function moneyOf({ request }: Cell, { money, price }: CellContext): AttemptMoney | undefined {
  if (money === undefined) return undefined;
  const costOf = (usage: Usage) =>
    price([usage], request).then(
      ({ costUsd }) => costUsd,
      () => null,
    );
  return {
    isCovered: money.isCovered,
    extend: money.extend,
    onBill: async (usage) => money.onBill(usage, usage === null ? null : await costOf(usage)),
  };
}

/** The cached answers of a cell; null unless all of them are in the cache. */
export async function cachedAnswers(
  cell: Cell,
  context: Pick<CellContext, 'cache' | 'sounds'>,
): Promise<readonly Answer[] | null> {
  if (context.cache === null) return null;
  const answers: Answer[] = [];
  const { messages, followUps } = cell.request.conversation;
  let history = messages;
  for (const next of [null, ...followUps]) {
    if (next !== null) history = [...history, assistantMessage(answers.at(-1)), next];
    const answer = await cachedAnswer(turnHash(cell, history), context);
    if (answer === null) return null;
    answers.push(answer);
  }
  return answers;
}

/** Repeats are separate requests on purpose: each has its own cache entry. */
function turnHash({ model, request, repeat }: Cell, messages: readonly Message[]): string {
  const conversation = { messages, followUps: [], targets: [] };
  return requestHash([model.planner.wire, repeat], model.config, conversation, request.params);
}

/** Models are given their earlier answers without the thinking, as their vendors' chat templates do. */
function assistantMessage(answer: Answer | undefined): Message {
  const { answer: text } = splitThinking(answer?.completion.text ?? '');
  return { role: 'assistant', content: [{ type: 'text', text }] };
}
