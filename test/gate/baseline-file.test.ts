import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { BASELINE_FORMAT, type Baseline } from '../../src/gate/baseline.ts';
import { baselineLines, readBaseline } from '../../src/gate/baseline-file.ts';
import { workspace } from '../helpers/cli.ts';

function baselineOf(samples: Baseline['samples']): Baseline {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    head: {
      format: BASELINE_FORMAT,
      formatVersion: 1,
      name: 'n',
      createdAt: at,
      earsightVersion: '1',
      runs: [{ runId: 'r', createdAt: at, repeat: 1 }],
      dataset: { sha256: 'x', samples: samples.size },
      scorers: [{ name: 'exact' }],
      models: [{ id: 'm', provider: 'openai', model: 'any', settings: { url: 'u' }, served: [] }],
    },
    samples,
  };
}

const id = fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text) && text !== '__proto__');
const measure = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 100 }))
  .map(([count, percent]) => ({ total: (count * percent) / 100, count }));
const sample = fc.tuple(id, id, measure).map(([name, model, value]) => ({
  id: name,
  key: 'k',
  prompt: 'p',
  scorers: ['exact'],
  models: new Map([[model, { values: new Map([['score_all', value]]), answers: [name] }]]),
}));

test('reads what it wrote, whatever ids and answers hold', () => {
  using folder = workspace();
  const path = join(folder.directory, 'b.jsonl');
  const lists = fc.uniqueArray(sample, { selector: (one) => one.id, maxLength: 5 });
  fc.assert(
    fc.property(lists, (list) => {
      const baseline = baselineOf(new Map(list.map((one) => [one.id, one])));
      writeFileSync(path, [...baselineLines(baseline, true)].join(''));
      const read = readBaseline(path, 'b.jsonl');
      expect(read.head).toEqual(baseline.head);
      expect([...read.samples.keys()]).toEqual(list.map((one) => one.id));
      for (const one of list) expect(read.samples.get(one.id)?.models).toEqual(near(one.models));
    }),
    { numRuns: 50 },
  );
});

/** Totals are stored with twelve decimals. */
function near(models: (typeof sample extends fc.Arbitrary<infer S> ? S : never)['models']) {
  return new Map(
    [...models].map(([model, { values, answers }]) => [
      model,
      {
        answers,
        values: new Map(
          [...values].map(([name, { total, count }]) => [name, { total: expect.closeTo(total, 10), count }]),
        ),
      },
    ]),
  );
}

const head = JSON.stringify(baselineOf(new Map()).head).replace('"samples":0', '"samples":1');
const line = (score: string, id = 'a') =>
  `{"id":"${id}","key":"k","prompt":"p","scorers":[],"models":{"m":{"score_all":${score}}}}`;

test.each([
  ['', 'b.jsonl:1 is not a baseline'],
  ['id,prompt\n', 'b.jsonl:1 is not a baseline'],
  [`{"format":"${BASELINE_FORMAT}"`, 'b.jsonl:1 is not JSON'],
  [`${head}\n`, 'b.jsonl holds 0 samples instead of 1'],
  [`${head}\n${line('NaN')}\n`, 'b.jsonl:2 is not JSON'],
  [`${head}\n${line('1e999')}\n`, 'b.jsonl:2 is not a line of a baseline (see models.m.score_all)'],
  [`${head}\n${line('"1"')}\n`, 'b.jsonl:2 is not a line of a baseline (see models.m.score_all)'],
  [`${head}\n${line('[1,0]')}\n`, 'b.jsonl:2 is not a line of a baseline (see models.m.score_all.1)'],
  [`${head}\n${line('1.5')}\n`, 'b.jsonl:2 has the value 1.5 for score_all, which is not possible'],
  [`${head}\n${line('-0.5')}\n`, 'b.jsonl:2 has the value -0.5 for score_all, which is not possible'],
  [`${head}\n${line('1')}\n${line('1')}\n`, 'b.jsonl:3 has a sample that an earlier line has, too'],
  [
    `${head.replace('"formatVersion":1', '"formatVersion":9')}\n`,
    'b.jsonl:1 is not a line of a baseline (see formatVersion)',
  ],
])('rejects a broken file (row %#)', (text, message) => {
  using folder = workspace({ 'b.jsonl': text });

  expect(() => readBaseline(join(folder.directory, 'b.jsonl'), 'b.jsonl')).toThrow(InputError);
  expect(() => readBaseline(join(folder.directory, 'b.jsonl'), 'b.jsonl')).toThrow(message);
});

test('a missing file is named', () => {
  using folder = workspace();

  expect(() => readBaseline(join(folder.directory, 'no.jsonl'), 'no.jsonl')).toThrow('no.jsonl does not exist');
});
