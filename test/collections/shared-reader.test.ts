import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSharedReader } from '../../src/collections/shared-reader.ts';

async function* count(to: number) {
  for (let item = 0; item < to; item += 1) yield item;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

test('readers at the same pace share one pass over the source', async () => {
  let openings = 0;
  const shared = createSharedReader(
    () => {
      openings += 1;
      return count(50);
    },
    { maxKept: 4 },
  );
  const [a, b] = [shared.read(), shared.read()];

  const seen: (readonly [number | undefined, number | undefined])[] = [];
  for (let index = 0; index < 50; index += 1) {
    const [fromA, fromB] = await Promise.all([a.next(), b.next()]);
    seen.push([fromA.value ?? undefined, fromB.value ?? undefined]);
  }

  expect(seen).toEqual(Array.from({ length: 50 }, (_, item) => [item, item]));
  expect(openings).toBe(1);
});

test('a reader that falls far behind reads the source again and still sees every item once', async () => {
  let openings = 0;
  const shared = createSharedReader(
    () => {
      openings += 1;
      return count(100);
    },
    { maxKept: 4 },
  );
  const slow = shared.read();
  await slow.next();

  const fast = await all(shared.read());
  const rest = await all(slow);

  expect(fast).toHaveLength(100);
  expect(rest).toEqual(Array.from({ length: 99 }, (_, item) => item + 1));
  expect(openings).toBe(2);
});

test.each([0, 1, 63, 64, 65, 99])('a reader that is %i items behind shares the pass', async (lag) => {
  let openings = 0;
  const shared = createSharedReader(
    () => {
      openings += 1;
      return count(1000);
    },
    { maxKept: 100 },
  );
  const [ahead, behind] = [shared.read(), shared.read()];
  const seen: [number[], number[]] = [[], []];
  const take = async (who: 0 | 1) => {
    const { value } = await (who === 0 ? ahead : behind).next();
    if (typeof value === 'number') seen[who].push(value);
  };
  await take(1);

  for (let item = 0; item < 1000; item += 1) {
    await take(0);
    if (item > lag) await take(1);
  }
  for (let item = 0; item <= lag; item += 1) await take(1);

  expect(seen).toEqual([await all(count(1000)), await all(count(1000))]);
  expect(openings).toBe(1);
});

test('a reader that may wait shares the pass with one that is much slower', async () => {
  let openings = 0;
  const open = () => {
    openings += 1;
    return count(200);
  };
  const shared = createSharedReader(open, { maxKept: 4, maxWaitMs: 60_000 });
  const slowly = async () => {
    const seen: number[] = [];
    for await (const item of shared.read()) {
      seen.push(item);
      await setImmediate();
    }
    return seen;
  };

  const [slow, fast] = await Promise.all([slowly(), all(shared.read())]);

  expect(slow).toEqual(await all(count(200)));
  expect(fast).toEqual(slow);
  expect(openings).toBe(1);
});

test('a reader does not wait longer than it may for one that stands still, nor for one that has left', async () => {
  const shared = createSharedReader(() => count(100), { maxKept: 4, maxWaitMs: 1 });
  const [still, leaving] = [shared.read(), shared.read()];
  await Promise.all([still.next(), leaving.next()]);

  const fast = all(shared.read());
  await leaving.return(undefined);

  expect(await fast).toHaveLength(100);
  expect(await all(still)).toHaveLength(99);
});

test('every reader sees all items in order, however the readers take turns', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.nat({ max: 2 }), { maxLength: 150 }),
      async (items, length, turns) => {
        const shared = createSharedReader(() => count(items), { maxKept: length });
        const readers = [shared.read(), shared.read(), shared.read()];
        const seen: number[][] = [[], [], []];
        const take = async (who: number) => {
          const next = await readers[who]?.next();
          if (next !== undefined && next.done !== true) seen[who]?.push(next.value);
        };
        for (const who of turns) await take(who);
        for (const who of [0, 1, 2]) for (let more = 0; more <= items; more += 1) await take(who);
        const every = Array.from({ length: items }, (_, item) => item);
        expect(seen).toEqual([every, every, every]);
      },
    ),
  );
});

test('every reader throws where reading failed, even one that starts later', async () => {
  const shared = createSharedReader(async function* () {
    yield* count(3);
    throw new Error('disk');
  });
  const [first, second] = [shared.read(), shared.read()];

  await expect(all(first)).rejects.toThrow('disk');
  await expect(all(second)).rejects.toThrow('disk');
});

test('a slow reader throws at the failure, and does not end before it', async () => {
  const shared = createSharedReader(async function* () {
    yield* count(3);
    throw new Error('disk');
  });
  const [first, second] = [shared.read(), shared.read()];
  await second.next();

  await expect(all(first)).rejects.toThrow('disk');
  await expect(all(second)).rejects.toThrow('disk');
});

test('closes the source when all readers have left, and opens it again for a later one', async () => {
  let opened = 0;
  let closed = 0;
  const shared = createSharedReader(async function* () {
    opened += 1;
    try {
      yield* count(10);
    } finally {
      closed += 1;
    }
  });
  for await (const item of shared.read()) if (item === 3) break;
  expect([opened, closed]).toEqual([1, 1]);

  expect(await all(shared.read())).toEqual(await all(count(10)));
  expect([opened, closed]).toEqual([2, 2]);
});
