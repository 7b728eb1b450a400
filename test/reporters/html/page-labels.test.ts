import { expect, test } from 'vitest';
import type { ClassFigures } from '../../../src/report.ts';
import { pageLabels } from '../../../src/reporters/html/page-labels.ts';

const label = (name: string, targets: number): ClassFigures => ({
  label: name,
  targets,
  answers: targets,
  right: 0,
  precision: 0,
  recall: 0,
  f1: 0,
});
const cell = (target: string, answer: string, count: number) => ({ target, answer, count });
const REPORT = { model: 'm', scorer: 'choice', macroF1: 0, unread: 0 };

test('keeps the matrix of few labels, and names what was taken for what', () => {
  const matrix = [cell('A', 'A', 5), cell('A', 'B', 1), cell('B', '', 2)];
  const page = pageLabels({ ...REPORT, classes: [label('A', 6), label('B', 2)], matrix });

  expect(page.matrix).toEqual(matrix);
  expect(page.mistakes).toEqual([cell('B', '', 2), cell('A', 'B', 1)]);
  expect(page.more).toBe(0);
});

test('keeps the most frequent of many labels in their order, and no matrix', () => {
  const names = Array.from({ length: 60 }, (_, index) => `label ${String(index).padStart(2, '0')}`);
  const page = pageLabels({ ...REPORT, classes: names.map((name, index) => label(name, index)), matrix: [] });

  expect(page.classes.map((one) => one.label)).toEqual(names.slice(10));
  expect(page.more).toBe(10);
  expect(page.matrix).toEqual([]);
});
