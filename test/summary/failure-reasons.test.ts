import { expect, test } from 'vitest';
import type { FailureKind, Result } from '../../src/result.ts';
import { createFailureReasons } from '../../src/summary/failure-reasons.ts';
import { answered } from '../helpers/results.ts';

function failed(model: string, kind: FailureKind, message: string): Result {
  return { ...answered(1, { model }), status: 'failed', outcome: null, failure: { kind, message } } as Result;
}

function listOf(...results: readonly Result[]) {
  const reasons = createFailureReasons(['b', 'a']);
  for (const result of results) reasons.add(result);
  return reasons.list();
}

test('names the most frequent reason of each model and kind, in configuration order', () => {
  const list = listOf(
    failed('a', 'bad_request', 'no temperature'),
    failed('a', 'bad_request', 'too long'),
    failed('a', 'bad_request', 'too long'),
    failed('b', 'timeout', 'no answer after 60 s'),
    answered(1, { model: 'a' }),
  );

  expect(list).toEqual([
    { model: 'b', kind: 'timeout', cells: 1, message: 'no answer after 60 s', messageCells: 1 },
    { model: 'a', kind: 'bad_request', cells: 3, message: 'too long', messageCells: 2 },
  ]);
});

test('takes messages that differ only in numbers for one reason', () => {
  const list = listOf(...[812, 97, 3].map((count) => failed('a', 'bad_request', `${count} tokens are too many`)));

  expect(list).toEqual([
    { model: 'a', kind: 'bad_request', cells: 3, message: '812 tokens are too many', messageCells: 3 },
  ]);
});

test('counts cells with reasons without end, in bounded memory and bounded length', () => {
  const letters = (index: number) => String.fromCodePoint(0x4e00 + index).repeat(400);
  const list = listOf(...Array.from({ length: 1000 }, (_, index) => failed('a', 'server', letters(index))));

  expect(list).toEqual([
    { model: 'a', kind: 'server', cells: 1000, message: `${letters(0).slice(0, 299)}…`, messageCells: 1 },
  ]);
});

test('a run without failures has no reasons', () => {
  expect(listOf(answered(1, { model: 'a' }))).toEqual([]);
});
