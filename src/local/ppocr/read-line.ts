/** Reads the characters of a strip from the line recogniser's output and puts back the spaces that it drops. */

import { STRIP_HEIGHT, type Strip } from './line-crop.ts';

/** Class scores per time step, row by row (CTC); class 0 is blank. */
export interface CharacterScores {
  readonly data: Float32Array;
  readonly steps: number;
  readonly classes: number;
}

/** A character with its position, as a share of the width of the strip. */
export interface Character {
  readonly text: string;
  readonly at: number;
}

export interface LineReading {
  readonly characters: readonly Character[];
  /** Mean probability of the characters, 0 without any. */
  readonly confidence: number;
}

/** A gap in the ink this wide, as a share of the ink's height, is a space. Measured on five fonts: 0.24 splits monospaced words, without any a tenth of serif spaces is lost. */
const SPACE_SHARE = 0.36;
/** A column has ink when one of its pixels differs from the background by more than this share of the contrast of the strip. */
const INK_SHARE = 0.35;

/** Best path: the likeliest class of each step, repeats merged, blanks dropped (Graves et al. 2006). */
export function readCharacters(scores: CharacterScores, alphabet: readonly string[]): LineReading {
  const characters: Character[] = [];
  let previous = 0;
  let sum = 0;
  for (let step = 0; step < scores.steps; step += 1) {
    const offset = step * scores.classes;
    let best = 0;
    for (let index = 1; index < scores.classes; index += 1) {
      if ((scores.data[offset + index] ?? 0) > (scores.data[offset + best] ?? 0)) best = index;
    }
    if (best !== 0 && best !== previous) {
      characters.push({ text: alphabet[best] ?? '', at: (step + 0.5) / scores.steps });
      sum += scores.data[offset + best] ?? 0;
    }
    previous = best;
  }
  return { characters, confidence: characters.length === 0 ? 0 : sum / characters.length };
}

/** Inserts a space where a wide gap in the ink separates characters; the Chinese-English weights often omit it. */
export function restoreSpaces(characters: readonly Character[], strip: Strip): readonly Character[] {
  const { gaps, inkHeight } = inkGaps(strip);
  const wide = gaps.filter((gap) => (gap.to - gap.from) * strip.width >= SPACE_SHARE * inkHeight);
  const restored: Character[] = [];
  for (const character of characters) {
    const previous = restored.at(-1);
    if (previous !== undefined && mayPart(previous.text, character.text)) {
      const gap = wide.find(({ from, to }) => (from + to) / 2 > previous.at && (from + to) / 2 < character.at);
      if (gap !== undefined) restored.push({ text: ' ', at: (gap.from + gap.to) / 2 });
    }
    restored.push(character);
  }
  return restored;
}

/** In monospaced text a full stop has wide gaps around it: a decimal point does not separate words. */
function mayPart(before: string, after: string): boolean {
  if (before === ' ' || after === ' ' || /^[.,:;!?)%\]]$/.test(after)) return false;
  return !(/^[.,:]$/.test(before) && /^\d$/.test(after));
}

/** Runs of columns without ink, as shares of the width, and the height of the rows with ink. */
function inkGaps(strip: Strip): {
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly inkHeight: number;
} {
  const size = STRIP_HEIGHT * strip.width;
  const green = strip.planes.subarray(size, 2 * size);
  const background = median(borderOf(green, strip.width));
  const contrast = green.reduce((most, value) => Math.max(most, Math.abs(value - background)), 0);
  const isInk = (value: number) => Math.abs(value - background) > INK_SHARE * contrast;
  const columns = new Uint8Array(strip.width);
  let top = STRIP_HEIGHT;
  let bottom = -1;
  for (const [index, value] of green.entries()) {
    if (!isInk(value)) continue;
    const row = Math.floor(index / strip.width);
    columns[index % strip.width] = 1;
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const gaps: { from: number; to: number }[] = [];
  let from = -1;
  for (let column = 0; column <= strip.width; column += 1) {
    const ink = column === strip.width || columns[column] === 1;
    if (!ink && from === -1) from = column;
    if (ink && from !== -1) {
      gaps.push({ from: from / strip.width, to: column / strip.width });
      from = -1;
    }
  }
  return { gaps, inkHeight: bottom - top + 1 };
}

function borderOf(plane: Float32Array, width: number): readonly number[] {
  return [...plane.subarray(0, 2 * width), ...plane.subarray(plane.length - 2 * width)];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
