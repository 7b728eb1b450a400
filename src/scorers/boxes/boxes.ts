/** Reads bounding boxes and measures how they overlap. */

import { isRecord } from '../../text/is-record.ts';
import { findJson, isTooDeep } from '../json/json-text.ts';

/** Two corners; the first one is the upper left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export type BoxFormat = 'xyxy' | 'xywh' | 'yxyx';

/** Names of members that hold a box as a list. */
const LISTS = ['bbox', 'box', 'bbox_2d', 'box_2d', 'bounding_box'];
/** Names of the left, top, right and bottom edges; or of left, top, width and height. */
const EDGES = ['x1 y1 x2 y2', 'xmin ymin xmax ymax', 'x_min y_min x_max y_max', 'left top right bottom'];
const SIZES = ['x y width height', 'x y w h', 'left top width height'];

/** The boxes of a text: in JSON in any of the usual shapes, else every four numbers. Empty when there are none. */
export function readBoxes(text: string, format: BoxFormat): readonly Box[] {
  if (isTooDeep(text)) return [];
  const boxes = boxesIn(findJson(text), format);
  if (boxes.length > 0) return boxes;
  const numbers = (text.match(/[-−]?(?:\d{1,20}(?:\.\d{1,20})?|\.\d{1,20})/gu) ?? []).map((number) =>
    Number(number.replace('−', '-')),
  );
  return numbers.length % 4 === 0 ? boxesIn(numbers, format) : [];
}

function boxesIn(value: unknown, format: BoxFormat): readonly Box[] {
  if (Array.isArray(value)) {
    const numbers = value.filter((item) => typeof item === 'number');
    if (numbers.length < value.length) return value.flatMap((item) => boxesIn(item, format));
    const boxes = Array.from({ length: Math.floor(numbers.length / 4) }, (_, index) =>
      toBox(numbers.slice(4 * index, 4 * index + 4), format),
    );
    return numbers.length % 4 === 0 ? boxes.filter((box) => box !== undefined) : [];
  }
  if (!isRecord(value)) return [];
  const own = named(value);
  if (own !== undefined) return [own];
  const listed = LISTS.find((name) => Object.hasOwn(value, name));
  return listed === undefined
    ? Object.values(value).flatMap((member) => boxesIn(member, format))
    : boxesIn(value[listed], format);
}

function named(value: Readonly<Record<string, unknown>>): Box | undefined {
  const numbersOf = (names: string) => {
    const numbers = names.split(' ').map((name) => value[name]);
    return numbers.every((number) => typeof number === 'number') ? numbers : undefined;
  };
  const edges = EDGES.map(numbersOf).find((numbers) => numbers !== undefined);
  if (edges !== undefined) return toBox(edges, 'xyxy');
  const sizes = SIZES.map(numbersOf).find((numbers) => numbers !== undefined);
  return sizes && toBox(sizes, 'xywh');
}

/** Corners in any order; undefined for numbers that are no box. */
function toBox([a = 0, b = 0, c = 0, d = 0]: readonly number[], format: BoxFormat): Box | undefined {
  if (![a, b, c, d].every(Number.isFinite)) return undefined;
  if (format === 'yxyx') return toBox([b, a, d, c], 'xyxy');
  const [x, y] = format === 'xywh' ? [a + c, b + d] : [c, d];
  return { left: Math.min(a, x), top: Math.min(b, y), right: Math.max(a, x), bottom: Math.max(b, y) };
}

/** Area of the intersection over that of the union; two equal boxes without an area overlap fully. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  const union = areaOf(a) + areaOf(b) - shared;
  if (union > 0 && Number.isFinite(union)) return Math.min(1, shared / union);
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom ? 1 : 0;
}

function areaOf({ left, top, right, bottom }: Box): number {
  return (right - left) * (bottom - top);
}

export interface Scale {
  /** What the answer's coordinates run to; absent = as the target's, or shares, or pixels. */
  readonly scale: number | undefined;
  /** Of the image; null = not known. */
  readonly size: { readonly width: number; readonly height: number } | null;
}

/** The answer's boxes in the target's coordinates; null when the size of the image is needed and not known. */
export function scaledLike(
  given: readonly Box[],
  wanted: readonly Box[],
  { scale, size }: Scale,
): readonly Box[] | null {
  const wantsShares = wanted.every(isShare);
  const shares = scale === undefined ? given : given.map((box) => times(box, 1 / scale, 1 / scale));
  const hasShares = scale !== undefined || given.every(isShare);
  if (hasShares === wantsShares) return shares;
  if (size === null) return null;
  return hasShares
    ? shares.map((box) => times(box, size.width, size.height))
    : given.map((box) => times(box, 1 / size.width, 1 / size.height));
}

function isShare({ left, top, right, bottom }: Box): boolean {
  return [left, top, right, bottom].every((edge) => edge >= 0 && edge <= 1);
}

function times({ left, top, right, bottom }: Box, x: number, y: number): Box {
  return { left: left * x, top: top * y, right: right * x, bottom: bottom * y };
}
