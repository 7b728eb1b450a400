/** The page: figures and charts at the top, then the samples, and one sample or the blind mode over them. */

import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { duration } from '../reporters/figures-for-people.ts';
import type { PageHead, PageTail } from '../reporters/html/page-data.ts';
import { counted } from '../text/counted.ts';
import { BlindMode } from './blind-mode.tsx';
import type { PageData } from './browser/load-data.ts';
import { useKeys, useViewState, useWindow } from './browser/page-state.ts';
import { useLabels } from './browser/use-labels.ts';
import { Charts } from './charts/charts.tsx';
import { Failures } from './failures.tsx';
import { LabelTables } from './label-tables.tsx';
import { SampleView } from './sample-view.tsx';
import { Samples } from './samples.tsx';
import { ScoreSetLine } from './score-sets.tsx';
import { BASELINE, createSelector, slicesOf } from './select-samples.ts';
import { SliceTable } from './slice-table.tsx';
import { StressTables } from './stress-tables.tsx';
import { SummaryTable } from './summary-table.tsx';
import { ThemeButton } from './theme-button.tsx';
import { visibleText } from './visible-text.ts';

export function App({ data }: { readonly data: PageData }) {
  const { head, samples, tail } = data;
  const [state, change] = useViewState();
  const { width, isPrinted } = useWindow();
  const labels = useLabels();
  const slices = useMemo(() => slicesOf(samples), [samples]);
  const select = useMemo(() => createSelector(samples, head.models.length), [samples, head]);
  const named = head.models.findIndex(({ id }) => id === state.base);
  const base = named === -1 && head.baseline === null ? 0 : named === -1 ? BASELINE : named;
  const { query, shown, slice, sort } = state;
  const found = useMemo(() => select({ query, shown, slice, sort }, base), [select, query, shown, slice, sort, base]);
  const open = useCallback((id: string | null) => change({ sample: id }), [change]);
  const opened = state.sample === null ? undefined : samples.find(({ id }) => id === state.sample);
  useKeys({ '/': () => document.getElementById('search')?.focus() });
  useEffect(() => {
    document.title = `${opened === undefined ? '' : `${opened.id} · `}${head.name} · earsight`;
  }, [opened, head]);

  return (
    <>
      <Header head={head} tail={tail} />
      <SummaryTable head={head} />
      <Charts head={head} tail={tail} />
      <StressTables head={head} />
      <SliceTable head={head} onChoose={(name) => change({ slice: name, shown: 'all' })} />
      <LabelTables head={head} />
      <Failures head={head} onShow={() => change({ shown: 'failed', query: '', slice: '' })} />
      <Samples
        data={data}
        found={found}
        slices={slices}
        state={state}
        base={base}
        width={width}
        isPrinted={isPrinted}
        onChange={change}
        onOpen={open}
      />
      {opened !== undefined && !state.isBlind && <SampleView data={data} sample={opened} found={found} onOpen={open} />}
      {state.isBlind && (
        <BlindMode data={data} samples={found} labels={labels} onClose={() => change({ isBlind: false })} />
      )}
    </>
  );
}

function Header({ head, tail }: { readonly head: PageHead; readonly tail: PageTail }) {
  const { name, runId, dataset, samples, repeat, models, createdAt, wallMs, version, missing, finishedAt } = head;
  const facts = [
    `${counted(samples, 'sample')} of ${visibleText(dataset)}`,
    counted(models.length, 'model'),
    ...(repeat > 1 ? [`${repeat} repeats`] : []),
    createdAt.replace('T', ' ').replace(/\.\d+Z$/u, ' UTC'),
    `${duration(wallMs)} in all`,
    ...(head.baseline === null ? [] : [`compared with ${visibleText(head.baseline)}`]),
  ];
  const notes = [
    ...(missing > 0
      ? [`${counted(missing, 'cell has', 'cells have')} no result${finishedAt === null ? ': the run did not end' : ''}`]
      : []),
    ...(head.replayOf === null ? [] : [`The answers are those of run ${head.replayOf}; nothing was sent`]),
    ...tail.notes,
    ...head.warnings,
  ];
  return (
    <header class="top">
      <div class="title">
        <h1>{visibleText(name)}</h1>
        <ThemeButton />
      </div>
      <p class="facts">{facts.join(' · ')}</p>
      <p class="facts small">
        run {visibleText(runId)} · earsight {version}
      </p>
      {head.judges !== null && <p class="facts small">{head.judges}</p>}
      {head.scoreSets !== null && <ScoreSetLine scoreSets={head.scoreSets} />}
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map((note) => (
            <li key={note}>{visibleText(note)}</li>
          ))}
        </ul>
      )}
      {head.comparison !== null && (
        <div class="verdict">
          {head.comparison.verdict.map((sentence) => (
            <p key={sentence}>{visibleText(sentence)}</p>
          ))}
        </div>
      )}
    </header>
  );
}
