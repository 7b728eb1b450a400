/** One sample in the list: its media, its prompt, and what each model made of it. */

import type { CSSProperties, JSX } from 'preact';
import { duration, NONE } from '../reporters/figures-for-people.ts';
import type { PageCell, PageSample } from '../reporters/html/page-data.ts';
import type { PageData } from './browser/load-data.ts';
import { MediaView } from './media-view.tsx';
import { ModelName, shortName } from './model-name.tsx';
import { verdict } from './verdicts.ts';
import { firstLine } from './visible-text.ts';

interface SampleRowProps {
  readonly data: PageData;
  readonly sample: PageSample;
  readonly isStacked: boolean;
  /** From 0, of `count`. */
  readonly place: number;
  readonly count: number;
  readonly style: CSSProperties;
  readonly onOpen: (id: string) => void;
}

/** Characters that fit into a row. */
const MAX_PROMPT = 220;
const MAX_ANSWER = 200;

/** Media that fit into a row. */
const MAX_MEDIA = 2;

export function SampleRow({ data, sample, isStacked, place, count, style, onOpen }: SampleRowProps) {
  const { id, prompt, target, media, cells } = sample;
  return (
    <li class={isStacked ? 'row stacked' : 'row'} style={style} aria-setsize={count} aria-posinset={place + 1}>
      <div class="what">
        <button type="button" class="link id" onClick={() => onOpen(id)} title={`Open ${firstLine(id, 200)}`}>
          <bdi>{firstLine(id, 60)}</bdi>
        </button>
        <div class="media">
          {media.slice(0, MAX_MEDIA).map((one, index) => (
            <MediaView key={`${index} ${one.name}`} media={one} mediaUrl={data.mediaUrl} />
          ))}
          {media.length > MAX_MEDIA && <span class="muted small">+{media.length - MAX_MEDIA}</span>}
        </div>
      </div>
      <div class="asked">
        <p class="prompt">
          <bdi>{firstLine(prompt, MAX_PROMPT)}</bdi>
        </p>
        {target[0] !== undefined && (
          <p class="target">
            <span class="muted">target: </span>
            <bdi>{firstLine(target.join(' | '), MAX_PROMPT)}</bdi>
          </p>
        )}
      </div>
      {data.head.models.map((model, index) => (
        <CellBox
          key={model.id}
          cells={cells.filter(({ m }) => m === index)}
          name={
            isStacked ? <ModelName index={index} id={model.id} /> : <span class="hidden">{shortName(model.id)}</span>
          }
        />
      ))}
    </li>
  );
}

/** Shows the first repeat that has an answer; the view of one sample shows all repeats. */
function CellBox({ cells, name }: { readonly cells: readonly PageCell[]; readonly name: JSX.Element }) {
  const cell = cells.find(({ status }) => status === 'completed') ?? cells[0];
  if (cell === undefined) {
    return (
      <div class="cell none">
        <p class="line">{name} no result</p>
      </div>
    );
  }
  const { tone, mark, text } = verdict(cell);
  const below = cell.answer ?? cell.failure?.text ?? '';
  return (
    <div class={`cell ${tone} ${cell.status}`}>
      <p class="line">
        {name}
        <span class="mark" aria-hidden="true">
          {mark}
        </span>{' '}
        <strong>{text}</strong> <span class="facts">{factText(cell, cells.length)}</span>
      </p>
      <p class="answer">
        <bdi>{firstLine(below, MAX_ANSWER)}</bdi>
      </p>
    </div>
  );
}

function factText({ ms, tokens, status }: PageCell, repeats: number): string {
  if (status === 'skipped') return '';
  const facts = [
    ...(ms === undefined ? [] : [duration(ms)]),
    ...(tokens === undefined ? [] : [`${tokens.prompt ?? NONE}→${tokens.completion ?? NONE}`]),
    ...(repeats > 1 ? [`1 of ${repeats}`] : []),
  ];
  return facts.join(' · ');
}
