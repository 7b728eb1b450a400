import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampleCursor, type OpenPass } from '../../../src/queue/worker/sample-cursor.ts';
import type { Sample } from '../../../src/types.ts';
import { gate } from '../../helpers/endpoint.ts';

/** A manifest whose reader takes in some rows ahead, as `readManifest` does, and drops rows that are broken. */
function manifest(rows: number, ahead: number, broken: ReadonlySet<number> = new Set()) {
  let passes = 0;
  const taken: number[] = [];
  const open: OpenPass = async function* (isWanted) {
    passes += 1;
    const waiting: number[] = [];
    for (let index = 0; index < rows; index += 1) {
      if (!isWanted(index)) continue;
      taken.push(index);
      if (!broken.has(index)) waiting.push(index);
      if (waiting.length > ahead) yield sampleOf(waiting.shift() ?? 0);
    }
    for (const index of waiting) yield sampleOf(index);
  };
  return { open, taken, passes: () => passes };
}

const sampleOf = (index: number) => ({ index, id: `s${index}` }) as Sample;

test('chunks in any order give the samples that were asked for, whatever is read ahead', async () => {
  const chunks = fc.array(fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.nat(9), async (asked, ahead) => {
      const cursor = createSampleCursor(manifest(41, ahead).open, 'm.csv');
      const got = await Promise.all(asked.map((chunk) => cursor.get(chunk.toSorted((a, b) => a - b))));
      expect(got.map((samples) => samples.map(({ index }) => index))).toEqual(
        asked.map((chunk) => chunk.toSorted((a, b) => a - b)),
      );
    }),
  );
});

test('chunks in order are found in one pass, and rows of other workers are not read', async () => {
  const { open, taken, passes } = manifest(1000, 0);
  const cursor = createSampleCursor(open, 'm.csv');
  for (const first of [0, 200, 900]) await cursor.get([first, first + 1]);
  expect(passes()).toBe(1);
  expect(taken).toEqual([0, 1, 200, 201, 900, 901]);
});

test('a chunk of a worker that died starts another pass', async () => {
  const { open, passes } = manifest(100, 0);
  const cursor = createSampleCursor(open, 'm.csv');
  await cursor.get([50]);
  expect((await cursor.get([3])).map(({ id }) => id)).toEqual(['s3']);
  expect(passes()).toBe(2);
});

test('a row that the manifest lacks, or that cannot be sent, is an error; the others are found', async () => {
  const cursor = createSampleCursor(manifest(10, 3, new Set([4])).open, 'm.csv');
  const [late, broken, good] = await Promise.allSettled([cursor.get([12]), cursor.get([4]), cursor.get([5])]);
  expect(good.status).toBe('fulfilled');
  for (const end of [late, broken])
    expect(end).toMatchObject({ reason: { message: expect.stringContaining('m.csv') } });
  expect((await cursor.get([4, 5]).catch((error) => error)).message).toContain('has no row 5');
});

test('a row that is asked for while a pass is ended early is found by the next one', async () => {
  const ending = gate();
  const ended = gate();
  const { open } = manifest(100, 0);
  const slowToEnd: OpenPass = async function* (isWanted) {
    try {
      yield* open(isWanted);
    } finally {
      ending.open();
      await ended.opened;
    }
  };
  const cursor = createSampleCursor(slowToEnd, 'm.csv');
  await cursor.get([50]);
  const earlier = cursor.get([3]);
  await ending.opened;
  const later = cursor.get([70]);
  ended.open();

  expect((await Promise.all([earlier, later])).flat().map(({ index }) => index)).toEqual([3, 70]);
});

test('closes a manifest that is not read to its end', async () => {
  let isOpen = false;
  const open: OpenPass = async function* (isWanted) {
    isOpen = true;
    try {
      for (let index = 0; index < 9; index += 1) if (isWanted(index)) yield sampleOf(index);
    } finally {
      isOpen = false;
    }
  };
  const cursor = createSampleCursor(open, 'm.csv');
  await cursor.get([1, 2]);
  expect(isOpen).toBe(true);
  await cursor.close();
  expect(isOpen).toBe(false);
});
