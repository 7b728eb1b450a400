/** Lets the first cells of a model go one at a time until an answer shows how long its answers are. */

export interface FirstBills {
  /** Resolves when a cell of the model may go; the returned function must be called when the cell has ended. */
  enter(modelId: string): Promise<() => void>;
  /** An answer of the model was billed: from now on its cells do not wait. */
  onBill(modelId: string): void;
}

interface ModelQueue {
  isBilled: boolean;
  isBusy: boolean;
  readonly waiting: (() => void)[];
}

export function createFirstBills(): FirstBills {
  const queues = new Map<string, ModelQueue>();
  const queueOf = (modelId: string) => {
    const queue = queues.get(modelId) ?? { isBilled: false, isBusy: false, waiting: [] };
    queues.set(modelId, queue);
    return queue;
  };
  return {
    async enter(modelId) {
      const queue = queueOf(modelId);
      // Who is woken takes over from the cell that has ended, or goes together with all others.
      if (queue.isBusy && !queue.isBilled) await new Promise<void>((resolve) => queue.waiting.push(resolve));
      queue.isBusy = true;
      return () => {
        const next = queue.waiting.shift();
        queue.isBusy = next !== undefined;
        next?.();
      };
    },
    onBill(modelId) {
      const queue = queueOf(modelId);
      queue.isBilled = true;
      for (const wake of queue.waiting.splice(0)) wake();
    },
  };
}
