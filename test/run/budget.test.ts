import fc from 'fast-check';
import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createCellEstimates } from '../../src/estimate/cell-estimates.ts';
import { createGate } from '../../src/limits/gate.ts';
import { createQuota } from '../../src/limits/quota.ts';
import { createRequestSlots } from '../../src/limits/slots.ts';
import { createTimeouts } from '../../src/limits/timers.ts';
import { createPlanner, type PlannedRequest } from '../../src/plan/planned-request.ts';
import { type Budget, type CellBudget, createBudget } from '../../src/run/budget.ts';
import { runCell } from '../../src/run/cell.ts';
import { type CellContext, type ModelRuntime, makeCell } from '../../src/run/cell-context.ts';
import { createCellPricer } from '../../src/run/cell-pricer.ts';
import { createScoring } from '../../src/run/scoring.ts';
import { createSounds } from '../../src/run/sounds.ts';
import { priceEstimate } from '../../src/tokens/price-estimate.ts';
import type { ContentPart, ModelConfig, Sample, Usage } from '../../src/types.ts';
import { usageOf } from '../helpers/results.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

/** A million completion tokens cost a million USD, so that a token is a dollar; prompts are free. */
const PRICE = { promptPerMillion: 0, completionPerMillion: 1_000_000 };
/** What an answer without a limit is expected to cost at most; also when the model reasons. */
const [DEFAULT_USD, REASONING_USD] = [1000, 8000];

function modelOf(more: Partial<ModelConfig> = {}): ModelConfig {
  const limits = { concurrency: 8, timeoutMs: 600_000, retries: 1 };
  const wire = { provider: 'openai', endpoint: 'http://127.0.0.1/v1', model: 'plain' };
  return { id: 'm', ...wire, modalities: ['text'], params: {}, limits, price: PRICE, ...more };
}

function sampleOf(index: number, turns = 1): Sample {
  const content: readonly ContentPart[] = [{ type: 'text', text: 'Yes?' }];
  const asked = Array.from({ length: turns }, () => ({ content, target: [] }));
  const plain = { line: 1, messages: [], target: [], group: null, tags: [], metadata: {} };
  return { id: `s${index}`, index, ...plain, turns: asked };
}

const SOURCES = { facts: async () => null, calibrationOf: () => undefined, earlierOf: () => undefined };

function budgetOf(maxUsd: number): Budget {
  return createBudget(maxUsd, 0, createCellEstimates(SOURCES));
}

const requestOf = (model: ModelConfig, turns = 1): PlannedRequest => createPlanner(model).plan(sampleOf(0, turns));

async function open(budget: Budget, request: PlannedRequest): Promise<CellBudget> {
  const money = await budget.open(request);
  if ('message' in money) throw new Error(money.message);
  return money;
}

/** Sends one cell that costs so much. */
async function bill(budget: Budget, model: ModelConfig, tokens: number, more: Partial<Usage> = {}): Promise<void> {
  const money = await open(budget, requestOf(model));
  await money.onBill({ ...usageOf(5, tokens), ...more }, tokens);
  money.settle(tokens);
}

/** Whether a promise settles without anything else happening. */
async function settles(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  await new Promise((resolve) => setImmediate(resolve));
  return settled;
}

test('the cells of a model whose answers may have any length go one at a time until one was billed', async () => {
  const budget = budgetOf(100_000);
  const first = await open(budget, requestOf(modelOf()));
  const second = budget.open(requestOf(modelOf()));
  expect(await settles(second)).toBe(false);
  // Nothing was billed: the next one goes alone, too.
  first.settle(0);
  const third = budget.open(requestOf(modelOf()));
  expect([await settles(second), await settles(third)]).toEqual([true, false]);

  await (await open({ ...budget, open: () => second }, requestOf(modelOf()))).onBill(usageOf(5, 10), 10);

  expect(await settles(third)).toBe(true);
  expect(await settles(budget.open(requestOf(modelOf())))).toBe(true);
});

