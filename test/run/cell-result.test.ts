import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createGate } from '../../src/limits/gate.ts';
import { createQuota } from '../../src/limits/quota.ts';
import { createRequestSlots } from '../../src/limits/slots.ts';
import { createPlanner } from '../../src/plan/planned-request.ts';
import { turnsOf } from '../../src/reporters/turns-of.ts';
import type { Answer } from '../../src/result.ts';
import { type Cell, type CellCost, type ModelRuntime, makeCell } from '../../src/run/cell-context.ts';
import {
  answeredResult,
  type CellClocks,
  failedResult,
  rejudgedResult,
  replayedResult,
  unsentResult,
} from '../../src/run/cell-result.ts';
import { createScoring } from '../../src/run/scoring.ts';
import type { Completion, ContentPart, ModelConfig, Sample, Usage } from '../../src/types.ts';
import { usageOf } from '../helpers/results.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

const MODEL: ModelConfig = {
  id: 'm',
  provider: 'openai',
  endpoint: 'http://127.0.0.1/v1',
  model: 'm',
  modalities: ['text'],
  params: {},
  limits: { concurrency: 1, timeoutMs: 1000, retries: 0 },
};

function runtime(): ModelRuntime {
  const clock = createVirtualClock();
  const rates = { requestsPerMinute: undefined, tokensPerMinute: undefined };
  const quota = createQuota({ ...rates, maxPauseMs: 1000, clock, random: () => 0 });
  const nothing = () => Promise.reject(new Error('nothing is asked here'));
  return {
    config: MODEL,
    planner: createPlanner(MODEL),
    client: { complete: nothing },
    media: { load: nothing },
    derivedOf: () => null,
    gate: createGate({ limits: MODEL.limits, quota, clock, requestSlots: createRequestSlots(1) }),
  };
}

/** A cell with this number of turns. */
function cellOf(turns: number, targetOf = (_turn: number) => 'yes'): Cell {
  const content: readonly ContentPart[] = [{ type: 'text', text: 'Yes?' }];
  const asked = Array.from({ length: turns }, (_, turn) => ({ content, target: [targetOf(turn)] }));
  const plain = { id: 's', index: 0, line: 1, messages: [], target: [], group: null, tags: [], metadata: {} };
  const sample: Sample = { ...plain, turns: asked };
  return makeCell(sample, runtime(), 0, 0);
}

const CLOCKS: CellClocks = {
  attempts: 3,
  unseenBills: 0,
  retryWaitMs: 20,
  firstSentAt: 5,
  startedAt: '2026-01-01T00:00:00.000Z',
  queueMs: 5,
};

const EXPECTED = { text: 9, template: 0, image: 0, audio: 0, completion: 2 };

/** One cent for each prompt token. */
async function price(requests: readonly (Usage | null)[]): Promise<CellCost> {
  const promptTokens = requests.reduce((sum, usage) => sum + (usage?.promptTokens ?? 0), 0);
  const costsUsd = requests.map((usage) => (usage === null ? null : (usage.promptTokens ?? 0) / 100));
  const more = { tokensSource: 'endpoint', estimate: EXPECTED, costsUsd } as const;
  return { usage: usageOf(promptTokens, 0), costUsd: promptTokens / 100, ...more };
}

const judging = { price, scoring: createScoring([{ name: 'exact' }]) };
/** Pricing that always fails. */
const unpriced = { ...judging, price: () => Promise.reject(new Error('no such table')) };

function answer(text: string, more: Partial<Completion> = {}, timing: Partial<Answer> = {}): Answer {
  const completion = {
    text,
    finishReason: 'stop',
    refused: false,
    usage: usageOf(10, 2),
    servedModel: `served for ${text}`,
    requestId: `id of ${text}`,
    ...more,
  } as const;
  return { completion, latencyMs: 100, firstTokenMs: 10, ...timing };
}

