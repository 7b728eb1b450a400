import { expect, test } from 'vitest';
import { createUnservedWatch, unservedReason } from '../../src/queue/unserved.ts';
import type { WorkerInfo } from '../../src/queue/worker-info.ts';

const worker = (models: readonly string[], missing: Readonly<Record<string, string>> = {}): WorkerInfo => ({
  id: 'w',
  startedAt: 0,
  models,
  missing,
  inFlight: 0,
  done: 0,
});
const KEYLESS = worker(['b'], { a: 'the variable KEY_a is not set' });

test('a model that one worker asks is served, whatever the others lack', () => {
  expect(unservedReason('a', [KEYLESS, worker(['a'])])).toBeUndefined();
  expect(unservedReason('a', [KEYLESS])).toBe('the variable KEY_a is not set');
  expect(unservedReason('c', [KEYLESS])).toBe('');
});

test('it is said after 3 s, and again every 30 s until a worker asks the model', () => {
  let now = 1000;
  const watch = createUnservedWatch(['a', 'b'], 'host:1', () => now);
  const at = (ms: number, workers: readonly WorkerInfo[]) => {
    now = 1000 + ms;
    return watch.lines(workers);
  };
  const line = 'no worker asks a: the variable KEY_a is not set · start one that has what it needs';

  expect(at(0, [KEYLESS])).toEqual([]);
  expect(at(3001, [KEYLESS])).toEqual([line]);
  expect(at(30_000, [KEYLESS])).toEqual([]);
  expect(at(33_002, [KEYLESS])).toEqual([line]);
  expect(at(40_000, [worker(['a', 'b'])])).toEqual([]);
  expect(at(60_000, [KEYLESS])).toEqual([]);
  expect(at(70_001, [KEYLESS])).toEqual([line]);
});

test('no worker at all is said once, not once a model', () => {
  let now = 0;
  const watch = createUnservedWatch(['a', 'b'], 'host:1', () => now);
  now = 3001;
  expect(watch.lines([])).toEqual(['no worker is alive · start some with earsight worker --queue URL (host:1)']);
});
