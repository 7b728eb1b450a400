// A test of vitest that asserts on a run.
//   npx vitest run --root examples/api
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluate } from 'earsight';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'earsight-example-'));
const config = {
  dataset: 'manifest.csv',
  models: [{ id: 'reader', provider: 'local', model: 'ocr-tesseract' }],
};

describe('the reader', () => {
  /** @type {Map<string, import('earsight').Result>} */
  const results = new Map();
  /** @type {readonly import('earsight').SummaryRow[]} */
  let summary = [];

  beforeAll(async () => {
    for await (const event of evaluate({ config, cwd, out, sample: ['receipt', 'sign'] })) {
      if (event.type === 'result') results.set(event.result.sampleId, event.result);
      if (event.type === 'end') summary = event.report.summary;
    }
  }, 120_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  test('answers everything', () => {
    expect([...results.values()].map(({ status }) => status)).toEqual(['completed', 'completed']);
  });

  test('reads the price on the receipt', () => {
    expect(results.get('receipt')).toMatchObject({ answer: '8.30', scores: [{ scorer: 'numeric', value: 1 }] });
  });

  test('scores at least 90 %', () => {
    const score = summary.find(({ metric, slice }) => metric === 'score_all' && slice === 'all');
    expect(score?.value).toBeGreaterThanOrEqual(0.9);
  });
});
