/** Blind mode: one sample's answers in random order without the names of models, judged by key press. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageSample } from '../reporters/html/page-data.ts';
import { type BlindKind, firstUnjudged, gradeLabel, judgeable, preferenceLabels, shuffle, TOP_GRADE } from './blind.ts';
import type { PageData } from './browser/load-data.ts';
import { useKeys } from './browser/page-state.ts';
import type { Labels } from './browser/use-labels.ts';
import { MediaView } from './media-view.tsx';
import { visibleText } from './visible-text.ts';

interface BlindModeProps {
  readonly data: PageData;
  readonly samples: readonly PageSample[];
  readonly labels: Labels;
  readonly onClose: () => void;
}

const letter = (place: number) => String.fromCharCode(65 + place);

/** Digits of the keyboard that choose an answer or a grade. */
const DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export function BlindMode({ data, samples, labels, onClose }: BlindModeProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [kind, setKind] = useState<BlindKind>(data.head.models.length > 1 ? 'preference' : 'grade');
  const [graded, setGraded] = useState(0);
  const queue = useMemo(() => samples.filter((sample) => judgeable(sample, kind)), [samples, kind]);
  const [place, setPlace] = useState(() => firstUnjudged(queue, labels.list));
  const orders = useMemo(() => new Map(queue.map((sample) => [sample, shuffle(sample, Math.random)])), [queue]);
  const names = data.head.models.map(({ id }) => id);
  const sample = queue[place];
  const order = (sample === undefined ? undefined : orders.get(sample)) ?? [];
  useEffect(() => {
    dialog.current?.showModal();
    // Keys are for the page at first, and not for the first button.
    dialog.current?.focus();
  }, []);

  const go = (to: number) => {
    setPlace(Math.max(0, Math.min(queue.length, to)));
    setGraded(0);
  };
  const choose = (digit: number) => {
    if (sample === undefined) return;
    const cell = order[graded];
    if (kind === 'preference') {
      if (digit > order.length) return;
      labels.add(preferenceLabels(sample, order, digit === 0 ? null : digit - 1, names));
      go(place + 1);
    } else if (cell !== undefined && digit >= 1 && digit <= TOP_GRADE) {
      labels.add([gradeLabel(sample, cell, digit, names)]);
      if (graded + 1 < order.length) setGraded(graded + 1);
      else go(place + 1);
    }
  };
  useKeys({
    ...Object.fromEntries(DIGITS.map((digit) => [String(digit), () => choose(digit)])),
    '0': () => choose(0),
    ArrowLeft: () => go(place - 1),
    ArrowRight: () => go(place + 1),
  });

  return (
    <dialog ref={dialog} tabIndex={-1} class="sample blind" aria-labelledby="blind-title" onClose={onClose}>
      <div class="bar">
        <h2 id="blind-title">Judge blind</h2>
        <span class="muted small" role="status">
          {Math.min(place + 1, queue.length)} of {queue.length} · {counted(labels)}
        </span>
        <select
          aria-label="What to judge"
          value={kind}
          onChange={({ currentTarget }) => {
            currentTarget.blur();
            setKind(currentTarget.value === 'grade' ? 'grade' : 'preference');
            setPlace(0);
            setGraded(0);
          }}
        >
          <option value="preference">choose the best</option>
          <option value="grade">grade each answer</option>
        </select>
        <button type="button" onClick={labels.save} disabled={labels.list.length === 0}>
          Save labels.jsonl
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          Close (Esc)
        </button>
      </div>
      {sample === undefined ? (
        <p class="done">
          {queue.length === 0
            ? 'These samples have no answers to judge.'
            : 'All samples are judged. Save the labels, then close.'}
        </p>
      ) : (
        <>
          <Question data={data} sample={sample} />
          <p class="small muted">
            {kind === 'preference'
              ? `Keys 1 to ${order.length} choose the best answer, 0 when none is better. Arrows go on without a choice.`
              : `Keys 1 (useless) to ${TOP_GRADE} (perfect) grade the marked answer. Arrows go on without a grade.`}
          </p>
          <div class="answers">
            {order.map((cell, index) => (
              <article
                key={`${sample.row} ${cell.m} ${cell.repeat}`}
                class={`cell whole ${kind === 'grade' && index === graded ? 'marked' : ''}`}
              >
                <h3>Answer {letter(index)}</h3>
                <p class="whole">
                  <bdi>{cell.answer === '' ? '(empty)' : visibleText(cell.answer ?? '')}</bdi>
                </p>
                {kind === 'preference' && (
                  <button type="button" onClick={() => choose(index + 1)}>
                    {letter(index)} is best ({index + 1})
                  </button>
                )}
                {kind === 'grade' && index === graded && (
                  <p class="actions">
                    {DIGITS.filter((digit) => digit <= TOP_GRADE).map((digit) => (
                      <button key={digit} type="button" onClick={() => choose(digit)}>
                        {digit}
                      </button>
                    ))}
                  </p>
                )}
              </article>
            ))}
          </div>
          {kind === 'preference' && (
            <button type="button" onClick={() => choose(0)}>
              None is better (0)
            </button>
          )}
        </>
      )}
    </dialog>
  );
}

function counted({ list, unsaved }: Labels): string {
  const all = `${list.length} ${list.length === 1 ? 'label' : 'labels'}`;
  return unsaved === 0 ? all : `${all}, ${unsaved} not saved`;
}

function Question({ data, sample }: { readonly data: PageData; readonly sample: PageSample }) {
  return (
    <div class="question">
      {sample.media.length > 0 && (
        <div class="media">
          {sample.media.map((one, index) => (
            <MediaView key={`${sample.row} ${index}`} media={one} mediaUrl={data.mediaUrl} isLarge />
          ))}
        </div>
      )}
      <div>
        <h3>Prompt</h3>
        <p class="whole">
          <bdi>{visibleText(sample.prompt)}</bdi>
        </p>
        {sample.target.length > 0 && <h3>Target</h3>}
        {sample.target.map((text) => (
          <p key={text} class="whole">
            <bdi>{visibleText(text)}</bdi>
          </p>
        ))}
      </div>
    </div>
  );
}
