import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/report.ts';
import { csv } from '../../src/reporters/csv.ts';
import { csvTable } from '../../src/reporters/csv-table.ts';
import { unguard } from '../../src/reporters/formula-guard.ts';
import { FIXTURE_RESULTS, fixtureReport } from '../helpers/report-fixture.ts';

async function written(name: string, report: RunReport = fixtureReport()): Promise<string> {
  const file = csv.files(report).find((one) => one.name === name);
  let text = '';
  for await (const chunk of file?.content ?? []) text += chunk;
  return text;
}

type Row = Readonly<Record<string, string>>;
const rows = (text: string): readonly Row[] => parse(text, { columns: true });
const header = (text: string): readonly string[] => parse(text, { toLine: 1 })[0] ?? [];

describe('every file', () => {
  test.each(['results.csv', 'compare.csv', 'turns.csv', 'summary.csv', 'datapackage.json'])(
    '%s equals its golden file',
    async (name) => {
      await expect(await written(name)).toMatchFileSnapshot(`../golden/hostile-${name}`);
    },
  );

  test.each(['results.csv', 'compare.csv', 'turns.csv', 'summary.csv'])(
    '%s has no byte-order mark and ends its lines with LF',
    async (name) => {
      const text = await written(name);

      expect(text.charCodeAt(0)).not.toBe(0xfeff);
      expect(text.endsWith('\n')).toBe(true);
      expect(text.endsWith('\r\n')).toBe(false);
    },
  );

  test('can be read twice: a second reading starts anew', async () => {
    const [file] = csv.files(fixtureReport());
    const read = async () => {
      let text = '';
      for await (const chunk of file?.content ?? []) text += chunk;
      return text;
    };

    expect(await read()).toBe(await read());
  });
});

describe('turns.csv', () => {
  test('has the documented columns, and rows only for conversations', async () => {
    const text = await written('turns.csv');

    expect(header(text).join(', ')).toBe(
      'sample_id, model, repeat, turn, answer, target, score, finish_reason, latency_ms, prompt_tokens, ' +
        'completion_tokens, cost_usd',
    );
    expect(new Set(rows(text).map((row) => row['sample_id']))).toEqual(new Set(['turns-1']));
  });

  test('is neither written nor described for a manifest without turns', async () => {
    const report = { ...fixtureReport(), hasTurns: false };

    expect(csv.files(report).map(({ name }) => name)).not.toContain('turns.csv');
    expect(await written('datapackage.json', report)).not.toContain('turns.csv');
  });
});

describe('results.csv', () => {
  test('has the documented columns in the documented order', async () => {
    expect(header(await written('results.csv')).join(', ')).toBe(
      'run_id, sample_id, model, repeat, status, failure_kind, failure_message, answer, target, finish_reason, outcome, score, ' +
        'score.exact, score.wer, latency_ms, first_token_ms, rtfx, queue_ms, retry_wait_ms, attempts, prompt_tokens, ' +
        'completion_tokens, total_tokens, cached_tokens, reasoning_tokens, image_tokens, audio_tokens, audio_seconds, spoken_seconds, tokens_source, ' +
        'cost_usd, served_model, request_id, started_at, images, audio, prompt, meta.__proto__x, meta.lang, meta.note',
    );
  });

  test('gives every text back unchanged', async () => {
    const read = rows(await written('results.csv'));

    expect(read.map((row) => unguard(row['answer'] ?? ''))).toEqual(
      FIXTURE_RESULTS.map((result) => (result.status === 'completed' ? result.answer : '')),
    );
    expect(read.map((row) => unguard(row['prompt'] ?? ''))).toEqual(FIXTURE_RESULTS.map(({ sample }) => sample.prompt));
    expect(read.map((row) => unguard(row['sample_id'] ?? ''))).toEqual(FIXTURE_RESULTS.map(({ sampleId }) => sampleId));
    expect(read.map((row) => unguard(row['model'] ?? ''))).toEqual(FIXTURE_RESULTS.map(({ modelId }) => modelId));
  });

  test('leaves missing values empty and keeps a measured 0', async () => {
    const read = rows(await written('results.csv'));
    const skipped = read.find(({ status }) => status === 'skipped');
    const first = read[0];

    expect(skipped).toMatchObject({
      ...{ failure_kind: 'unsupported', answer: '', score: '', latency_ms: '', queue_ms: '', retry_wait_ms: '' },
      ...{ attempts: '0', prompt_tokens: '', cost_usd: '', started_at: '', tokens_source: '', outcome: '' },
    });
    expect(first).toMatchObject({ queue_ms: '0', retry_wait_ms: '0', cached_tokens: '0', reasoning_tokens: '' });
  });

  test('writes milliseconds to a tenth, money without noise or exponent, scores unrounded', async () => {
    const read = rows(await written('results.csv'));

    expect(read[0]).toMatchObject({ latency_ms: '621.3', cost_usd: '0.3', 'score.wer': '0.6666666666666666' });
    expect(read[3]).toMatchObject({ cost_usd: '0.0000001' });
    expect(read[7]).toMatchObject({ 'score.exact': '0.30000000000000004', 'score.wer': '1e-7' });
    expect(read[12]).toMatchObject({ prompt_tokens: '9007199254740991' });
    expect(read[13]).toMatchObject({ cost_usd: '1234567.891' });
  });

  test('never shows partial text before a failure as an answer', async () => {
    const filtered = rows(await written('results.csv')).find((row) => row['failure_kind'] === 'content_filter');

    expect(filtered).toMatchObject({ status: 'failed', outcome: 'filtered', answer: '', request_id: 'req-of-failure' });
  });

  test('shows media of a manifest as it wrote them and embedded ones without bytes', async () => {
    const read = rows(await written('results.csv'));

    expect(read[0]).toMatchObject({ images: 'img/a.png|img/b\\|c.png', audio: '' });
    expect(read[6]).toMatchObject({ audio: `data:audio/wav;sha256=${'0f'.repeat(32)}` });
  });

  test('shows one target as it is and several as a JSON list', async () => {
    const read = rows(await written('results.csv'));

    expect(read[0]?.['target']).toBe('42');
    expect(JSON.parse(read[6]?.['target'] ?? '')).toEqual(['"quoted", with comma', "'=already guarded", 'line\nbreak']);
    expect(read.at(-1)?.['target']).toBe('[1, 2]');
  });
});

