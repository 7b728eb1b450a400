/** What the page shows, kept in its address so that a link shows the same. */

/** Which samples are listed. */
export const SHOWN = ['all', 'disagree', 'regressed', 'fixed', 'wrong', 'failed', 'outcome'] as const;
export type Shown = (typeof SHOWN)[number];

export const SORTS = ['manifest', 'id', 'worst', 'spread', 'slowest', 'dearest'] as const;
export type Sort = (typeof SORTS)[number];

export interface ViewState {
  readonly query: string;
  readonly shown: Shown;
  /** `tag=<tag>`, `modality=<kind>` or `meta.<key>=<value>`; empty = all. */
  readonly slice: string;
  readonly sort: Sort;
  /** Id of the model that others are compared with; empty = the first. */
  readonly base: string;
  /** Id of the sample that is open; null = the list. */
  readonly sample: string | null;
  /** Whether answers are judged without the names of models. */
  readonly isBlind: boolean;
}

const START: ViewState = {
  query: '',
  shown: 'all',
  slice: '',
  sort: 'manifest',
  base: '',
  sample: null,
  isBlind: false,
};

/** Reads an address; what is unknown is the default. */
export function readHash(hash: string): ViewState {
  const found = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    query: found.get('q') ?? '',
    shown: SHOWN.find((one) => one === found.get('show')) ?? START.shown,
    slice: found.get('slice') ?? '',
    sort: SORTS.find((one) => one === found.get('sort')) ?? START.sort,
    base: found.get('base') ?? '',
    sample: found.get('sample'),
    isBlind: found.get('blind') === '1',
  };
}

/** The address without what is the default; empty for the start. */
export function writeHash({ query, shown, slice, sort, base, sample, isBlind }: ViewState): string {
  const parts = new URLSearchParams();
  if (query !== '') parts.set('q', query);
  if (shown !== START.shown) parts.set('show', shown);
  if (slice !== '') parts.set('slice', slice);
  if (sort !== START.sort) parts.set('sort', sort);
  if (base !== '') parts.set('base', base);
  if (sample !== null) parts.set('sample', sample);
  if (isBlind) parts.set('blind', '1');
  const text = parts.toString();
  return text === '' ? '' : `#${text}`;
}
