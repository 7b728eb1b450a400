/** Receipts and screens: text in images, clean and spoilt, and the rows of their manifest. */

import { render } from '../generator/drawing.mjs';
import { seedOf, stem } from '../generator/write-set.mjs';
import { PICTURES } from './pictures.mjs';

export async function createReceiptsAndScreens() {
  return {
    files: PICTURES.map((picture) => ({
      file: picture.file,
      make: () => render(picture, seedOf(picture.file)),
    })),
    rows: PICTURES.flatMap(questions),
    columns: ['id', 'prompt', 'image', 'target', 'scorer', 'group', 'meta.kind', 'meta.condition', 'meta.task'],
  };
}

/** One value, and the whole text. */
function questions({ file, document: { kind, name, text, asked }, condition }) {
  const id = stem(file);
  const row = { image: file, group: `${kind}-${name}`, 'meta.kind': kind, 'meta.condition': condition };
  return [
    {
      ...row,
      id: `${id}-value`,
      prompt: `${asked.question} Answer with the value only.`,
      target: asked.value,
      scorer: 'exact',
      'meta.task': 'value',
    },
    {
      ...row,
      id: `${id}-text`,
      prompt: 'Transcribe the text in the image.',
      target: text,
      scorer: 'cer',
      'meta.task': 'text',
    },
  ];
}
