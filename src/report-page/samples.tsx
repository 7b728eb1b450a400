/** The list of samples: search, filters and order above it; only the rows near the window exist. */

import { useRef } from 'preact/hooks';
import type { PageSample } from '../reporters/html/page-data.ts';
import type { PageData } from './browser/load-data.ts';
import { useVisibleRows } from './browser/page-state.ts';
import { ModelName, shortName } from './model-name.tsx';
import { SampleRow } from './sample-row.tsx';
import { SHOWN, SORTS, type ViewState } from './view-state.ts';

interface SamplesProps {
  readonly data: PageData;
  readonly found: readonly PageSample[];
  readonly slices: readonly string[];
  readonly state: ViewState;
  readonly base: number;
  readonly width: number;
  readonly isPrinted: boolean;
  readonly onChange: (change: Partial<ViewState>) => void;
  readonly onOpen: (id: string) => void;
}

/** A printed page has the first samples only: a list of thousands would fill hundreds of sheets. */
const PRINTED = 60;

/** Models that fit beside one another on a sheet, whatever the window has room for. */
const MOST_PRINTED_COLUMNS = 4;

/** Pixels that a column of a model needs beside those of the sample and the prompt. */
const MODEL_WIDTH = 165;
const OTHER_WIDTH = 430;

/** Heights of rows in pixels, as in the style sheet. */
const ROW = 132;
const STACKED_HEAD = 110;
const STACKED_MODEL = 46;

export function Samples(props: SamplesProps) {
  const { data, found, width, isPrinted, onOpen } = props;
  const { models } = data.head;
  const list = useRef<HTMLOListElement>(null);
  const isStacked = isPrinted
    ? models.length > MOST_PRINTED_COLUMNS
    : width < OTHER_WIDTH + models.length * MODEL_WIDTH;
  const rowHeight = isStacked ? STACKED_HEAD + STACKED_MODEL * models.length : ROW;
  const [first, last] = useVisibleRows(list, found.length, rowHeight);
  const rows = isPrinted ? found.slice(0, PRINTED) : found.slice(first, last);
  const columns = isStacked
    ? {}
    : {
        gridTemplateColumns: isPrinted
          ? `110px minmax(120px, 1.2fr) repeat(${models.length}, minmax(0, 1fr))`
          : `170px minmax(180px, 1.1fr) repeat(${models.length}, minmax(0, 1fr))`,
      };
  return (
    <section id="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">Samples</h2>
      <Toolbar {...props} />
      {!isStacked && (
        <div class="row head" style={columns} aria-hidden="true">
          <span>Sample</span>
          <span>Prompt and target</span>
          {models.map(({ id }, index) => (
            <ModelName key={id} index={index} id={id} />
          ))}
        </div>
      )}
      <ol
        ref={list}
        class={isPrinted ? 'rows printed' : 'rows'}
        style={{ height: isPrinted ? 'auto' : `${found.length * rowHeight}px` }}
      >
        {rows.map((sample, index) => (
          <SampleRow
            key={sample.row}
            data={data}
            sample={sample}
            isStacked={isStacked}
            place={(isPrinted ? 0 : first) + index}
            count={found.length}
            style={{
              ...columns,
              ...(isPrinted ? {} : { height: `${rowHeight}px`, top: `${(first + index) * rowHeight}px` }),
            }}
            onOpen={onOpen}
          />
        ))}
      </ol>
      {isPrinted && found.length > PRINTED && (
        <p>
          The first {PRINTED} of {found.length} samples are printed.
        </p>
      )}
      {found.length === 0 && <p class="muted">No sample matches. Clear the search or choose other filters.</p>}
    </section>
  );
}

const SHOWN_TEXT: Readonly<Record<ViewState['shown'], string>> = {
  all: 'all samples',
  disagree: 'models disagree',
  regressed: 'worse than the base',
  fixed: 'better than the base',
  wrong: 'all wrong',
  failed: 'failed',
  outcome: 'refused, cut or filtered',
};

const SORT_TEXT: Readonly<Record<ViewState['sort'], string>> = {
  manifest: 'as in the manifest',
  id: 'by id',
  worst: 'worst first',
  spread: 'largest disagreement first',
  slowest: 'slowest first',
  dearest: 'most expensive first',
};

/** Models are compared with each other, or with a baseline. */
function isUseful(shown: ViewState['shown'], { head }: PageData): boolean {
  if (shown === 'disagree') return head.models.length > 1;
  return (shown !== 'regressed' && shown !== 'fixed') || head.models.length > 1 || head.baseline !== null;
}

function Toolbar({ data, found, slices, state, base, onChange }: SamplesProps) {
  const { models } = data.head;
  const isComparing = state.shown === 'regressed' || state.shown === 'fixed';
  return (
    <search class="toolbar">
      <input
        id="search"
        type="search"
        aria-label="Search prompts, targets and answers"
        placeholder="Search prompts and answers ( / )"
        value={state.query}
        onInput={({ currentTarget }) => onChange({ query: currentTarget.value })}
      />
      <Choice
        label="Which samples"
        value={state.shown}
        options={SHOWN.filter((one) => isUseful(one, data)).map((one) => [one, SHOWN_TEXT[one]] as const)}
        onChoose={(value) => onChange({ shown: SHOWN.find((one) => one === value) ?? 'all' })}
      />
      {isComparing && (
        <Choice
          label="Base model"
          value={models[base]?.id ?? ''}
          options={[
            ...(data.head.baseline === null ? [] : [['', 'base: the baseline'] as const]),
            ...models.map(({ id }) => [id, `base: ${shortName(id)}`] as const),
          ]}
          onChoose={(value) => onChange({ base: value })}
        />
      )}
      {slices.length > 0 && (
        <Choice
          label="Slice"
          value={state.slice}
          options={[['', 'every slice'] as const, ...slices.map((name) => [name, shortName(name)] as const)]}
          onChoose={(value) => onChange({ slice: value })}
        />
      )}
      <Choice
        label="Order"
        value={state.sort}
        options={SORTS.map((one) => [one, SORT_TEXT[one]] as const)}
        onChoose={(value) => onChange({ sort: SORTS.find((one) => one === value) ?? 'manifest' })}
      />
      <button type="button" onClick={() => onChange({ isBlind: true, sample: null })} disabled={found.length === 0}>
        Judge blind
      </button>
      <span role="status">{found.length.toLocaleString('en')} shown</span>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <select aria-label={label} value={value} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
      {options.map(([one, text]) => (
        <option key={one} value={one}>
          {text}
        </option>
      ))}
    </select>
  );
}
