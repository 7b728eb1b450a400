/** Runs the shared reference values through the built package. */

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';

const path = '../shared/vectors/scorer-vectors.json';

test.skipIf(!existsSync(path))('matches every shared reference value (skipped where ../shared is absent)', () => {
  const printed = execFileSync(process.execPath, ['scripts/vectors.mjs', path], { encoding: 'utf8' });

  process.stdout.write(printed);
  expect(printed).toMatch(/^total (\d+)\/\1$/mu);
});
