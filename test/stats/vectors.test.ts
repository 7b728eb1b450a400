/** Runs the shared reference values of the statistics through the built package, as `npm run vectors` does. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/vectors.mjs', import.meta.url));
const shared = '../shared/vectors/stats-vectors.json';

function run(file: string) {
  const { status, stdout } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

function runOn(content: unknown) {
  const file = join(mkdtempSync(join(tmpdir(), 'earsight-vectors-')), 'vectors.json');
  writeFileSync(file, JSON.stringify(content));
  return run(file);
}

describe.skipIf(!existsSync(shared))('shared reference values (skipped where ../shared is absent)', () => {
  test('every family is built and every case matches', () => {
    const families = JSON.parse(readFileSync(shared, 'utf8'));
    const counts = Object.entries<{ cases?: unknown[] }>(families)
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, { cases }]) => [name, cases?.length ?? 1] as const);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);

    const { status, lines } = run(shared);

    expect(lines).toEqual([...counts.map(([name, count]) => `${name} ${count}/${count}`), `total ${total}/${total}`]);
    expect(status).toBe(0);
    expect(total).toBeGreaterThan(40);
  });
});

test('a wrong reference value is a mismatch and exit code 1', () => {
  const { status, lines } = runOn({
    holm: {
      tolerance: 1e-12,
      cases: [
        { p: [0.01, 0.04], adjusted: [0.02, 0.05] },
        { p: [0.2], adjusted: [0.2] },
      ],
    },
  });

  expect(status).toBe(1);
  expect(lines[0]).toBe('holm 1/2');
  expect(lines[1]).toMatch(/^mismatch: holm: want .*0\.05.*, got .*0\.04/);
  expect(lines[2]).toBe('total 1/2');
});

test('a case of which nothing can be compared is a mismatch', () => {
  expect(runOn({ holm: { cases: [{ p: [0.2], otherName: [0.2] }] } })).toMatchObject({ status: 1 });
});

test('a family that is not built is named', () => {
  expect(runOn({ wilcoxon: { cases: [{ p: 1 }] } })).toEqual({
    status: 0,
    lines: ['total 0/0', 'not built: wilcoxon'],
  });
});
