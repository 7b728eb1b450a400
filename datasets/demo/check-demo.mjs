// Holds a demo run against the figures that do not depend on the machine: node datasets/demo/check-demo.mjs DIR [--write]
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

const [directory, flag] = process.argv.slice(2);
const EXPECTED = new URL('expected.json', import.meta.url);
const table = (name) => parse(readFileSync(join(directory, name)), { columns: true });

/** Recognition is deterministic; times are not. */
const STEADY =
  /^(score|completed|failed|skipped|refused|truncated|filtered|unparsed|unscored|prompt_tokens|completion_tokens|total_tokens)/;
const figures = Object.fromEntries(
  table('summary.csv')
    .filter(({ slice, metric }) => slice === 'all' && STEADY.test(metric))
    .map(({ model, metric, n, value }) => [
      `${model} ${metric}`,
      { n: Number(n), value: value === '' ? null : Number(value) },
    ]),
);
const answers = table('results.csv').map(({ sample_id, model, status, answer }) => [sample_id, model, status, answer]);
figures['all answers'] = {
  n: answers.length,
  value: createHash('sha256').update(JSON.stringify(answers)).digest('hex'),
};

if (flag === '--write') {
  writeFileSync(EXPECTED, `${JSON.stringify(figures, null, 2)}\n`);
} else {
  const expected = JSON.parse(readFileSync(EXPECTED, 'utf8'));
  const names = [...new Set([...Object.keys(expected), ...Object.keys(figures)])];
  const same = (a, b) => (typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) < 1e-9 : a === b);
  const wrong = names.filter(
    (name) => expected[name]?.n !== figures[name]?.n || !same(expected[name]?.value, figures[name]?.value),
  );
  for (const name of wrong)
    console.log(`${name}: expected ${JSON.stringify(expected[name])}, got ${JSON.stringify(figures[name])}`);
  console.log(`${names.length - wrong.length} of ${names.length} demo figures as expected`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