test('a failure keeps all details of the endpoint, and the cost of the reported usage', async () => {
  const said = { status: 500, code: 'oops', requestId: 'r', hint: 'ask the operator', partial: 'half' };
  const error = new ProviderError('server', 'broken', { ...said, servedModel: 'v2', usage: usageOf(30, 0) });

  const result = await failedResult(cellOf(2), error, [answer('yes')], CLOCKS, judging);

  expect(result).toMatchObject({
    status: 'failed',
    outcome: null,
    failure: { kind: 'server', message: 'broken', ...said },
    attempts: 3,
    servedModel: 'v2',
    requestId: 'r',
    usages: [usageOf(10, 2), usageOf(30, 0)],
    costUsd: 0.4,
    timing: { startedAt: CLOCKS.startedAt, queueMs: 5, retryWaitMs: 20, latencyMs: null, firstTokenMs: null },
  });
});

test('a failure without details has no empty members, and a filtered answer is an outcome', async () => {
  const error = new ProviderError('content_filter', 'filtered');

  const result = await failedResult(cellOf(1), error, [], CLOCKS, judging);

  expect(result).toMatchObject({ outcome: 'filtered', servedModel: null, requestId: null });
  expect(result).toHaveProperty('failure', { kind: 'content_filter', message: 'filtered' });
});

test('a conversation has the latency of all turns, the first token of the first turn, and the rest from the last turn', async () => {
  const last = answer('no', { finishReason: 'unknown', usage: usageOf(20, 2) }, { latencyMs: 300, firstTokenMs: 30 });

  const result = await answeredResult(cellOf(2), [answer('yes'), last], CLOCKS, judging);

  expect(result).toMatchObject({
    status: 'completed',
    answer: 'no',
    earlierAnswers: ['yes'],
    finishReason: 'unknown',
    score: 0.5,
    servedModel: 'served for no',
    requestId: 'id of no',
    usages: [usageOf(10, 2), usageOf(20, 2)],
    costUsd: 0.3,
    tokensSource: 'endpoint',
    estimate: EXPECTED,
    attempts: 3,
    timing: { startedAt: CLOCKS.startedAt, queueMs: 5, retryWaitMs: 20, latencyMs: 400, firstTokenMs: 10 },
  });
});

test('with one turn from the cache the cost is that of the other turn, and there is no latency', async () => {
  const answers = [answer('yes', {}, { fromCache: true }), answer('yes', { usage: usageOf(20, 2) })];

  const result = await answeredResult(cellOf(2), answers, CLOCKS, judging);

  expect(result).toMatchObject({ costUsd: 0.2, cachedLatencyMs: 200, timing: { latencyMs: null, firstTokenMs: null } });
});

test('a budget does not count turns that came from the cache or are in an earlier result', async () => {
  const answers = [
    answer('yes', {}, { isCounted: true }),
    answer('yes', {}, { fromCache: true }),
    answer('yes', { usage: usageOf(30, 2) }),
  ];
  const error = new ProviderError('server', 'broken', { usage: usageOf(7, 0) });

  expect(await answeredResult(cellOf(3), answers, CLOCKS, judging)).toMatchObject({ assumedCostUsd: 0.3 });
  expect(await failedResult(cellOf(4), error, answers, CLOCKS, judging)).toMatchObject({ assumedCostUsd: 0.37 });
});

test.each([
  ['refused', [answer('', { refused: true, finishReason: 'length' })]],
  ['truncated', [answer('yes', { finishReason: 'length' }), answer('yes')]],
  ['refused', [answer('', { refused: true }), answer('yes', { finishReason: 'length' })]],
] as const)('what the model did first decides the outcome: %s', async (outcome, answers) => {
  const result = await answeredResult(cellOf(answers.length), answers, CLOCKS, judging);

  expect(result).toMatchObject({ status: 'completed', outcome, score: null, scores: [] });
});

test('when pricing fails, the answer and its tokens are kept', async () => {
  const result = await answeredResult(cellOf(2), [answer('yes'), answer('yes')], CLOCKS, unpriced);

  expect(result).toMatchObject({ answer: 'yes', score: 1, costUsd: null, tokensSource: null, usage: usageOf(20, 4) });
});

