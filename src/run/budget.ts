/** `--max-cost`: reserves the most that each cell may cost, learns from what answers cost, and names models without a price. */

import type { Problem } from '../errors.ts';
import type { CellEstimates, RequestEstimator } from '../estimate/cell-estimates.ts';
import { createFirstBills } from '../limits/first-bills.ts';
import { asksForSpeech } from '../plan/model-provider.ts';
import type { PlannedRequest } from '../plan/planned-request.ts';
import { priceEstimate } from '../tokens/price-estimate.ts';
import { priceOf } from '../tokens/price-table.ts';
import type { ModelConfig, Usage } from '../types.ts';
import { createLedger, type Ledger, type Reservation } from './ledger.ts';

export interface Budget {
  /**
   * Reserves money for a cell, or says why it cannot. Waits while other cells may return some, and for the first bill of a
   * model whose answers' length is unknown.
   */
  open(request: PlannedRequest): Promise<CellBudget | NoMoney>;
  /** As `open`, without waiting. */
  openNow(request: PlannedRequest): Promise<CellBudget | NoMoney>;
  readonly spentUsd: () => number;
}

export interface NoMoney {
  readonly message: string;
}

/** The money of one cell while it is open. */
export interface CellBudget extends Pick<Reservation, 'isCovered' | 'extend'> {
  /** The most that the cell may cost by what is known now, each request sent once. */
  mostUsd(): number;
  /** An answer to one of the cell's requests has arrived. `costUsd`: null = its price is not known. */
  onBill(usage: Usage | null, costUsd: number | null): Promise<void>;
  /** The cell has ended. */
  settle(spentUsd: number): void;
}

/** `spentUsd` is what earlier executions of the run have spent. `ledger`: of several processes; default: of this one. */
export function createBudget(
  maxCostUsd: number,
  spentUsd: number,
  estimates: CellEstimates,
  ledger: Ledger = createLedger(maxCostUsd, spentUsd),
): Budget {
  const firstBills = createFirstBills();
  const raises = createRaises();

  const open = async (request: PlannedRequest, reserve: Ledger['reserve'], leave: () => void) => {
    const highUsd = await highOf(request, estimates.of);
    if (highUsd === null) return { message: 'the price of this model is not known' };
    const requestCount = 1 + request.conversation.followUps.length;
    const bills: number[] = [];
    const mostUsd = () => {
      const raised = highUsd + requestCount * raises.of(request);
      // A long first answer of a conversation makes the later requests longer, too.
      const billed = bills.reduce((sum, usd) => sum + usd, 0);
      return Math.max(raised, billed + Math.max(0, requestCount - bills.length) * Math.max(0, ...bills));
    };
    const reservation = await reserve(mostUsd);
    if (reservation === null)
      return {
        message: `the remaining budget does not cover the $${mostUsd().toPrecision(3)} that this cell may cost`,
      };
    return {
      isCovered: reservation.isCovered,
      extend: reservation.extend,
      mostUsd,
      async onBill(usage: Usage | null, costUsd: number | null) {
        if (costUsd !== null) {
          bills.push(costUsd);
          raises.raise(request, costUsd - highUsd / requestCount);
        }
        if ((usage?.reasoningTokens ?? 0) > 0 && raises.isFirstReasoning(request)) {
          const withReasoning = await highOf(request, estimates.withReasoning);
          raises.raise(request, ((withReasoning ?? highUsd) - highUsd) / requestCount);
        }
        firstBills.onBill(request.model.id);
      },
      settle(spent: number) {
        reservation.settle(spent);
        leave();
      },
    };
  };
  return {
    async open(request) {
      const leave = estimates.isLengthKnown(request) ? () => {} : await firstBills.enter(request.model.id);
      let budget: CellBudget | NoMoney = { message: '' };
      try {
        budget = await open(request, ledger.reserve, leave);
        return budget;
      } finally {
        if ('message' in budget) leave();
      }
    },
    openNow: (request) =>
      open(
        request,
        async (mostUsd) => ledger.reserveNow(mostUsd),
        () => {},
      ),
    spentUsd: ledger.spentUsd,
  };
}

/** The most that a cell may cost by its estimate, in USD; null = its price is not known. */
async function highOf(request: PlannedRequest, estimateOf: RequestEstimator): Promise<number | null> {
  return priceEstimate(await estimateOf(request), request.model).high;
}

/** By how much requests have cost more than the most that was expected: the same may happen to all others of the model. */
function createRaises() {
  const raises = new Map<string, number>();
  const reasoning = new Set<string>();
  // The answers to requests with a limit say nothing about those without one.
  const keyOf = ({ model, params }: PlannedRequest) => `${params.maxTokens ?? ''} ${model.id}`;
  return {
    /** USD a request. */
    of: (request: PlannedRequest): number => raises.get(keyOf(request)) ?? 0,
    raise(request: PlannedRequest, usd: number): void {
      const key = keyOf(request);
      raises.set(key, Math.max(usd, raises.get(key) ?? 0));
    },
    /** True once for a model that reports reasoning tokens. */
    isFirstReasoning(request: PlannedRequest): boolean {
      const key = keyOf(request);
      const isFirst = !reasoning.has(key);
      reasoning.add(key);
      return isFirst;
    },
  };
}

/** A budget needs prices: returns one problem for each model without a price. */
export function unpricedModels(models: readonly ModelConfig[]): readonly Problem[] {
  return models
    .filter((model) => {
      const price = priceOf(model)?.price ?? {};
      const { promptPerMillion, completionPerMillion, perAudioMinute, perPage, promptPerMillionCharacters } = price;
      if (price.audioCompletionPerMillion === undefined && asksForSpeech({ model, params: model.params })) return true;
      if (perAudioMinute !== undefined || perPage !== undefined) return false;
      return (promptPerMillion ?? promptPerMillionCharacters) === undefined || completionPerMillion === undefined;
    })
    .map((model) => ({
      message: `the budget (--max-cost or maxCost) cannot limit "${model.id}": no price is known for ${model.model}`,
      hint: `set the price of prompt and completion tokens${asksForSpeech({ model, params: model.params }) ? ', and audioCompletionPerMillion,' : ''} in the configuration`,
    }));
}
