import { expect, test } from 'vitest';
import { isRunFileName } from '../../src/journal/run-files.ts';
import type { Reporter } from '../../src/report.ts';
import { REPORTERS } from '../../src/reporters/registry.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';

test.each(Object.entries<Reporter>(REPORTERS))(
  'every file of the reporter %s is known as one of a run',
  (_, reporter) => {
    const names = reporter.files(fixtureReport()).map(({ name }) => name);

    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !isRunFileName(name))).toEqual([]);
  },
);

test.each([
  ['run.json', true],
  ['run.lock', true],
  ['journal.jsonl', true],
  ['journal.0001.jsonl', true],
  ['journal.12345.jsonl.gz', true],
  ['journal.damaged', true],
  ['Results.CSV', true],
  ['journal.txt', false],
  ['trace.jsonl', false],
  ['manifest.csv', false],
])('%s is a file of a run: %s', (name, isOne) => {
  expect(isRunFileName(name)).toBe(isOne);
});
