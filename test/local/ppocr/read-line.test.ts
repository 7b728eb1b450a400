import { expect, test } from 'vitest';
import { STRIP_HEIGHT, type Strip } from '../../../src/local/ppocr/line-crop.ts';
import { type Character, readCharacters, restoreSpaces } from '../../../src/local/ppocr/read-line.ts';

const ALPHABET = ['', 'a', 'b', 'c'];

/** Scores with one sure class a step. */
function scoresOf(classes: readonly number[], sure = 0.8) {
  const data = new Float32Array(classes.length * ALPHABET.length).fill((1 - sure) / 3);
  for (const [step, index] of classes.entries()) data[step * ALPHABET.length + index] = sure;
  return { data, steps: classes.length, classes: ALPHABET.length };
}

/** A strip with black bars on white at these columns. */
function stripOf(width: number, bars: readonly (readonly [from: number, to: number])[]): Strip {
  const planes = new Float32Array(3 * STRIP_HEIGHT * width).fill(1);
  for (let plane = 0; plane < 3; plane += 1)
    for (let row = 10; row < 38; row += 1)
      for (const [from, to] of bars) {
        const at = (plane * STRIP_HEIGHT + row) * width;
        planes.fill(0, at + from, at + to);
      }
  return { planes, width };
}

const textOf = (characters: readonly Character[]) => characters.map(({ text }) => text).join('');

test.each([
  [[0, 1, 1, 0, 2, 0, 3], 'abc'],
  [[1, 1, 0, 1], 'aa'],
  [[0, 0, 0], ''],
  [[3, 2, 2, 1], 'cba'],
])('the steps %j read %j: repeats merge, blanks part', (steps, text) => {
  expect(textOf(readCharacters(scoresOf(steps), ALPHABET).characters)).toBe(text);
});

test('the confidence is the mean of the characters, 0 without any', () => {
  expect(readCharacters(scoresOf([1, 0, 2]), ALPHABET).confidence).toBeCloseTo(0.8);
  expect(readCharacters(scoresOf([0, 0]), ALPHABET).confidence).toBe(0);
});

test('the position of a character is the middle of its first step', () => {
  expect(readCharacters(scoresOf([0, 0, 1, 0]), ALPHABET).characters).toEqual([{ text: 'a', at: 2.5 / 4 }]);
});

const characters = [
  { text: 'a', at: 0.15 },
  { text: 'b', at: 0.35 },
  { text: 'c', at: 0.8 },
];

test('a wide gap in the ink becomes a space, a narrow one does not', () => {
  const strip = stripOf(200, [
    [20, 40],
    [60, 80],
    [150, 170],
  ]);
  // Between the first two bars lie 20 columns, 0.7 of the ink's height.
  expect(textOf(restoreSpaces(characters, strip))).toBe('a b c');
  expect(
    textOf(
      restoreSpaces(
        characters,
        stripOf(200, [
          [20, 56],
          [60, 80],
          [150, 170],
        ]),
      ),
    ),
  ).toBe('ab c');
});

test('a space that was read is not doubled', () => {
  const read = [characters[0], { text: ' ', at: 0.25 }, characters[1]].filter((character) => character !== undefined);
  expect(
    textOf(
      restoreSpaces(
        read,
        stripOf(200, [
          [20, 40],
          [60, 80],
        ]),
      ),
    ),
  ).toBe('a b');
});

test('white text on black is parted just as well', () => {
  const strip = stripOf(200, [
    [20, 40],
    [60, 80],
    [150, 170],
  ]);
  const inverted = { ...strip, planes: strip.planes.map((value) => 1 - value) };
  expect(textOf(restoreSpaces(characters, inverted))).toBe('a b c');
});

test.each([
  ['2', '.', '3', '2.3'],
  ['t', ',', 'a', 't, a'],
  ['x', ':', '7', 'x:7'],
])('no space comes before the mark in %s%s%s, nor behind it before a figure', (first, mark, last, text) => {
  const read = [
    { text: first, at: 0.15 },
    { text: mark, at: 0.35 },
    { text: last, at: 0.8 },
  ];
  const strip = stripOf(200, [
    [20, 40],
    [60, 80],
    [150, 170],
  ]);
  expect(textOf(restoreSpaces(read, strip))).toBe(text);
});
