/** Chooses and orders the samples that the page lists. */

import type { PageCell, PageSample } from '../reporters/html/page-data.ts';
import { isRight, scoreOf } from './verdicts.ts';
import type { Shown, Sort, ViewState } from './view-state.ts';

/** A score that differs by less is the same: the last digit of a mean. */
const SAME = 1e-9;

/** In place of the index of a base model: each model is compared with itself in the baseline. */
export const BASELINE = -1;

/** Slices that samples are in, most frequent kinds first; those of single samples are left out. */
export function slicesOf(samples: readonly PageSample[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const sample of samples) for (const slice of ownSlices(sample)) counts.set(slice, (counts.get(slice) ?? 0) + 1);
  return [...counts].flatMap(([slice, count]) => (count > 1 && count < samples.length ? [slice] : [])).sort();
}

function ownSlices({ media, tags, meta }: PageSample): readonly string[] {
  const kinds = new Set(media.map(({ kind }) => kind));
  return [
    ...[...kinds].map((kind) => `modality=${kind}`),
    ...(kinds.size === 0 ? ['modality=text'] : []),
    ...tags.map((tag) => `tag=${tag}`),
    ...Object.entries(meta).flatMap(([key, value]) => (value === '' ? [] : [`meta.${key}=${value}`])),
  ];
}

/** Makes the choice for one report; what is searched is prepared once. */
export function createSelector(samples: readonly PageSample[], models: number) {
  let texts: readonly string[] | null = null;
  return (state: Pick<ViewState, 'query' | 'shown' | 'slice' | 'sort'>, base: number): readonly PageSample[] => {
    const query = state.query.trim().toLowerCase();
    if (query !== '') texts ??= samples.map(searchText);
    const found = samples.filter(
      (sample, index) =>
        (state.slice === '' || ownSlices(sample).includes(state.slice)) &&
        isShown(sample, state.shown, base, models) &&
        (query === '' || (texts?.[index] ?? '').includes(query)),
    );
    return sorted(found, state.sort, models);
  };
}

function searchText({ id, prompt, target, tags, media, cells }: PageSample): string {
  const answers = cells.flatMap(({ answer, failure }) => [answer ?? '', failure?.text ?? '']);
  return [id, prompt, ...target, ...tags, ...media.map(({ name }) => name), ...answers].join('\n').toLowerCase();
}

function isShown(sample: PageSample, shown: Shown, base: number, models: number): boolean {
  if (shown === 'all') return true;
  if (shown === 'failed') return sample.cells.some(({ status, outcome }) => status === 'failed' && outcome === null);
  if (shown === 'outcome') return sample.cells.some(({ outcome }) => outcome !== null && outcome !== 'answered');
  const scores = Array.from({ length: models }, (_, model) => scoreOf(sample, model));
  const known = scores.filter((score) => score !== null);
  if (shown === 'wrong') return known.length > 0 && known.every((score) => !isRight(score));
  if (shown === 'disagree') return Math.max(...known) - Math.min(...known) > SAME;
  if (base === BASELINE) return scores.some((score, model) => isChanged(shown, score, sample.was?.[model] ?? null));
  const own = scores[base] ?? null;
  if (own === null) return false;
  return known.some((score) => isChanged(shown, score, own));
}

/** Regressed or fixed. */
function isChanged(shown: Shown, score: number | null, was: number | null): boolean {
  if (score === null || was === null) return false;
  return shown === 'regressed' ? score < was - SAME : score > was + SAME;
}

/** Larger figures come first; samples without one come last. */
function sorted(samples: readonly PageSample[], sort: Sort, models: number): readonly PageSample[] {
  if (sort === 'manifest') return samples;
  if (sort === 'id') return [...samples].sort((a, b) => (a.id < b.id ? -1 : 1));
  const figures = new Map(samples.map((sample) => [sample, figureOf(sample, sort, models)]));
  const of = (sample: PageSample) => figures.get(sample) ?? Number.NEGATIVE_INFINITY;
  return [...samples].sort((a, b) => of(b) - of(a) || a.row - b.row);
}

function figureOf(sample: PageSample, sort: Sort, models: number): number | null {
  if (sort === 'slowest') return largest(sample.cells, ({ ms }) => ms);
  if (sort === 'dearest') return largest(sample.cells, ({ usd }) => usd);
  const scores = Array.from({ length: models }, (_, model) => scoreOf(sample, model)).filter((score) => score !== null);
  if (scores.length === 0) return null;
  if (sort === 'spread') return Math.max(...scores) - Math.min(...scores);
  return 1 - scores.reduce((sum, one) => sum + one, 0) / scores.length;
}

function largest(cells: readonly PageCell[], figure: (cell: PageCell) => number | undefined): number | null {
  const known = cells.flatMap((cell) => figure(cell) ?? []);
  return known.length === 0 ? null : Math.max(...known);
}
