/** One sample whole: its media, its prompt, and all answers with differences, scores, times and tokens. */

import { useEffect, useRef } from 'preact/hooks';
import type { PageSample } from '../reporters/html/page-data.ts';
import type { PageData } from './browser/load-data.ts';
import { useKeys } from './browser/page-state.ts';
import { CellView } from './cell-view.tsx';
import { MediaView } from './media-view.tsx';
import { firstLine, visibleText } from './visible-text.ts';

interface SampleViewProps {
  readonly data: PageData;
  readonly sample: PageSample;
  /** The samples that the arrows go through. */
  readonly found: readonly PageSample[];
  readonly onOpen: (id: string | null) => void;
}

export function SampleView({ data, sample, found, onOpen }: SampleViewProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const place = found.indexOf(sample);
  const go = (step: number) => {
    const next = found[place + step];
    if (next !== undefined) onOpen(next.id);
  };
  useEffect(() => {
    dialog.current?.showModal();
    // Keys are for the page at first, and not for the first button.
    dialog.current?.focus();
  }, []);
  // Another sample starts at its top.
  useEffect(() => {
    if (dialog.current !== null) dialog.current.scrollTop = 0;
  }, [sample]);
  const back = () => go(-1);
  const on = () => go(1);
  useKeys({ ArrowLeft: back, ArrowRight: on, k: back, j: on });
  const { id, prompt, target, media, tags, group, meta } = sample;
  const about = [
    ...tags.map((tag) => `#${tag}`),
    ...(group === null ? [] : [`group ${group}`]),
    ...Object.entries(meta).flatMap(([key, value]) => (value === '' ? [] : [`${key}: ${value}`])),
  ];
  return (
    <dialog ref={dialog} tabIndex={-1} class="sample" aria-labelledby="sample-title" onClose={() => onOpen(null)}>
      <div class="bar">
        <h2 id="sample-title">
          <bdi>{firstLine(id, 120)}</bdi>
        </h2>
        <span class="muted small">{place === -1 ? 'not in the list' : `${place + 1} of ${found.length}`}</span>
        <button type="button" onClick={back} disabled={place <= 0} aria-label="Previous sample (left arrow)">
          ←
        </button>
        <button
          type="button"
          onClick={on}
          disabled={place === -1 || place + 1 >= found.length}
          aria-label="Next sample (right arrow)"
        >
          →
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close (Esc)
        </button>
      </div>
      <div class="question">
        {media.length > 0 && (
          <div class="media">
            {media.map((one, index) => (
              <MediaView key={`${sample.row} ${index}`} media={one} mediaUrl={data.mediaUrl} isLarge />
            ))}
          </div>
        )}
        <div>
          <h3>Prompt</h3>
          <p class="whole">
            <bdi>{visibleText(prompt)}</bdi>
          </p>
          {target.length > 0 && <h3>{target.length === 1 ? 'Target' : 'Targets'}</h3>}
          {target.map((text) => (
            <p key={text} class="whole">
              <bdi>{visibleText(text)}</bdi>
            </p>
          ))}
          {about.length > 0 && <p class="muted small">{about.map((text) => firstLine(text, 200)).join(' · ')}</p>}
        </div>
      </div>
      <div class="answers">
        {answersFirst(sample).map((cell) => (
          <CellView
            key={`${sample.row} ${cell.m} ${cell.repeat}`}
            head={data.head}
            sample={sample}
            cell={cell}
            mediaUrl={data.mediaUrl}
          />
        ))}
      </div>
    </dialog>
  );
}

/** What models do not take comes last. */
function answersFirst({ cells }: PageSample): PageSample['cells'] {
  const isSkipped = ({ status }: PageSample['cells'][number]) => status === 'skipped';
  return [...cells.filter((cell) => !isSkipped(cell)), ...cells.filter(isSkipped)];
}
