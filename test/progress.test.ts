import { expect, test } from 'vitest';
import { createProgress } from '../src/progress.ts';
import type { RunInfo } from '../src/report.ts';
import { displayWidth } from '../src/text/display-width.ts';
import { fixtureReport } from './helpers/report-fixture.ts';
import { answered } from './helpers/results.ts';

const RUN: RunInfo = { ...fixtureReport().run, dataset: { path: 'm.csv', sha256: '', samples: 1000 }, repeat: 1 };

/** A status line, its clock, and what it wrote. */
function status(live: boolean, width?: number) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const progress = createProgress({
    write: (text) => written.push(text),
    live,
    now: () => clock.ms,
    width: () => width,
  });
  progress.onStart?.(RUN, 0);
  return { progress, written, clock };
}

test('a model that waits for its rate limit is shown until it goes on', () => {
  const { progress, written, clock } = status(true);

  progress.onWait?.('m2', 31_000);
  clock.ms = 1000;
  progress.onResult?.(answered(1));
  progress.onWait?.('m2', null);

  expect(written.map((text) => text.includes('m2 waits 31 s for its rate limit'))).toEqual([true, false, false]);
  expect(written[1]).toContain('m2 waits 30 s for its rate limit');
});

test('a log gets a line for a new long wait, and then one every 30 s', () => {
  const { progress, written, clock } = status(false);

  for (const [ms, expectedMs] of [
    [0, 2000],
    [0, null],
    [0, 6000],
    [6000, 6000],
    [31_000, 6000],
    [32_000, null],
  ] as const) {
    clock.ms = ms;
    progress.onWait?.('m', expectedMs);
  }

  expect(written.map((text) => text.slice(-31))).toEqual(Array(2).fill('m waits 6 s for its rate limit\n'));
});

test.each([undefined, 200, 80, 40, 12, 2])('the line stays within %s columns, also with hostile names', (width) => {
  const { progress, written } = status(true, width);

  for (const id of ['音声'.repeat(30), '\u001b[2J\r\n']) progress.onWait?.(id, 5000);

  for (const text of written) {
    const shown = text.replace('\r\u001b[2K', '');
    expect(displayWidth(shown)).toBeLessThan(width ?? 80);
    expect(shown).not.toContain('\u001b');
  }
});
