/** One answer whole: the text with its differences from the target, scores, reasoning, times, tokens and cost. */

import { useState } from 'preact/hooks';
import { ERROR_RATES } from '../report.ts';
import {
  dollars,
  duration,
  NONE,
  percent,
  rateText,
  rtfxText,
  sentMediaText,
} from '../reporters/figures-for-people.ts';
import type { PageCell, PageHead, PageSample, PageScore } from '../reporters/html/page-data.ts';
import type { PageData } from './browser/load-data.ts';
import { copyText } from './browser/page-state.ts';
import { curlCommand } from './curl.ts';
import { DiffView } from './diff-view.tsx';
import { MediaView } from './media-view.tsx';
import { ModelName } from './model-name.tsx';
import { verdict } from './verdicts.ts';
import { visibleText } from './visible-text.ts';
import { alignmentParts, type DiffPart, nearestTarget, wordDiff } from './word-diff.ts';

interface CellViewProps {
  readonly head: PageHead;
  readonly sample: PageSample;
  readonly cell: PageCell;
  readonly mediaUrl: PageData['mediaUrl'];
}

export function CellView({ head, sample, cell, mediaUrl }: CellViewProps) {
  const { tone, mark, text } = verdict(cell);
  const model = head.models[cell.m];
  if (model === undefined) return null;
  const curl = curlCommand(model, sample, cell);
  return (
    <article class={`cell whole ${tone}`}>
      <h3>
        <ModelName index={cell.m} id={model.id} />
        {head.repeat > 1 && <span class="muted"> repeat {cell.repeat}</span>}{' '}
        <span class="verdict-mark">
          <span aria-hidden="true">{mark}</span> {text}
        </span>
      </h3>
      {cell.earlier?.map((answer, turn) => (
        <div key={`${turn} ${answer}`}>
          <p class="muted small">Answer {turn + 1}</p>
          <p class="whole">
            <bdi>{visibleText(answer)}</bdi>
          </p>
        </div>
      ))}
      {cell.answer !== undefined && <Answer cell={cell} targets={sample.target} />}
      {cell.sound !== undefined && <MediaView media={cell.sound} mediaUrl={mediaUrl} isLarge />}
      {cell.failure !== undefined && <Failure failure={cell.failure} />}
      {cell.thinking !== undefined && (
        <details>
          <summary>Reasoning</summary>
          <p class="whole">
            <bdi>{visibleText(cell.thinking)}</bdi>
          </p>
        </details>
      )}
      {cell.scores !== undefined && <Scores scores={cell.scores} />}
      {sample.was !== undefined && (
        <p class="muted small">Score in the baseline: {percent(sample.was[cell.m] ?? null)}</p>
      )}
      {cell.otherSets !== undefined && (
        <p class="muted small">
          Score in other sets:{' '}
          {cell.otherSets.map(({ set, score }) => `@${visibleText(set)} ${percent(score)}`).join(' · ')}
        </p>
      )}
      <p class="facts small">{factsOf(cell).join(' · ')}</p>
      {cell.changed !== undefined && (
        <details class="small">
          <summary>
            {cell.changed.length === 1 ? 'One medium was' : `${cell.changed.length} media were`} changed
          </summary>
          <ul class="scores">
            {cell.changed.map((sent) => (
              <li key={`${sent.uri} ${sent.sha256}`}>
                <bdi>{visibleText(sentMediaText(sent))}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="actions">
        <CopyButton
          label="Copy as JSONL"
          text={() => JSON.stringify({ sample: sample.id, model: model.id, ...cell })}
        />
        {curl !== null && <CopyButton label="Copy as curl" text={() => curl} />}
      </p>
    </article>
  );
}

function Answer({ cell, targets }: { readonly cell: PageCell; readonly targets: readonly string[] }) {
  const parts = differences(cell, targets);
  const [isDiff, setDiff] = useState(true);
  const answer = cell.answer ?? '';
  return (
    <>
      {parts !== null && isDiff ? (
        <DiffView parts={parts} />
      ) : (
        <p class="whole">
          <bdi>{answer === '' ? '(empty)' : visibleText(answer)}</bdi>
        </p>
      )}
      {differsInBlanks(cell, targets) && <p class="muted small">Only blanks and line ends differ from the target.</p>}
      {cell.cutFrom !== undefined && (
        <p class="muted small">
          Cut here: the whole answer of {cell.cutFrom.toLocaleString('en')} characters is in results.csv.
        </p>
      )}
      {parts !== null && (
        <label class="small">
          <input type="checkbox" checked={isDiff} onChange={({ currentTarget }) => setDiff(currentTarget.checked)} />{' '}
          differences from the target: <ins>too many</ins> <del>missing</del>
        </label>
      )}
    </>
  );
}

/** null when there is nothing to compare, or everything is equal. */
function differences({ answer = '', scores = [] }: PageCell, targets: readonly string[]): readonly DiffPart[] | null {
  const steps = scores.find((score) => score.steps !== undefined)?.steps;
  const target = nearestTarget(targets, answer);
  const compared = target === null || answer === '' ? null : wordDiff(target, answer);
  const parts = steps === undefined ? compared : alignmentParts(steps);
  return parts?.some(([kind]) => kind !== 'same') === true ? parts : null;
}

/** Such a difference cannot be seen in the words. */
function differsInBlanks({ answer = '' }: PageCell, targets: readonly string[]): boolean {
  const words = (text: string) => text.trim().split(/\s+/u).join(' ');
  return !targets.includes(answer) && targets.some((target) => words(target) === words(answer));
}

function Failure({ failure }: { readonly failure: NonNullable<PageCell['failure']> }) {
  return (
    <>
      <p class="whole">
        <strong>{failure.kind}</strong>: <bdi>{visibleText(failure.text)}</bdi>
      </p>
      {failure.hint !== undefined && <p class="muted small">{visibleText(failure.hint)}</p>}
      {failure.partial !== undefined && (
        <details>
          <summary>What had arrived; it is not an answer</summary>
          <p class="whole">
            <bdi>{visibleText(failure.partial)}</bdi>
          </p>
        </details>
      )}
    </>
  );
}

function Scores({ scores }: { readonly scores: readonly PageScore[] }) {
  return (
    <ul class="scores">
      {scores.map(({ name, value, raw, unit, why }) => (
        <li key={name}>
          <strong>{visibleText(name)}</strong> {ERROR_RATES.includes(unit) ? rateText(raw) : percent(value)}
          {raw !== null && raw !== value && !ERROR_RATES.includes(unit) && ` · ${visibleText(unit)} ${raw.toFixed(3)}`}
          {why !== undefined && <span class="muted"> · {visibleText(why)}</span>}
        </li>
      ))}
    </ul>
  );
}

function factsOf(cell: PageCell): readonly string[] {
  const {
    ms,
    firstMs,
    rtfx = null,
    queueMs,
    waitMs,
    attempts,
    tokens,
    usd,
    served,
    request,
    ended,
    cached,
    status,
  } = cell;
  if (status === 'skipped') return [];
  const parts = tokens === undefined ? [] : (['image', 'audio', 'cached', 'reasoning'] as const);
  const split = parts.flatMap((part) => (tokens?.[part] ? [`${tokens[part]} ${part}`] : []));
  return [
    ...(ms === undefined ? [] : [`${duration(ms)}${cached ? ', from the cache' : ''}`]),
    ...(firstMs === undefined ? [] : [`first token ${duration(firstMs)}`]),
    ...(rtfx === null ? [] : [`rtfx ${rtfxText(rtfx)}`]),
    ...(queueMs === undefined || queueMs < 1 ? [] : [`queued ${duration(queueMs)}`]),
    ...(waitMs === undefined ? [] : [`waited ${duration(waitMs)}`]),
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    ...(tokens === undefined
      ? []
      : [
          `${tokens.prompt ?? NONE} prompt + ${tokens.completion ?? NONE} completion tokens${split.length === 0 ? '' : ` (${split.join(', ')})`}`,
        ]),
    usd === undefined ? 'unpriced' : usd === 0 ? 'free' : dollars(usd),
    ...(ended === undefined ? [] : [`ended by ${visibleText(ended)}`]),
    ...(served === undefined ? [] : [`served by ${visibleText(served)}`]),
    ...(request === undefined ? [] : [`request ${visibleText(request)}`]),
  ];
}

function CopyButton({ label, text }: { readonly label: string; readonly text: () => string }) {
  const [state, setState] = useState<'ready' | 'copied' | 'not allowed'>('ready');
  const copy = async () => setState((await copyText(text())) ? 'copied' : 'not allowed');
  return (
    <button type="button" class="small" onClick={copy}>
      {state === 'ready' ? label : `${label}: ${state}`}
    </button>
  );
}
