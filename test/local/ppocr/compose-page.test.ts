import { expect, test } from 'vitest';
import { transcript } from '../../../src/local/page.ts';
import { composePage, type ReadBox } from '../../../src/local/ppocr/compose-page.ts';

/** A line of text whose characters stand evenly in a box, on a page turned by `tilt`. */
function lineAt(text: string, x: number, y: number, tilt = 0, turn = 0): ReadBox {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)];
  const box = {
    centerX: x * cos - y * sin,
    centerY: x * sin + y * cos,
    width: 20 * text.length,
    height: 30,
    angle: tilt + turn,
  };
  const characters = [...text].map((character, index) => ({ text: character, at: (index + 0.5) / text.length }));
  return { box, characters, confidence: 0.9 };
}

const BOXES = [
  ['7.50', 500, 100],
  ['Green tea', 150, 100],
  ['Menu', 300, 40],
  ['Cake', 120, 160],
  ['4.20', 500, 160],
] as const;

test.each([0, 0.12, -0.2])('puts boxes into rows on a page turned by %d', (tilt) => {
  const page = composePage(BOXES.map(([text, x, y]) => lineAt(text, x, y, tilt)));
  expect(transcript(page)).toBe('Menu\nGreen tea 7.50\nCake 4.20');
});

test('gives words apart their own places, in order and inside the box', () => {
  const [green, tea] = composePage([lineAt('Green tea', 150, 100)]).lines[0] ?? [];
  expect(green?.text).toBe('Green');
  expect(green?.left).toBeGreaterThanOrEqual(60);
  expect(green?.right).toBeLessThanOrEqual(tea?.left ?? 0);
  expect(tea?.right).toBeLessThanOrEqual(240);
});

test('keeps sideways text out of the rows, as lines of their own at the end', () => {
  const page = composePage([
    lineAt('Metres', 20, 100, 0, -Math.PI / 2),
    ...BOXES.map(([text, x, y]) => lineAt(text, x, y)),
  ]);
  expect(transcript(page)).toBe('Menu\nGreen tea 7.50\nCake 4.20\nMetres');
});

test('nothing read is a page without lines', () => {
  expect(composePage([])).toEqual({ lines: [] });
});