test('a replay estimates an estimated split by modality again, and keeps a reported split', async () => {
  const seen: (Usage | null)[] = [];
  const watching = {
    ...judging,
    price: (requests: readonly (Usage | null)[]) => {
      seen.push(...requests);
      return price(requests);
    },
  };
  const split = { ...usageOf(10, 2), textTokens: 4, imageTokens: 6 };
  const cell = cellOf(1);
  const earlier = await answeredResult(cell, [answer('yes')], CLOCKS, judging);

  await replayedResult(cell, { ...earlier, usage: split, tokensSource: 'estimate' }, watching);
  await replayedResult(cell, { ...earlier, usage: split, tokensSource: 'endpoint' }, watching);

  expect(seen).toEqual([usageOf(10, 2), split]);
});

test('answers that no scorer could read are scored again, each with the target of its turn', async () => {
  const cell = cellOf(2, (turn) => ['red', 'blue'][turn] ?? '');
  const asked = cellOf(2, (turn) => `${turn}`);
  const numbers = { ...judging, scoring: createScoring([{ name: 'numeric' }]) };
  const earlier = await answeredResult(asked, [answer('red'), answer('blue')], CLOCKS, numbers);

  const result = await rejudgedResult(cell, earlier, judging);

  expect(earlier).toMatchObject({ outcome: 'unparsed', score: null });
  expect(result).toMatchObject({ outcome: 'answered', score: 1 });
});

describe('the turns of a conversation', () => {
  const reply = { outcome: 'answered', finishReason: 'stop', score: 1, latencyMs: 100, costUsd: 0.1 };
  const card = { prompt: 'Yes?', images: [], audio: [], target: ['yes'] };

  test('have each their own score, latency and cost', async () => {
    const last = answer('no', { finishReason: 'length', usage: usageOf(20, 2) }, { fromCache: true });

    const { turns } = await answeredResult(cellOf(2), [answer('yes'), last], CLOCKS, judging);

    const cut = { outcome: 'truncated', finishReason: 'length', score: null, latencyMs: null, costUsd: 0 };
    expect(turns).toEqual([
      { ...card, reply },
      { ...card, reply: cut },
    ]);
  });

  test('are kept with their answers when a later turn fails, and without them when nothing was sent', async () => {
    const answers = [answer('<think>so</think>yes')];

    const failed = await failedResult(cellOf(2), new ProviderError('server', 'broken'), answers, CLOCKS, judging);
    const unsent = unsentResult(cellOf(1), 'skipped', { kind: 'unsupported', message: 'no' }, judging);

    expect(failed.turns?.map((turn) => turn.reply)).toEqual([{ ...reply, answer: 'yes', thinking: 'so' }, null]);
    expect(unsent.turns).toEqual([{ ...card, reply: null }]);
  });

  test('are scored and priced again with their new targets, also those of a cell that is not scored', async () => {
    const cut = answer('yes', { finishReason: 'length' });
    const asked = cellOf(2, () => 'no');
    const cell = cellOf(2);
    const whole = await answeredResult(asked, [answer('yes'), answer('no')], CLOCKS, unpriced);
    const truncated = await answeredResult(asked, [answer('yes'), cut], CLOCKS, judging);

    const [again, part] = [await replayedResult(cell, whole, judging), await rejudgedResult(cell, truncated, judging)];

    expect(whole.turns?.map((turn) => turn.reply?.score)).toEqual([0, 1]);
    expect(again.turns).toEqual([
      { ...card, reply },
      { ...card, reply: { ...reply, score: 0 } },
    ]);
    expect(part).toMatchObject({ outcome: 'truncated', score: null });
    expect(part.turns?.map((turn) => turn.reply?.score)).toEqual([1, null]);
  });

  test('of earlier versions are read from answers and usages, and scored again on demand', async () => {
    const { turns: _, ...earlier } = await answeredResult(cellOf(2), [answer('yes'), answer('no')], CLOCKS, judging);

    expect(turnsOf(earlier)).toMatchObject([
      { turn: 1, card: null, answer: 'yes', usage: usageOf(10, 2), reply: { score: null, finishReason: null } },
      { turn: 2, card: null, answer: 'no', usage: usageOf(10, 2), reply: { score: null, finishReason: 'stop' } },
    ]);
    const { turns } = await rejudgedResult(cellOf(2), earlier, judging);
    expect(turns?.map((turn) => turn.reply?.score)).toEqual([1, 0]);
  });
});
