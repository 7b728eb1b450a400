import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIdCheck, spreadsheetDamage } from '../../src/dataset/spreadsheet-ids.ts';
import type { Sample } from '../../src/types.ts';

const sample = (id: string, line: number): Sample => ({
  ...{ id, index: line, line, messages: [], turns: [], target: [], group: null, tags: [], metadata: {} },
});

describe('ids that a spreadsheet changes', () => {
  test.each([
    ['zeros', ['007', '0042', '-01', '00.5']],
    ['digits', ['1234567890123456', '99999999999999999999']],
    ['exponent', ['1e5', '12E3', '3.0e-7', '2E10']],
    ['date', ['1-2', '3/4', '2024-01-05', '05.11.2024', 'MARCH1', 'sept2', 'Dec-1', '1-Jan', '2 feb', '1/2/24']],
    ['time', ['1:30', '12:05:59']],
    ['decimals', ['1.10', '.50', '2.0']],
    ['sign', ['+5']],
  ])('%s', (kind, ids) => {
    expect(ids.map((id) => [id, spreadsheetDamage(id)?.kind])).toEqual(ids.map((id) => [id, kind]));
  });
});

test.each([
  ['1', '42', '0', '-7', '123456789012345', '1.5', '0.25', 's-007', 'a1e5', '1e5x', 'marble1', 'decade-2', '1-2-3-4'],
])('leaves ordinary ids alone', (...ids) => {
  expect(ids.filter((id) => spreadsheetDamage(id) !== null)).toEqual([]);
});

test('no id that begins with a letter and a hyphen is changed, as the hint says', () => {
  fc.assert(fc.property(fc.string(), (text) => spreadsheetDamage(`s-${text}`) === null));
});

test('every whole number with a zero before it is changed', () => {
  fc.assert(fc.property(fc.nat(), (number) => spreadsheetDamage(`0${number}`) !== null));
});

test('one warning for each kind, with the first id and how many follow', () => {
  const check = createIdCheck('m.csv');

  ['a', '01', '02', '1e5', '03'].forEach((id, index) => {
    check.look(sample(id, index + 2));
  });

  expect(check.warnings()).toEqual([
    'm.csv:3 id "01" loses its leading zeros in a spreadsheet (and 2 more) · put a letter before it, such as s-',
    'm.csv:5 id "1e5" becomes a number with an exponent in a spreadsheet · put a letter before it, such as s-',
  ]);
});
