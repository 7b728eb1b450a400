/** Every receipt and every screen under the same four conditions. */

import { receipt, screen } from '../generator/layouts.mjs';
import { DOCUMENTS } from './contents.mjs';

/** Degrees, in turn. */
const TURNS = [3, -5, 8, -3, 5, -8, 12, -12];

/** `type` is png or jpg; only a JPEG is spoilt. */
const CONDITIONS = {
  clean: () => ({ type: 'png' }),
  noise: () => ({ type: 'jpg', spoil: { noise: 35 } }),
  rotation: (place) => ({ type: 'png', turn: TURNS[place % TURNS.length] }),
  'low-contrast': () => ({ type: 'jpg', spoil: { contrast: 0.1, noise: 3, quality: 90 } }),
};

function draw({ kind, content, dark }, turn) {
  if (kind === 'receipt') return receipt(content, { turn });
  return screen(content.title, content.entries, { dark, turn });
}

/** In the order of the manifest. */
export const PICTURES = DOCUMENTS.flatMap((document, place) =>
  Object.entries(CONDITIONS).map(([condition, settings]) => {
    const { type, turn, spoil } = settings(place);
    const file = `images/${document.kind}-${document.name}-${condition}.${type}`;
    return { document, condition, file, svg: draw(document, turn), spoil };
  }),
);
