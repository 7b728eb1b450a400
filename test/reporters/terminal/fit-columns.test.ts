import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitColumns } from '../../../src/reporters/terminal/fit-columns.ts';

const column = (width: number) => ({ width });

test('keeps every column and the drawing where there is room', () => {
  const columns = [column(7), column(6)];

  expect(fitColumns({ columns, nameWidth: 10, width: 80, optional: columns, optionalInline: 2, draws: true })).toEqual({
    columns,
    stacked: false,
    drawing: 24,
  });
});

test('drops the least important columns before the drawing', () => {
  const [first, second] = [column(7), column(20)];

  expect(
    fitColumns({
      columns: [first, second],
      nameWidth: 10,
      width: 40,
      optional: [second],
      optionalInline: 1,
      draws: true,
    }),
  ).toEqual({ columns: [first], stacked: false, drawing: 19 });
});

test('gives names lines of their own when they take more than a third of the width', () => {
  const columns = [column(7)];
  const isStacked = (nameWidth: number) =>
    fitColumns({ columns, nameWidth, width: 60, optional: [], optionalInline: 0, draws: true }).stacked;

  expect([isStacked(20), isStacked(21)]).toEqual([false, true]);
});

test('without anything to draw, figures that fit are all kept', () => {
  const columns = [column(30), column(20)];

  expect(fitColumns({ columns, nameWidth: 5, width: 60, optional: columns, optionalInline: 2, draws: false })).toEqual({
    columns,
    stacked: false,
    drawing: 0,
  });
});

test('never exceeds the width while a column may still go', () => {
  const widths = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(
      widths,
      fc.nat(80),
      fc.integer({ min: 20, max: 160 }),
      fc.boolean(),
      (list, nameWidth, width, draws) => {
        const columns = list.map(column);
        const fit = fitColumns({ columns, nameWidth, width, optional: columns, optionalInline: columns.length, draws });
        const figures = fit.columns.reduce((sum, { width: cell }) => sum + cell + 2, 0);
        const drawing = fit.drawing === 0 ? 0 : fit.drawing + 2;
        expect(figures + drawing + (fit.stacked ? 0 : nameWidth)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
