import { expect, test } from 'vitest';
import { createRedaction } from '../../src/text/redaction.ts';

const KEY = 'sk-Key/with+5 signs';
const redaction = createRedaction([{ value: KEY, shown: '[K]' }]);

test.each([
  ['plain', `a ${KEY} b`, 'a [K] b'],
  ['in lower case, as hosts are', KEY.toLowerCase(), '[K]'],
  ['as JSON', JSON.stringify(KEY.replace('/', '\\/')), '"[K]"'],
  ['with one character escaped', KEY.replace('s', '\\u0073'), '[K]'],
  ['with one character percent-encoded', KEY.replace('K', '%4b'), '[K]'],
  ['as a member of a query', new URLSearchParams({ a: KEY }).toString(), 'a=[K]'],
  ['in hex', Buffer.from(KEY).toString('hex'), '[K]'],
])('hides a secret %s', (_, text, expected) => {
  expect(redaction.hide(text)).toBe(expected);
});

test.each(['C:\\new & 100% of \\u0041', 'a &amp; b', '%zz %', '\\', '&#99999999;'])('leaves %j as it is', (text) => {
  expect(redaction.hide(text)).toBe(text);
});

test('of a longer secret that begins with a shorter one nothing stays', () => {
  const two = createRedaction([
    { value: 'abcd', shown: '[A]' },
    { value: 'abcd-efgh', shown: '[B]' },
  ]);

  expect(two.hide('abcd-efgh abcd')).toBe('[B] [A]');
});

test('of a long secret nothing stays behind its first characters', () => {
  const token = `ey${'Ab3_'.repeat(500)}end`;

  expect(createRedaction([{ value: token, shown: '[T]' }]).hide(`token ${token.replace('b', '\\u0062')}, bad`)).toBe(
    'token [T], bad',
  );
});

test('hides texts and names of members, and copies only what changes', () => {
  const untouched = { a: ['b', 1, null, { c: true }] };

  const hidden = redaction.hideIn({ untouched, [KEY]: [KEY] });

  expect(hidden).toEqual({ untouched, '[K]': ['[K]'] });
  expect((hidden as { readonly untouched: unknown }).untouched).toBe(untouched);
  expect(redaction.hideIn(untouched)).toBe(untouched);
});

test('takes JSON of any depth', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(100_000)}"${KEY}"${']'.repeat(100_000)}`);

  expect(JSON.stringify(redaction.hideIn(deep))).not.toContain(KEY);
});

test('its JSON holds no secret', () => {
  expect(JSON.stringify(redaction)).toBe('{}');
});
