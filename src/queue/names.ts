/** The names in Redis of one run. All begin with the prefix, so that a cluster keeps them in one slot. */

export interface RunNames {
  /** The id of the run, and a number when it has gone on in another queue. */
  readonly id: string;
  /** Hash: what a worker must know, and how far the run is. */
  readonly run: string;
  /** Stream of results and turns, oldest first; the coordinator removes what is in its journal. */
  readonly results: string;
  /** Hash of the workers by their id, as JSON. */
  readonly workers: string;
  /** Hash of the models that are stopped, with the reason as JSON. */
  readonly stops: string;
  /** Hash of the money: `spent` and `reserved`. */
  readonly ledger: string;
  /** Hash of a quota. */
  quota(group: string): string;
  /** Set of the rows of a chunk whose results are in the stream. */
  finished(chunk: string): string;
  /** Name of the BullMQ queue of a model, by its position in the configuration. */
  cells(modelIndex: number): string;
}

/** Names the run that workers join. */
export function activeRunKey(prefix: string): string {
  return `${prefix}:active`;
}

/** Names the run that ended last, for `earsight status`. */
export function endedRunKey(prefix: string): string {
  return `${prefix}:ended`;
}

export function runNames(prefix: string, queueId: string): RunNames {
  const of = (name: string) => `${prefix}:${queueId}:${name}`;
  return {
    id: queueId,
    run: of('run'),
    results: of('results'),
    workers: of('workers'),
    stops: of('stops'),
    ledger: of('ledger'),
    quota: (group) => of(`quota:${group}`),
    finished: (chunk) => of(`finished:${chunk}`),
    // BullMQ allows no colon in the name of a queue; its prefix is ours.
    cells: (modelIndex) => `${queueId}-${modelIndex}`,
  };
}

/** The run that a queue is of. */
export function runOfQueue(queueId: string): string {
  return queueId.replace(/\.\d+$/, '');
}

/** Where a run goes on when its rows have changed: what is sent late to the earlier queue must not reach it. */
export function nextQueue(queueId: string): string {
  const number = /\.(\d+)$/.exec(queueId)?.[1] ?? '1';
  return `${runOfQueue(queueId)}.${Number(number) + 1}`;
}
