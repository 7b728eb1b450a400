/** Makes a page from the boxes of text: rotated upright, split into words, sorted into lines. */

import { type Page, rowsOf, type Word } from '../page.ts';
import type { TurnedRect } from './min-area-rect.ts';
import type { LineReading } from './read-line.ts';

/** A box with its text. */
export interface ReadBox extends LineReading {
  readonly box: TurnedRect;
}

/** Boxes rotated further than this from the page are separate (axis labels) and do not affect its angle. */
const MAX_TILT = Math.PI / 4;

/** Share of the height of a box; the rest is the margin that the line recogniser needs around the ink. */
const INK_SHARE = 0.6;

/** Rotates the page by the median angle of its boxes, then groups them into rows. */
export function composePage(boxes: readonly ReadBox[]): Page {
  const angles = boxes.map(({ box }) => box.angle).filter((angle) => Math.abs(angle) <= MAX_TILT);
  const tilt = angles.toSorted((a, b) => a - b)[Math.floor(angles.length / 2)] ?? 0;
  const isUpright = ({ box }: ReadBox) => Math.abs(box.angle - tilt) <= MAX_TILT;
  const upright = boxes.filter(isUpright).flatMap((read) => wordsOf(read, tilt, true));
  const sideways = boxes.filter((read) => !isUpright(read)).map((read) => wordsOf(read, tilt, false));
  return { lines: [...rowsOf(upright), ...sideways.filter((line) => line.length > 0)] };
}

/** Splits words at spaces; a word extends half a character beyond the centres of its first and last one. */
function wordsOf({ box, characters }: ReadBox, tilt: number, upright: boolean): readonly Word[] {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const centerX = box.centerX * cos + box.centerY * sin;
  const centerY = box.centerY * cos - box.centerX * sin;
  const margin = (1 - INK_SHARE) * Math.min(box.width, box.height);
  const [along, across] = [(box.width - margin) / 2, (box.height - margin) / 2];
  const [reachX, reachY] = upright ? [along, across] : [across, along];
  const half = along / Math.max(1, characters.length);
  /** A position on the line, limited to its ink. */
  const placeOf = (at: number, shift: number) =>
    centerX + Math.max(-along, Math.min(along, (at - 0.5) * box.width + shift));
  const spanOf = (from: number, to: number) =>
    upright
      ? { left: placeOf(from, -half), right: placeOf(to, half) }
      : { left: centerX - reachX, right: centerX + reachX };

  const words: Word[] = [];
  let run: { text: string; from: number; to: number } | undefined;
  for (const { text, at } of [...characters, { text: ' ', at: 1 }]) {
    if (text.trim() !== '') run = { text: (run?.text ?? '') + text, from: run?.from ?? at, to: at };
    else if (run !== undefined) {
      words.push({ text: run.text, top: centerY - reachY, bottom: centerY + reachY, ...spanOf(run.from, run.to) });
      run = undefined;
    }
  }
  return words;
}
