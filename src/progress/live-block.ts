/** Lines at the bottom of a terminal that are drawn again in place. */

import { displayWidth, fitWidth } from '../text/display-width.ts';

export interface LiveBlock {
  /** Replaces the lines. Each is cut to the width of the terminal. */
  draw(lines: readonly string[]): void;
  /** Removes the lines; what is written next takes their place. */
  erase(): void;
}

export interface LiveBlockOptions {
  readonly write: (text: string) => void;
  /** Columns of the terminal, which may change. */
  readonly width: () => number;
  /** Adds colour to a line that was cut; it must not change what the line shows. */
  readonly paint: (line: string) => string;
}

/** ECMA-48: cursor up, erase to the end of the line, erase to the end of the screen. */
const up = (rows: number) => (rows === 0 ? '' : `\u001b[${rows}A`);
const END_OF_LINE = '\u001b[K';
const END_OF_SCREEN = '\u001b[J';

export function createLiveBlock({ write, width, paint }: LiveBlockOptions): LiveBlock {
  /** Columns of each line on the screen; the cursor is at the end of the last one. */
  let drawn: readonly number[] = [];
  /** To the start of the first line. Terminals wrap lines that are longer than a window that became narrower. */
  const toStart = () => {
    const columns = width();
    const rows = drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0);
    return `\r${up(Math.max(0, rows - 1))}`;
  };
  return {
    draw(lines) {
      // Some terminals wrap a line that is as wide as they are.
      const fitted = lines.map((line) => fitWidth(line, width() - 1));
      const text = fitted.map((line) => `${paint(line)}${END_OF_LINE}`).join('\n');
      write(`${drawn.length === 0 ? '' : toStart()}${text}${END_OF_SCREEN}`);
      drawn = fitted.map(displayWidth);
    },
    erase() {
      if (drawn.length === 0) return;
      write(`${toStart()}${END_OF_SCREEN}`);
      drawn = [];
    },
  };
}
