import { expect, test } from 'vitest';
import { createProgress, type ProgressOptions } from '../../src/progress/progress.ts';
import type { RunInfo } from '../../src/report.ts';
import { displayWidth } from '../../src/text/display-width.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { answered, failed } from '../helpers/results.ts';

const { run } = fixtureReport();

/** The progress of a run of so many samples, its clock, and what it wrote. */
function progressOf(options: Partial<ProgressOptions>, { samples = 1000, ids = ['m'], done = 0 } = {}) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const ticks = new Set<() => void>();
  const progress = createProgress({
    write: (text) => written.push(text),
    live: false,
    color: false,
    size: () => ({ width: 80, rows: 24 }),
    now: () => clock.ms,
    every(_ms, onTick) {
      ticks.add(onTick);
      return () => ticks.delete(onTick);
    },
    maxCostUsd: null,
    ...options,
  });
  const info: RunInfo = { ...run, dataset: { ...run.dataset, samples }, repeat: 1 };
  const load = () => ({ inFlight: 3, waiting: 0 });
  progress.listener.onStart?.(info, done, { models: ids.map((id) => ({ id, done, load })) });
  const tick = (ms: number) => {
    clock.ms = ms;
    for (const onTick of ticks) onTick();
  };
  return { ...progress, written, clock, ticks, tick };
}

/** What a terminal shows after it was sent these texts; it knows the sequences that are used. */
function screen(written: readonly string[]): readonly string[] {
  const rows: string[] = [''];
  let [row, column] = [0, 0];
  const set = (text: string) => {
    rows[row] = text;
  };
  for (const [token, up] of written.join('').matchAll(/\u001b\[(\d*)[A-Z]|[\r\n]|[^\r\n\u001b]+/gu)) {
    const before = [...(rows[row] ?? '')].slice(0, column).join('');
    if (token === '\r' || token === '\n') column = 0;
    if (token === '\n') row += 1;
    else if (token.endsWith('A') && up !== undefined) row -= Number(up);
    else if (token === '\u001b[K' || token === '\u001b[J') set(before);
    else if (token !== '\r') {
      set(before + token + [...(rows[row] ?? '')].slice(column + [...token].length).join(''));
      column += [...token].length;
    }
    if (token === '\u001b[J') rows.splice(row + 1);
  }
  return rows;
}

test('a log gets a line for each tenth of the run', () => {
  const { listener, written } = progressOf({}, { samples: 40 });

  for (let cell = 0; cell < 40; cell += 1) listener.onResult?.(answered(1));

  expect(written.map((line) => line.split(' ')[0])).toEqual(
    [4, 8, 12, 16, 20, 24, 28, 32, 36, 40].map((done) => `${done}/40`),
  );
});

test('a log gets a line each 30 s, also when nothing happens', () => {
  const { tick, written } = progressOf({});

  for (let second = 1; second <= 95; second += 1) tick(1000 * second);

  expect(written).toEqual(Array(3).fill('0/1,000 (0%) · in flight m 3\n'));
});

test('a log gets a line for a new long wait, and none for the next one of the same model', () => {
  const { listener, clock, written } = progressOf({});

  for (const [ms, expectedMs] of [
    [0, 2000],
    [0, null],
    [0, 6000],
    [6000, 6000],
    [7000, null],
  ] as const) {
    clock.ms = ms;
    listener.onWait?.('m', expectedMs);
  }

  expect(written).toEqual(['0/1,000 (0%) · in flight m 3 · m waits 6 s for its rate limit\n']);
});

test('a resumed run goes on where it was', () => {
  const { listener, written } = progressOf({}, { samples: 10, done: 5 });

  listener.onResult?.(answered(1));

  expect(written[0]).toMatch(/^6\/10 \(60%\)/u);
});

test('nothing is drawn for each result, whatever their number', () => {
  const { listener, written } = progressOf({ live: true }, { samples: 10_000 });

  for (let cell = 0; cell < 10_000; cell += 1) listener.onResult?.(answered(1));

  expect(written).toEqual([]);
});

test('a terminal shows the newest figures in the place of the earlier ones', () => {
  const { listener, tick, written } = progressOf({ live: true }, { ids: ['m', 'n'] });
  tick(200);
  listener.onResult?.(failed('timeout'));
  listener.onWait?.('n', 31_000);
  tick(2200);

  expect(screen(written)).toEqual([
    '1/2,000  0%  ······························  0.5/s',
    '1 failed (timeout 1)',
    '  m  1/1,000  3 in flight',
    '  n  0/1,000  3 in flight · rate limit 29 s',
  ]);
});

test('a model that waits for its rate limit is shown until it goes on', () => {
  const { listener, tick, written } = progressOf({ live: true });
  const waits = () => screen(written).join('\n').includes('rate limit');

  listener.onWait?.('m', 31_000);
  tick(200);
  const before = waits();
  listener.onWait?.('m', null);
  tick(400);

  expect([before, waits()]).toEqual([true, false]);
});

test('a model that is stopped is shown as such', () => {
  const { listener, tick, written } = progressOf({ live: true });

  listener.onLimit?.('m', { type: 'stop', kind: 'auth', reason: 'no key' });
  tick(200);

  expect(screen(written)).toContain('  m  0/1,000  stopped · 3 in flight');
});

test('a line that is printed stays above the figures', () => {
  const { print, tick, written } = progressOf({ live: true });
  tick(200);

  print('warning: the disk is nearly full');

  expect(screen(written)).toEqual([
    'warning: the disk is nearly full',
    '0/1,000  0%  ······························',
    '  m  0/1,000  3 in flight',
  ]);
});

test.each(['onEnd', 'close'] as const)('%s leaves nothing on the terminal and no timer', (how) => {
  const { listener, close, tick, ticks, written } = progressOf({ live: true });
  tick(200);

  if (how === 'onEnd') listener.onEnd?.(fixtureReport());
  else close();

  expect(screen(written)).toEqual(['']);
  expect(ticks.size).toBe(0);
});

test('a window that became narrower is cleared of lines that wrapped', () => {
  const size = { width: 100, rows: 24 };
  const { tick, written } = progressOf({ live: true, size: () => size }, { ids: ['m'.repeat(80)] });
  tick(200);

  size.width = 40;
  tick(400);

  // The two lines of 43 and 99 columns take two and three rows now.
  expect(written[1]).toMatch(/^\r\u001b\[4A/u);
});

test.each([undefined, 200, 80, 40, 12, 2])(
  'every line stays within %s columns, also with hostile names',
  (width = 80) => {
    const ids = ['音声'.repeat(30), '\u001b[2J\r\n'];
    const { listener, tick, written } = progressOf({ live: true, size: () => ({ width, rows: 24 }) }, { ids });
    for (const id of ids) listener.onWait?.(id, 5000);

    tick(200);

    for (const line of screen(written)) expect(displayWidth(line)).toBeLessThan(width);
    expect(written.join('')).not.toContain('\u001b[2J');
  },
);

test('colour is added only where it is wanted', () => {
  const shown = (color: boolean, live: boolean) => {
    const { listener, tick, written } = progressOf({ live, color });
    listener.onResult?.(failed('timeout'));
    tick(30_000);
    return written.join('');
  };

  expect(shown(true, true)).toContain('\u001b[31m1 failed (timeout 1)\u001b[0m');
  expect(shown(true, false)).toContain('\u001b[31m1 failed (timeout 1)\u001b[0m');
  expect(shown(false, true)).not.toMatch(/\u001b\[\d*m/u);
  expect(shown(false, false)).not.toContain('\u001b');
});