describe('compare.csv', () => {
  test('has the sample, then the same seven columns for each model in configuration order', async () => {
    const seven = ['answer', 'score', 'latency_ms', 'prompt_tokens', 'completion_tokens', 'cost_usd', 'failure_kind'];
    expect(header(await written('compare.csv')).map(unguard)).toEqual([
      ...['sample_id', 'prompt', 'images', 'audio', 'target', 'meta.__proto__x', 'meta.lang', 'meta.note'],
      ...fixtureReport().run.models.flatMap(({ id }) => seven.map((name) => `${id}.${name}`)),
    ]);
  });

  test('averages repeats over the measured ones', async () => {
    const [plain, formula] = rows(await written('compare.csv'));

    expect(plain).toMatchObject({
      ...{ 'phi-4-mm.answer': '42', 'phi-4-mm.latency_ms': '671.3', 'phi-4-mm.cost_usd': '0.3' },
      'phi-4-mm.score': String((1 + 2 / 3) / 2 / 2),
    });
    expect(formula).toMatchObject({ 'phi-4-mm.prompt_tokens': '834', 'phi-4-mm.failure_kind': 'timeout' });
  });

  test('shows the first completed answer and each kind of failure', async () => {
    const [, formula, , turns] = rows(await written('compare.csv'));

    expect(formula?.['phi-4-mm.answer']).toBe('bare\rreturn and "quotes", commas\nand\r\nlines');
    expect(turns).toMatchObject({ 'gpt-4o@terse.answer': '', 'gpt-4o@terse.failure_kind': 'rate_limit|server' });
    expect(turns).toMatchObject({ 'phi-4-mm.answer': 'red', 'phi-4-mm.prompt_tokens': '1251' });
  });

  test('leaves a model empty that was never asked', async () => {
    const report: RunReport = {
      ...fixtureReport(),
      async *samples() {
        yield FIXTURE_RESULTS.slice(0, 1);
      },
    };

    expect(rows(await written('compare.csv', report))[0]).toMatchObject({
      ...{ 'gpt-4o@terse.answer': '', 'gpt-4o@terse.score': '', 'gpt-4o@terse.failure_kind': '' },
    });
  });

  test('skips a sample without results', async () => {
    const report: RunReport = {
      ...fixtureReport(),
      async *samples() {
        yield [];
      },
    };

    expect(rows(await written('compare.csv', report))).toEqual([]);
  });
});

describe('summary.csv', () => {
  test('has the documented columns and rounds by the metric', async () => {
    const text = await written('summary.csv');
    const figure = (metric: string) => rows(text).find((row) => row['metric'] === metric);

    expect(header(text).join(', ')).toBe('model, slice, metric, n, value, ci_low, ci_high, ci_method, missing');
    expect(figure('latency_ms_p95')).toMatchObject({ value: '721.2', ci_low: '621.3', ci_high: '' });
    expect(figure('cost_usd_mean')).toMatchObject({ value: '0.3', ci_low: '-0.1', ci_high: '0.7' });
    expect(figure('score.wer')).toMatchObject({ value: '0.5416666666666666' });
    expect(figure('completion_tokens_mean')).toMatchObject({ value: '12.5', ci_low: '' });
  });
});

describe('datapackage.json', () => {
  test('describes every column of every table in order', async () => {
    const { resources } = JSON.parse(await written('datapackage.json'));

    for (const { path, schema } of resources)
      expect(schema.fields.map(({ name }: { name: string }) => name)).toEqual(header(await written(path)).map(unguard));
  });

  test('names the rule that undoes the formula guard', async () => {
    const { earsight } = JSON.parse(await written('datapackage.json'));

    expect(new RegExp(earsight.formulaGuard.pattern, 'u').test('=1+1')).toBe(true);
  });
});

describe('the table writer', () => {
  const column = { name: 'text', type: 'string', description: '', cell: (text: string) => text } as const;

  test('round-trips any text through a CSV reader', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), async (texts) => {
        let written = '';
        for await (const chunk of csvTable([column, { ...column, name: 'again' }], texts)) written += chunk;
        const read: readonly (readonly string[])[] = parse(written, { fromLine: 1 });
        expect(read.slice(1).map((cells) => cells.map(unguard))).toEqual(texts.map((text) => [text, text]));
      }),
    );
  });

  test('hands rows on in chunks', async () => {
    const texts = Array.from({ length: 1000 }, () => 'x'.repeat(1000));
    const chunks: string[] = [];
    for await (const chunk of csvTable([column], texts)) chunks.push(chunk);

    expect(chunks.length).toBeGreaterThan(10);
    expect(chunks.join('')).toBe(`text\n${texts.map((text) => `${text}\n`).join('')}`);
  });

  test('writes a number that is none as missing', async () => {
    const number = { name: 'n', type: 'number', description: '', cell: (n: number) => n } as const;
    const chunks: string[] = [];
    for await (const chunk of csvTable([number, { ...number, name: 'm' }], [Number.NaN, Infinity, -0]))
      chunks.push(chunk);

    expect(chunks.join('')).toBe('n,m\n,\n,\n0,0\n');
  });
});
