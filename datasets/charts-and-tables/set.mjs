/** Charts and tables: pictures with values to read, and the rows of their manifest. */

import { render } from '../generator/drawing.mjs';
import { seedOf, stem } from '../generator/write-set.mjs';
import { PICTURES } from './pictures.mjs';

export async function createChartsAndTables() {
  return {
    files: PICTURES.map((picture) => ({
      file: picture.file,
      make: () => render(picture, seedOf(picture.file)),
    })),
    rows: PICTURES.flatMap(questions),
    columns: ['id', 'prompt', 'image', 'target', 'scorer', 'group', 'tags', 'meta.kind', 'meta.task'],
  };
}

function questions({ file, asks, form, kind }) {
  const group = stem(file);
  return asks.map(({ task, prompt, target, scorer }, index) => ({
    id: `${group}-${index + 1}`,
    prompt,
    image: file,
    target,
    scorer,
    group,
    tags: form,
    'meta.kind': kind,
    'meta.task': task,
  }));
}
