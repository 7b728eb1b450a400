import { expect, test } from 'vitest';
import { createRefusalCause } from '../../src/limits/refusal-cause.ts';

/** Requests that are sent one after another, and what becomes of them. */
function setup() {
  let now = 0;
  const cause = createRefusalCause();
  const pause = (ms: number) => {
    now += ms;
    return now;
  };
  return {
    cause,
    pause,
    answers(count: number, perSecond: number) {
      for (let index = 0; index < count; index += 1) cause.onAnswer(pause(1000 / perSecond));
    },
    /** At a rate per second. Returns whether refusals follow from it. */
    refusal(perSecond: number): boolean {
      cause.onRefusal(perSecond / 1000, pause(1));
      return cause.verdict() === 'rate';
    },
    further(count: number): boolean {
      for (let index = 0; index < count; index += 1) cause.onFurtherRefusal(pause(1));
      return cause.verdict() === 'rate';
    },
  };
}

type Flow = ReturnType<typeof setup>;

/** 24 answers at 60 a second after a first refusal, and a refusal at a slower rate. */
function startTrial({ answers, refusal }: Flow): boolean {
  refusal(Number.POSITIVE_INFINITY);
  answers(24, 60);
  return refusal(40);
}

/** Answers at that pace again, 50 a second being faster than the 40 that a refusal came at. */
function showChance(flow: Flow): void {
  startTrial(flow);
  flow.answers(40, 55);
}

test('a refusal follows from the rate unless it came far below a pace that was granted', () => {
  const { answers, refusal } = setup();
  expect(refusal(Number.POSITIVE_INFINITY)).toBe(true);
  answers(24, 60);
  expect(refusal(56)).toBe(true);
  answers(24, 50);
  expect(refusal(54)).toBe(false);
});

test('answers before the first refusal may have been savings, and show no pace', () => {
  const { answers, refusal } = setup();
  answers(1000, 500);
  expect(refusal(500)).toBe(true);
  answers(24, 60);
  expect(refusal(60)).toBe(true);
  answers(24, 60);
  expect(refusal(56)).toBe(true);
});

test('pauses belong to the pace: a quota fills up in them', () => {
  const { answers, refusal, pause } = setup();
  refusal(Number.POSITIVE_INFINITY);
  pause(1000);
  answers(24, 60);
  expect(refusal(40)).toBe(true);
});

test.each([
  ['fewer than 16 answers show no pace', 15, true],
  ['16 do', 16, false],
])('%s, however many refusals came between them', (_, count, followsFromRate) => {
  const { answers, refusal } = setup();
  refusal(Number.POSITIVE_INFINITY);
  answers(8, 100);
  expect(refusal(100)).toBe(true);
  answers(count - 8, 100);
  expect(refusal(20)).toBe(followsFromRate);
});

test('refusals have nothing to do with the rate when a faster pace than theirs comes back', () => {
  const flow = setup();
  showChance(flow);
  // So many that a trial would be over.
  const verdicts = Array.from({ length: 20 }, () => {
    flow.answers(11, 20);
    return flow.refusal(55);
  });
  expect(verdicts).toEqual(verdicts.map(() => false));
});

test('a trial whose pace stays below ends, and what it showed is what is granted', () => {
  const flow = setup();
  startTrial(flow);
  flow.answers(100, 45);
  expect(flow.refusal(60)).toBe(false);
  flow.answers(28, 45);
  expect(flow.refusal(60)).toBe(true);
  expect(flow.cause.granted()).toBeCloseTo(0.045, 3);
  expect(flow.refusal(42)).toBe(true);
  expect(flow.refusal(40)).toBe(false);
});

test('a trial ends at once when many are refused: the quota was lowered', () => {
  const flow = setup();
  startTrial(flow);
  flow.answers(8, 20);
  expect(flow.further(6)).toBe(false);
  expect(flow.further(1)).toBe(true);
  expect(flow.cause.granted()).toBeCloseTo(0.02);
});

test('after such a trial there is no other before the rate is half of what it showed', () => {
  const flow = setup();
  startTrial(flow);
  flow.answers(8, 20);
  flow.further(7);
  expect(flow.refusal(12)).toBe(true);
  expect(flow.refusal(10)).toBe(false);
});

test('a trial in which hardly anything was answered halves what is taken for granted', () => {
  const flow = setup();
  startTrial(flow);
  const before = flow.cause.granted();
  flow.answers(7, 20);
  flow.further(7);
  expect(flow.cause.granted()).toBe(before / 2);
});

test('refusals that get many are heeded again', () => {
  const flow = setup();
  showChance(flow);
  expect(flow.refusal(55)).toBe(false);
  expect(flow.further(11)).toBe(false);
  expect(flow.further(3)).toBe(true);
});

test('replies to what was sent before a trial say nothing of it', () => {
  const flow = setup();
  startTrial(flow);
  for (let index = 0; index < 50; index += 1) flow.cause.onFurtherRefusal(0);
  expect(flow.cause.verdict()).toBe('trial');
  for (let index = 0; index < 200; index += 1) flow.cause.onAnswer(0);
  expect(flow.refusal(60)).toBe(false);
});
