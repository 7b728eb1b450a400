/** Text with the words that are missing from it and those that are too many. */

import { visibleText } from './visible-text.ts';
import type { DiffPart } from './word-diff.ts';

export function DiffView({ parts }: { readonly parts: readonly DiffPart[] }) {
  return (
    <p class="diff">
      {parts.map(([kind, text], index) => {
        const shown = visibleText(text);
        if (kind === 'same') return <span key={index}>{shown} </span>;
        return kind === 'missing' ? (
          <span key={index}>
            <del title="in the target only">{shown}</del>{' '}
          </span>
        ) : (
          <span key={index}>
            <ins title="in the answer only">{shown}</ins>{' '}
          </span>
        );
      })}
    </p>
  );
}