test.each([
  ['a limit of the model', modelOf({ params: { maxTokens: 50 } }), SOURCES],
  ['earlier answers', modelOf(), { ...SOURCES, earlierOf: () => ({ mean: 20, min: 10, max: 30 }) }],
])('%s lets cells go at the same time from the start', async (_, model, sources) => {
  const budget = createBudget(100_000, 0, createCellEstimates(sources));
  await open(budget, requestOf(model));

  expect(await settles(budget.open(requestOf(model)))).toBe(true);
});

test('an answer that costs more than its reservation raises those of the model, also open ones', async () => {
  const budget = budgetOf(20_000);
  await bill(budget, modelOf(), 10);
  const waiting = await open(budget, requestOf(modelOf()));
  const other = await open(budget, requestOf(modelOf({ id: 'other' })));
  expect([waiting.mostUsd(), waiting.isCovered()]).toEqual([DEFAULT_USD, true]);

  await bill(budget, modelOf(), 15_000);

  expect([waiting.mostUsd(), waiting.isCovered()]).toEqual([15_000, false]);
  expect(other.mostUsd()).toBe(DEFAULT_USD);
  expect(await budget.open(requestOf(modelOf()))).toMatchObject({
    message: 'the remaining budget does not cover the $1.50e+4 that this cell may cost',
  });
});

test('answers without a limit raise no reservation of requests with one', async () => {
  const budget = budgetOf(100_000);
  await bill(budget, modelOf(), 15_000);

  expect((await open(budget, requestOf(modelOf({ params: { maxTokens: 50 } })))).mostUsd()).toBe(50);
});

test('a model that once reported reasoning tokens counts as one that reasons, unless the configuration says no', async () => {
  const budget = budgetOf(100_000);
  await bill(budget, modelOf(), 10, { reasoningTokens: 5 });
  await bill(budget, modelOf({ id: 'no', reasoning: false }), 10, { reasoningTokens: 5 });

  expect((await open(budget, requestOf(modelOf()))).mostUsd()).toBe(REASONING_USD);
  expect((await open(budget, requestOf(modelOf({ id: 'no', reasoning: false })))).mostUsd()).toBe(DEFAULT_USD);
});

test('a long first answer of a conversation raises what its later requests may cost', async () => {
  const budget = budgetOf(100_000);
  const money = await open(budget, requestOf(modelOf({ params: { maxTokens: 10 } }), 3));
  const before = money.mostUsd();
  await money.onBill(usageOf(5, 500), 500);

  expect(before).toBe(30);
  expect(money.mostUsd()).toBeGreaterThanOrEqual(1500);
});

test('answers of this run bound the reservation from below when it is resumed', async () => {
  const lengths = new Map([['m', { answers: 2, total: 6010, min: 5, max: 6005, reasons: false, spoken: 0 }]]);
  const budget = createBudget(100_000, 0, createCellEstimates(SOURCES, lengths));

  expect((await open(budget, requestOf(modelOf()))).mostUsd()).toBe(6005);
});

/** What the endpoint does with one request. */
interface Step {
  readonly tokens: number;
  readonly ms: number;
  readonly end: 'answer' | 'filter' | 'no' | 'broken';
}

