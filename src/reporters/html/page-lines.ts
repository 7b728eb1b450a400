/** Makes the lines of a page from a report: the head, a line for each sample, the tail. */

import type { ReportComparison } from '../../comparison-report.ts';
import { type ModelInfo, RUN_SET, type RunReport, type SentSettings, type SummaryRow } from '../../report.ts';
import type { Result } from '../../result.ts';
import { isRecord } from '../../text/is-record.ts';
import { judgeText } from '../figures-for-people.ts';
import { overview } from '../overview.ts';
import { type Choice, chooseSamples, MAX_CELLS, MAX_SAMPLES } from './choose-samples.ts';
import { type PageFacts, pageSample } from './page-cells.ts';
import type { PageHead, PageMedia, PageModel, PageSlice, PageTail } from './page-data.ts';
import { pageLabels } from './page-labels.ts';
import type { PageMediaStore } from './page-media.ts';
import { createPageTotals } from './page-totals.ts';

/** Characters of all lines; a browser opens a page of this size within seconds. */
const MAX_CHARACTERS = 80_000_000;

/** Samples whose media are read at the same time. */
const AHEAD = 8;

/** Slices in one table. */
const MAX_SLICES = 200;

export interface PageLimits {
  readonly maxCells?: number;
  readonly maxSamples?: number;
  readonly maxCharacters?: number;
}

/** Lines of JSON, each with its line feed. */
export async function* pageLines(report: RunReport, media: PageMediaStore, limits: PageLimits = {}) {
  const { maxCells = MAX_CELLS, maxSamples = MAX_SAMPLES, maxCharacters = MAX_CHARACTERS } = limits;
  const { run } = report;
  const usedSet = report.scoreSets?.used ?? RUN_SET;
  const indexes = new Map(run.models.map(({ id }, index) => [id, index]));
  const totals = createPageTotals(run.models.length);
  const cells = run.counts.completed + run.counts.failed + run.counts.skipped;
  const choice = cells > maxCells ? await chooseSamples(report.samples(), maxSamples) : null;
  yield `${JSON.stringify(pageHead(report, (await report.comparison?.()) ?? null))}\n`;

  let characters = 0;
  let shown = 0;
  let all = 0;
  const pending: Promise<string | null>[] = [];
  const written = async () => (await pending.shift()) ?? null;
  for await (const results of report.samples()) {
    all += 1;
    for (const result of results) totals.add(result, indexes.get(result.modelId) ?? -1);
    if (!isChosen(choice, results) || characters > maxCharacters) continue;
    pending.push(sampleLine(results, { indexes, usedSet, baseline: report.baseline }, media));
    if (pending.length < AHEAD) continue;
    const line = await written();
    if (line === null) continue;
    characters += line.length;
    shown += 1;
    yield line;
  }
  while (pending.length > 0) {
    const line = await written();
    if (line === null) continue;
    shown += 1;
    yield line;
  }
  const tail: PageTail = {
    latencies: totals.latencies(),
    tokens: totals.tokens(),
    edits: totals.edits(),
    shown,
    all,
    notes: [...leftOut(shown, all), ...media.notes()],
  };
  yield `${JSON.stringify(tail)}\n`;
}

function isChosen(choice: Choice, [first]: readonly Result[]): boolean {
  return first !== undefined && (choice === null || choice.has(first.sampleIndex));
}

async function sampleLine(results: readonly Result[], page: PageFacts, media: PageMediaStore): Promise<string | null> {
  const [first] = results;
  if (first === undefined) return null;
  const sounds = new Map<Result, PageMedia>();
  for (const result of results) {
    const sound = result.status === 'completed' ? result.sound : undefined;
    if (sound !== undefined) sounds.set(result, await media.ofAnswer(sound));
  }
  const shown = await media.ofSample(first);
  const sample = pageSample(results, page, shown, (result) => sounds.get(result));
  return `${JSON.stringify(sample)}\n`;
}

function leftOut(shown: number, all: number): readonly string[] {
  if (shown === all) return [];
  const rule = 'those where the models disagree first, then those with failures, then a random choice';
  return [
    `This page holds ${shown} of ${all} samples: ${rule}. The figures are of all samples; results.csv has all answers.`,
  ];
}

function pageHead(report: RunReport, comparison: ReportComparison | null): PageHead {
  const { run, summary, scorers, metadataKeys, warnings, failures, scoreSets = null, confusions = [] } = report;
  const config = isRecord(run.config) ? run.config : {};
  const figures = overview(run, summary, report.units);
  return {
    format: 'earsight-page',
    formatVersion: 1,
    name: run.name,
    runId: run.runId,
    version: run.earsightVersion,
    createdAt: run.createdAt,
    finishedAt: run.finishedAt,
    wallMs: run.wallMs,
    dataset: run.dataset.path,
    samples: run.dataset.samples,
    repeat: run.repeat,
    missing: run.counts.missing,
    replayOf: run.replayOf ?? null,
    models: figures.flatMap((figure, index) => {
      const model = run.models[index];
      return model === undefined ? [] : [{ ...figure, ...wireOf(model, config, report.sent?.get(model.id)) }];
    }),
    scorers,
    metadataKeys,
    warnings,
    failures,
    slices: pageSlices(summary, run.models),
    comparison,
    baseline: report.baseline?.file ?? null,
    scoreSets,
    labels: (report.classes ?? []).map(pageLabels),
    confusions,
    judges: judgeText(summary),
  };
}

type Wire = Pick<
  PageModel,
  'provider' | 'wireModel' | 'sent' | 'auth' | 'keyVariable' | 'system' | 'template' | 'extraBody'
>;

/** What the configuration says of a model, as far as it is plain, and what was recorded; a variant is `<model>@<variant>`. */
function wireOf(
  { id, provider, model }: ModelInfo,
  config: Readonly<Record<string, unknown>>,
  sent: SentSettings | undefined,
): Wire {
  const base = id.replace(/@[^@]*$/u, '');
  const entry = memberOf(config['models'], id) ?? memberOf(config['models'], base) ?? {};
  const variant = base === id ? {} : (memberOf(config['variants'], id.slice(base.length + 1)) ?? {});
  const auth = isRecord(entry['auth']) ? entry['auth'] : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    provider,
    wireModel: model,
    sent: sent ?? null,
    auth: text(auth['type']),
    keyVariable: text(auth['env']),
    system: text(variant['system']) ?? text(entry['system']) ?? text(config['system']),
    template: text(variant['template']) ?? text(entry['template']),
    extraBody: isRecord(entry['extraBody']) ? entry['extraBody'] : null,
  };
}

/** The entry with an id. */
function memberOf(list: unknown, id: string): Readonly<Record<string, unknown>> | undefined {
  const found: unknown = Array.isArray(list) ? list.find((one) => isRecord(one) && one['id'] === id) : undefined;
  return isRecord(found) ? found : undefined;
}

/** Scores by slice, in the order of the names. */
function pageSlices(summary: readonly SummaryRow[], models: readonly ModelInfo[]): readonly PageSlice[] {
  const bySlice = new Map<string, Map<string, SummaryRow>>();
  for (const row of summary) {
    if (row.metric !== 'score' || row.slice === 'all') continue;
    const rows = bySlice.get(row.slice) ?? new Map<string, SummaryRow>();
    if (bySlice.size < MAX_SLICES) bySlice.set(row.slice, rows);
    rows.set(row.model, row);
  }
  return [...bySlice].map(([name, rows]) => ({
    name,
    n: Math.max(...[...rows.values()].map(({ n }) => n)),
    scores: models.map(({ id }) => rows.get(id)?.value ?? null),
  }));
}
