import { describe, expect, test } from 'vitest';
import { createScorer, targetCheck } from '../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };

async function value(answer: string, target: string | readonly string[], options: Record<string, unknown> = {}) {
  const score = await createScorer({ name: 'numeric', ...options }).score({
    ...{ answer, sample },
    target: typeof target === 'string' ? [target] : target,
  });
  return score.value;
}

describe('the picked number', () => {
  test.each([
    ['first 3, then 42', '42', 1],
    ['42, not 3', '42', 0],
    ['-42', '42', 0],
    ['Of the 100 people asked, the share is 20%.', '20', 1],
    ['28 + 32 = 60%', '32', 0],
    ['99 500', '12 500', 0],
  ])('of %j against %j is the last one, whatever follows it', async (answer, target, expected) => {
    expect(await value(answer, target)).toBe(expected);
  });

  test.each([
    [{ pick: 'first' }, 1],
    [{ pick: 'last' }, 0],
    [{ pick: 'any' }, 1],
    [{ pick: 'only' }, null],
  ])('is an option: %j', async (options, expected) => {
    expect(await value('3 of 5', '3', options)).toBe(expected);
  });
});

test('an answer without a number cannot be judged', async () => {
  expect(await value('I do not know', '42')).toBeNull();
  expect(await value('', '42')).toBeNull();
  expect(await value('at 10:45', '10')).toBeNull();
});

test('a target without a number is compared as text', async () => {
  expect(await value('Yes.', 'yes')).toBe(1);
  expect(await value('no', 'yes')).toBe(0);
  expect(await value('10:45', '10:45')).toBe(1);
  expect(await value('none', ['0', 'None'])).toBe(1);
  expect(await value('nil', ['0', 'None'])).toBe(0);
});

test.each([
  ['60%', '60', 1],
  ['60%', '0.6', 1],
  ['0.6', '60%', 1],
  ['60', '60 %', 1],
  ['60%', '6000', 0],
  ['5‰', '0.5%', 1],
  ['5‰', '5%', 0],
])('%j against %j is %d: shares are read as written and as shares', async (answer, target, expected) => {
  expect(await value(answer, target)).toBe(expected);
});

test.each([
  [{ relative: 0.05 }, '105', '100', 1],
  [{ relative: 0.05 }, '1.05', '1', 1],
  [{ relative: 0.05 }, '105.1', '100', 0],
  [{ relative: 0.05 }, '-95', '-100', 1],
  [{ relative: 0.05 }, '0.01', '0', 0],
  [{ absolute: 0.01 }, '0.01', '0', 1],
  [{ absolute: 0.1 }, '0.3', '0.2', 1],
  [{ absolute: 2, relative: 0.01 }, '102', '100', 1],
])('with %j %j against %j is %d: tolerances are inclusive', async (options, answer, target, expected) => {
  expect(await value(answer, target, options)).toBe(expected);
});

test('lists are compared number by number, in order', async () => {
  expect(await value('it is 1, 2 and 3', '1; 2; 3', { list: true })).toBe(1);
  expect(await value('it is 3, 2 and 1', '1; 2; 3', { list: true })).toBe(0);
  expect(await value('it is 1 and 2', '1; 2; 3', { list: true })).toBe(0);
});

test('a target with several numbers is a problem unless lists are compared', () => {
  expect(targetCheck({ name: 'numeric' })?.(['3 of 5'])).toEqual({
    message: 'scorer "numeric": the target "3 of 5" has several numbers; write one, or set list: true',
  });
  expect(targetCheck({ name: 'numeric' })?.(['5'])).toBeUndefined();
  expect(targetCheck({ name: 'numeric', list: true })?.(['3 of 5'])).toBeUndefined();
  expect(targetCheck({ name: 'numeric', target: '5' })).toBeUndefined();
});

test.each([
  ['−5', '-5', 'last', 1],
  ['½', '0.5', 'last', 1],
  ['十二', '12', 'last', 1],
  ['2³', '8', 'last', 1],
  ['5 some text', '5', 'only', 0],
  ['it is 42!', '42', 'last', 1],
  ['42abc', '42', 'last', 0],
  ['60%', '60', 'last', 0],
  ['the end', 'End', 'last', 1],
])('as Inspect matches it, %j against %j at %s is %d', async (answer, target, pick, expected) => {
  expect(await value(answer, target, { reference: 'inspect', pick })).toBe(expected);
});
