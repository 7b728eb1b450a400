import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { parse } from 'junit2json';
import { expect, test } from 'vitest';
import type { RunReport } from '../../src/report.ts';
import { junitFiles } from '../helpers/junit-report.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { answered } from '../helpers/results.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  processEntities: true,
  htmlEntities: true,
});
const list = (value: unknown) => (Array.isArray(value) ? value : [value]) as readonly Record<string, unknown>[];

test('two parsers of others read the same suites and cases from hostile values', async () => {
  const text = (await junitFiles(fixtureReport())).get('junit.xml') ?? '';

  const first = list(parser.parse(text).testsuites.testsuite);
  const second = (await parse(text)) as {
    testsuite: readonly { name?: string; testcase?: readonly { name?: string }[] }[];
  };

  expect(XMLValidator.validate(text)).toBe(true);
  expect(first.map(({ name }) => name)).toEqual(fixtureReport().run.models.map(({ id }) => id));
  expect(second.testsuite.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
  const names = first.map((suite) => list(suite['testcase']).map(({ name }) => name));
  expect(second.testsuite.map(({ testcase = [] }) => testcase.map(({ name }) => name))).toEqual(names);
  expect(names.flat().length).toBeGreaterThan(10);
});

test('whatever an answer holds, the file is valid XML', async () => {
  const anything = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\u0000', '\u001b', '\ud800', '\ufffe', ']]>', '<', '&', '"', '\n', '😀'),
      fc.string({ unit: 'binary' }),
    ),
  });
  await fc.assert(
    fc.asyncProperty(anything, anything, async (answer, target) => {
      const cell = { ...answered(0, { sample: { target: [target] } }), status: 'completed' as const, answer };
      const base = fixtureReport();
      const report: RunReport = {
        ...base,
        run: { ...base.run, models: [{ id: 'm', provider: 'openai', model: 'm' }] },
        async *samples() {
          yield [cell as ReturnType<typeof answered>];
        },
      };
      expect(XMLValidator.validate((await junitFiles(report)).get('junit.xml') ?? '')).toBe(true);
    }),
    { numRuns: 100 },
  );
});
