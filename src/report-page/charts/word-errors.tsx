/** Word errors of speech: how many words were heard as others, missed or added, and which most often. */

import type { PageModel, WordErrors } from '../../reporters/html/page-data.ts';
import { ModelName } from '../model-name.tsx';
import { firstLine } from '../visible-text.ts';

interface WordErrorTableProps {
  readonly models: readonly PageModel[];
  readonly words: readonly WordErrors[];
}

export function WordErrorTable({ models, words }: WordErrorTableProps) {
  const rows = models.flatMap(({ id }, index) => {
    const errors = words[index];
    return errors === undefined || errors.words === 0 ? [] : [{ id, index, errors }];
  });
  if (rows.length === 0) return null;
  const share = (count: number, all: number) => `${((100 * count) / all).toFixed(1)}%`;
  return (
    <figure class="chart words">
      <figcaption>Word errors and most frequent confusions</figcaption>
      {rows.map(({ id, index, errors }) => (
        <div key={id}>
          <p>
            <ModelName index={index} id={id} />{' '}
            <span class="small muted">
              {errors.words.toLocaleString('en')} words · {share(errors.substituted, errors.words)} heard as others ·{' '}
              {share(errors.deleted, errors.words)} missed · {share(errors.inserted, errors.words)} added
            </span>
          </p>
          <p class="small">
            {errors.confusions.map(({ from, to, count }) => (
              <span key={`${from}\n${to}`} class="pair">
                <bdi>{firstLine(from, 30)}</bdi> → <bdi>{firstLine(to, 30)}</bdi>
                {count > 1 && <span class="muted"> ×{count}</span>}
              </span>
            ))}
          </p>
        </div>
      ))}
    </figure>
  );
}
