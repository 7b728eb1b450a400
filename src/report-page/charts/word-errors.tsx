/** Edits of transcripts: how much was taken for something else, missed or added, and which words most often. */

import type { Edits, PageHead } from '../../reporters/html/page-data.ts';
import { ModelName } from '../model-name.tsx';
import { firstLine } from '../visible-text.ts';

/** Confusions that a line has room for; `report.md` and `report.json` have more. */
const SHOWN = 12;

interface WordErrorTableProps {
  readonly head: PageHead;
  readonly edits: readonly Edits[];
}

export function WordErrorTable({ head, edits }: WordErrorTableProps) {
  const known = edits.filter(({ reference }) => reference > 0);
  if (known.length === 0) return null;
  const scorers = [...new Set(known.map(({ scorer }) => scorer))];
  const hasSeveral = scorers.length > 1;
  // The models side by side.
  const rows = scorers.flatMap((scorer) => known.filter((row) => row.scorer === scorer));
  return (
    <figure class="chart words">
      <figcaption>Word errors and most frequent confusions</figcaption>
      {rows.map((row) => (
        <ModelEdits
          key={`${row.m} ${row.scorer}`}
          row={row}
          id={head.models[row.m]?.id ?? ''}
          hasSeveral={hasSeveral}
          head={head}
        />
      ))}
      <p class="small muted">Reference → transcript; words struck out were missed, words with + were added.</p>
    </figure>
  );
}

interface ModelEditsProps {
  readonly head: PageHead;
  readonly row: Edits;
  readonly id: string;
  readonly hasSeveral: boolean;
}

function ModelEdits({ head, row, id, hasSeveral }: ModelEditsProps) {
  const { m, scorer, unit, reference, substituted, deleted, inserted } = row;
  const share = (count: number) => `${((100 * count) / reference).toFixed(1)} %`;
  const pairs = head.confusions.filter((one) => one.model === id && one.scorer === scorer).slice(0, SHOWN);
  return (
    <div>
      <p>
        <ModelName index={m} id={id} />{' '}
        <span class="small muted">
          {hasSeveral && `${firstLine(scorer, 40)}: `}
          {reference.toLocaleString('en')} {unit === 'cer' ? 'characters' : 'words'} · {share(substituted)} taken for
          others · {share(deleted)} missed · {share(inserted)} added
        </span>
      </p>
      {pairs.length > 0 && (
        <p class="small">
          {pairs.map(({ reference: from, answer: to, count }) => (
            <span key={`${from}\n${to}`} class="pair">
              <Confusion from={from} to={to} />
              {count > 1 && <span class="muted"> ×{count}</span>}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

function Confusion({ from, to }: { readonly from: string | null; readonly to: string | null }) {
  if (from === null) {
    return (
      <ins title="added">
        + <bdi>{firstLine(to ?? '', 30)}</bdi>
      </ins>
    );
  }
  if (to === null) {
    return (
      <del title="missed">
        <bdi>{firstLine(from, 30)}</bdi>
      </del>
    );
  }
  return (
    <>
      <bdi>{firstLine(from, 30)}</bdi> → <bdi>{firstLine(to, 30)}</bdi>
    </>
  );
}
