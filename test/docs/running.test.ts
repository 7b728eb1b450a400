import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { isRetriedOnResume } from '../../src/limits/retry.ts';
import { FAILURE_KINDS } from '../../src/result.ts';

const page = readFileSync(new URL('../../docs/running.md', import.meta.url), 'utf8');

test('the page has every exit code', () => {
  const codes = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));

  expect(codes).toEqual(Object.values(EXIT));
});

test('the page names every failure kind that a resumed run asks again', () => {
  const [, line = ''] = /failed for a reason that may pass: (.+);/.exec(page) ?? [];
  const kinds = [...line.matchAll(/`(\w+)`/g)].map(([, kind]) => kind);

  expect(kinds.sort()).toEqual(FAILURE_KINDS.filter(isRetriedOnResume).sort());
});
