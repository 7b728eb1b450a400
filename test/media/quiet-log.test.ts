import { expect, onTestFinished, test } from 'vitest';
import { decodeHeic } from '../../src/media/heic.ts';
import { createQuietLog } from '../../src/media/quiet-log.ts';
import { HEIC } from '../helpers/bombs.ts';
import { gate } from '../helpers/endpoint.ts';

/** A console, and what was printed on it. */
function recorder() {
  const lines: (readonly unknown[])[] = [];
  return { lines, log: (...items: readonly unknown[]) => void lines.push(items) };
}

test('lines that begin with one of the texts are left out, and others are printed', async () => {
  const target = recorder();

  const result = await createQuietLog(target)(['noise'], async () => {
    target.log('noise', 1);
    target.log('noise and more');
    return 7;
  });

  expect(result).toBe(7);
  expect(target.lines).toEqual([['noise and more']]);
});

test('what was there before is restored when the last of several has ended', async () => {
  const target = recorder();
  const { log } = target;
  const withoutLines = createQuietLog(target);
  const [first, second] = [gate(), gate()];
  const running = [first, second].map(({ opened }) => withoutLines(['noise'], () => opened));

  first.open();
  await running[0];
  target.log('noise');
  second.open();
  await running[1];

  expect(target.lines).toEqual([]);
  expect(target.log).toBe(log);
  await expect(withoutLines([], () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  expect(target.log).toBe(log);
});

test('a broken HEIC prints nothing', async () => {
  const { log } = console;
  const { lines, log: record } = recorder();
  onTestFinished(() => void Object.assign(console, { log }));
  Object.assign(console, { log: record });

  await expect(decodeHeic(HEIC.subarray(0, 500))).rejects.toThrow();
  await expect(decodeHeic(HEIC.subarray(0, 60))).rejects.toThrow();

  expect(lines).toEqual([]);
});
