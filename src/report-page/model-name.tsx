/** The name of a model with its colour and shape, the same everywhere on the page. */

import { firstLine } from './visible-text.ts';

/** Colours in the style sheet; models beyond them start again, with other shapes. */
const COLOURS = 8;

/** Longest name that is shown whole. */
const MAX_NAME = 60;

export const seriesClass = (index: number) => `series-${index % COLOURS}`;

export const shortName = (id: string) => firstLine(id, MAX_NAME);

export function ModelName({ index, id }: { readonly index: number; readonly id: string }) {
  return (
    <span class="model">
      <svg class={seriesClass(index)} width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
        <Marker index={index} />
      </svg>
      <bdi>{shortName(id)}</bdi>
    </span>
  );
}

/** A shape around the origin, about 9 units wide. */
export function Marker({ index }: { readonly index: number }) {
  const shape = Math.floor(index / COLOURS) + (index % 4);
  switch (shape % 4) {
    case 0:
      return <circle r="4.5" fill="currentColor" />;
    case 1:
      return <rect x="-4" y="-4" width="8" height="8" fill="currentColor" />;
    case 2:
      return <path d="M0-5.5 5.5 0 0 5.5-5.5 0Z" fill="currentColor" />;
    default:
      return <path d="M0-5 5 4.2H-5Z" fill="currentColor" />;
  }
}
