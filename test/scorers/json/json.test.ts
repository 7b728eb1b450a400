import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createScorer, scorerProblems, targetCheck } from '../../../src/scorers/registry.ts';

const sample = { id: 's', metadata: {} };
const score = (options: object, answer: string, ...target: string[]) =>
  createScorer({ name: 'json', ...options }).score({ answer, target, sample });

test('every field has a figure under its path', async () => {
  const target = '{"total": 5, "lines": [{"name": "Tea", "price": 2.5}], "paid": true, "note": null}';
  const answer =
    '```json\n{"total": "5.00 EUR", "lines": [{"name": "tea", "price": 3}], "paid": true, "note": null}\n```';

  const { value, parts } = await score({ fields: { total: 'numeric' } }, answer, target);

  expect(parts).toEqual({ total: 1, 'lines.0.name': 1, 'lines.0.price': 0, paid: 1, note: 1 });
  expect(value).toBe(0.8);
});

test('a field has a scorer of its own, by a path with any member', async () => {
  const fields = { 'lines.*.price': { name: 'numeric', relative: 0.1 }, 'lines.*.name': 'f1' };
  const target = '{"lines": [{"name": "green tea", "price": 10}]}';

  const { parts } = await score({ fields }, '{"lines": [{"name": "tea", "price": 10.5}]}', target);

  expect(parts).toEqual({ 'lines.0.name': 2 / 3, 'lines.0.price': 1 });
});

test('fields that are missing or too many are wrong ones', async () => {
  expect(await score({}, '{"a": 1}', '{"a": 1, "b": 2}')).toMatchObject({ value: 0.5, parts: { a: 1, b: 0 } });
  expect(await score({ extra: 'count' }, '{"a": 1, "c": 2}', '{"a": 1}')).toMatchObject({ parts: { a: 1, c: 0 } });
  expect(await score({}, '{"a": []}', '{"a": {}}')).toMatchObject({ value: 0 });
});

describe('a schema', () => {
  const schema = { type: 'object', required: ['a'], properties: { a: { type: 'string', pattern: '^(x+)+$' } } };

  test('decides without a target, and says what is wrong', async () => {
    expect(await score({ schema }, '{"a": "xx"}')).toMatchObject({ value: 1 });
    expect(await score({ schema }, '{"b": 1}')).toMatchObject({
      ...{ value: 0, explanation: "the answer must have required property 'a'" },
    });
    expect(await score({ schema }, `{"a": "${'x'.repeat(50_000)}y"}`)).toMatchObject({ value: 0 });
  });

  test('of a newer draft is followed, too', async () => {
    const newer = { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'number' }] };

    expect(await score({ schema: newer }, '["a"]')).toMatchObject({ value: 0, explanation: '0 must be number' });
  });

  const folder = mkdtempSync(join(tmpdir(), 'schema-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('that cannot be used is named, with the line of its file', () => {
    const path = join(folder, 'schema.json');
    writeFileSync(path, '{\n  "type": object\n}');

    expect(scorerProblems({ name: 'json', schema: path })).toEqual([
      { message: expect.stringMatching(/^scorer "json": schema: schema\.json:2:11 /u) },
    ]);
    expect(scorerProblems({ name: 'json', schema: { type: 'objekt' } })).toEqual([
      { message: expect.stringContaining('scorer "json": schema: schema is invalid') },
    ]);
    expect(scorerProblems({ name: 'json', schema: join(folder, 'absent.json') })).toEqual([
      { message: 'scorer "json": schema: absent.json cannot be read: ENOENT' },
    ]);
  });
});

test('a scorer of a field that does not exist is a problem', () => {
  expect(scorerProblems({ name: 'json', fields: { a: 'exakt' } })).toEqual([
    { message: 'scorer "json": fields["a"]: unknown scorer "exakt"', hint: 'did you mean "exact"?' },
  ]);
});

test('a target that is not JSON is a problem, unless only the answer is checked', () => {
  expect(targetCheck({ name: 'json' })?.(['5 apples'])).toEqual({
    message: 'scorer "json": the target "5 apples" is not JSON',
  });
  expect(targetCheck({ name: 'json', check: 'valid' })?.(['5 apples'])).toBeUndefined();
});

test('what is nested too deeply is left alone', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);

  expect(await score({}, deep, '[]')).toMatchObject({ value: null, failed: true });
  expect(await score({ reference: 'autoevals' }, deep, deep)).toMatchObject({ value: null, failed: true });
});
