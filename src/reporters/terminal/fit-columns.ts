/** Chooses the layout and the columns of the summary table that a terminal has room for. */

import { displayWidth } from '../../text/display-width.ts';
import { COLUMN_GAP } from '../../text/text-table.ts';

/** A column of which only the width of its cells matters here. */
export interface FittedColumn {
  /** Display width of its widest cell, with the head. */
  readonly width: number;
}

export interface Fit<Column> {
  readonly columns: readonly Column[];
  /** Names have lines of their own above the figures, which are indented. */
  readonly stacked: boolean;
  /** Columns of the drawing; 0 = there is none. */
  readonly drawing: number;
}

export interface FitOptions<Column> {
  readonly columns: readonly Column[];
  /** Display width of the longest name. */
  readonly nameWidth: number;
  readonly width: number;
  /** Columns that may go, the least important first. */
  readonly optional: readonly Column[];
  /** So many of them may go before names get lines of their own. */
  readonly optionalInline: number;
  /** There is something to draw. */
  readonly draws: boolean;
}

/** Before the figures of a model whose name has a line of its own. */
export const INDENT = '  ';

/** A longer name leaves too little of the line for the figures. */
const WIDEST_NAME_SHARE = 1 / 3;

const WIDEST_DRAWING = 24;
const NARROWEST_DRAWING = 10;

/**
 * Names are never cut to fit beside the figures: models often differ only at the ends of their names. The drawing is worth
 * more than the optional columns: it shows at one glance which models differ.
 */
export function fitColumns<Column extends FittedColumn>(options: FitOptions<Column>): Fit<Column> {
  const { columns, nameWidth, width, optional, optionalInline, draws } = options;
  const without = (count: number) => columns.filter((column) => !optional.slice(0, count).includes(column));
  const roomBeside = (kept: readonly Column[], stacked: boolean) =>
    width - kept.reduce((sum, column) => sum + column.width + COLUMN_GAP.length, stacked ? 0 : nameWidth);
  const inline = nameWidth > width * WIDEST_NAME_SHARE ? 0 : optionalInline + 1;
  const tries = [
    ...Array.from({ length: inline }, (_, count) => ({ count, stacked: false })),
    ...Array.from({ length: optional.length + 1 }, (_, count) => ({ count, stacked: true })),
  ];
  for (const needed of draws ? [NARROWEST_DRAWING + COLUMN_GAP.length, 0] : [0])
    for (const { count, stacked } of tries) {
      const kept = without(count);
      const room = roomBeside(kept, stacked);
      if (room < needed) continue;
      return { columns: kept, stacked, drawing: needed === 0 ? 0 : Math.min(WIDEST_DRAWING, room - COLUMN_GAP.length) };
    }
  return { columns: without(optional.length), stacked: true, drawing: 0 };
}

/** Display width of the widest text. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0);
}