/** Runs cells of these steps (one a turn) and returns what the endpoint billed, and by how much it may exceed the budget. */
async function runAll(cells: readonly (readonly Step[])[], maxUsd: number, concurrency: number, maxTokens?: number) {
  const clock = createVirtualClock();
  const limits = { concurrency, timeoutMs: 600_000, retries: 1 };
  const model = modelOf({ limits, params: maxTokens === undefined ? {} : { maxTokens } });
  const rates = { requestsPerMinute: undefined, tokensPerMinute: undefined };
  const quota = createQuota({ ...rates, maxPauseMs: 1000, clock, random: () => 0 });
  const estimates = createCellEstimates(SOURCES);
  const inFlight = new Map<object, number>();
  let billedUsd = 0;
  let mayExceedUsd = 0;
  const sent = new Map<string, number>();

  const runtimeOf = (steps: readonly Step[], shareUsd: number, gate: ModelRuntime['gate']): ModelRuntime => ({
    config: model,
    planner: createPlanner(model),
    media: { load: () => Promise.reject(new Error('there are no media')) },
    derivedOf: () => null,
    gate,
    client: {
      async complete({ messages }) {
        const step = steps[Math.floor(messages.length / 2)] ?? { tokens: 1, ms: 1, end: 'answer' };
        const isAnswered = step.end === 'answer' || step.end === 'filter';
        const usd = isAnswered ? step.tokens : 0;
        const request = {};
        inFlight.set(request, Math.max(0, usd - shareUsd));
        mayExceedUsd = [...inFlight.values()].reduce((sum, excess) => sum + excess, 0);
        await clock.sleep(step.ms);
        billedUsd += usd;
        // An answer is in flight until its cost is known, a moment later.
        setImmediate(() => inFlight.delete(request));
        const usage = usageOf(5, step.tokens);
        if (step.end === 'no') throw new ProviderError('bad_request', `no ${sent.size}`, { status: 400 });
        if (step.end === 'broken') throw new ProviderError('server', 'broken', { status: 500 });
        if (step.end === 'filter') throw new ProviderError('content_filter', 'no', { status: 200, usage });
        const facts = { refused: false, servedModel: null, requestId: null };
        return { text: 'yes', finishReason: 'stop', usage, ...facts };
      },
    },
  });
  const stop = new AbortController().signal;
  const gate = createGate({ limits, quota, clock, requestSlots: createRequestSlots(concurrency) });
  const context: CellContext = {
    clock,
    random: () => 0.5,
    journal: { append: () => {}, ready: async () => {}, close: async () => {}, unwritten: () => [] },
    scoring: createScoring([]),
    price: createCellPricer(estimates.of, false, async () => null),
    facts: async () => null,
    stop,
    timeouts: createTimeouts(clock, stop),
    earlierTurns: new Map(),
    cache: null,
    replay: null,
    sounds: createSounds('', () => {}),
    warnOnce: () => {},
    budget: createBudget(maxUsd, 0, estimates),
  };
  // More cells than requests, as with a slow rate: some wait with their reservations.
  const limit = pLimit(2 * concurrency);
  let isOver = false;
  const all = Promise.all(
    cells.map(async (steps, index) => {
      const request = createPlanner(model).plan(sampleOf(index, steps.length));
      const highUsd = priceEstimate(await estimates.of(request), model).high ?? 0;
      const runtime = runtimeOf(steps, highUsd / steps.length, gate);
      return limit(() => runCell(makeCell(sampleOf(index, steps.length), runtime, 0, index), context));
    }),
  ).finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.drain();
  return { results: await all, billedUsd, mayExceedUsd, spentUsd: context.budget?.spentUsd() ?? 0 };
}

test('overspending is at most what the requests then in flight cost more than was reserved, whatever the answers', async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    tokens: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 1000, max: 100_000 })),
    ms: fc.integer({ min: 1, max: 50 }),
    end: fc.oneof(
      { weight: 6, arbitrary: fc.constant('answer' as const) },
      { weight: 1, arbitrary: fc.constantFrom('filter' as const, 'no' as const, 'broken' as const) },
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 100, max: 60_000 }),
      fc.integer({ min: 1, max: 12 }),
      fc.option(fc.integer({ min: 1, max: 3000 }), { nil: undefined }),
      async (cells, maxUsd, concurrency, maxTokens) => {
        const { results, billedUsd, mayExceedUsd } = await runAll(cells, maxUsd, concurrency, maxTokens);

        expect(results).toHaveLength(cells.length);
        expect(billedUsd).toBeLessThanOrEqual(maxUsd + mayExceedUsd + 1e-6);
      },
    ),
    { numRuns: 150 },
  );
});

test('a model of unknown length that answers at six times the reservation exceeds the budget by none of it', async () => {
  const cells = Array.from({ length: 40 }, () => [{ tokens: 6005, ms: 10, end: 'answer' } as const]);
  const { results, billedUsd } = await runAll(cells, 31_000, 8);

  expect(billedUsd).toBe(5 * 6005);
  expect(results.filter(({ status }) => status === 'skipped')).toHaveLength(35);
});
