/** The estimate of a run for people: one line per model, and on demand the details of each model. */

import { NONE, percent, cost as writeCost } from '../reporters/figures-for-people.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { textTable } from '../text/text-table.ts';
import { FREE } from '../tokens/price-table.ts';
import type { Band, ModelEstimate, RunEstimate, Usd } from './estimate-document.ts';

/** Rows of a model's table: the chat template is part of the text. */
const ROWS = ['text', 'image', 'audio', 'completion'] as const;
type RowName = (typeof ROWS)[number];

/** `problems` and `warnings` are left out: they go to stderr. */
export function estimateTable(estimate: RunEstimate, withDetails: boolean): string {
  const { models, repeat } = estimate;
  const repeats = repeat === 1 ? '' : ` x ${repeat} repeats`;
  return [
    `${escapeTerminal(estimate.dataset.path)}: ${counted(estimate.dataset.samples, 'sample')}${repeats}\n\n`,
    textTable([OVERVIEW, ...models.map((model) => overviewRow(model, repeat))], 'lrrrrrrlr'),
    ...(withDetails ? models.map((model) => `\n${modelBlock(model, estimate.calibrationFile)}`) : shortNotes(models)),
  ].join('');
}

const OVERVIEW = ['model', 'samples', 'text', 'image', 'audio', 'completion', 'cost', 'low to high', 'minutes'];

function overviewRow(model: ModelEstimate, repeat: number): readonly string[] {
  return [
    model.role === 'judge' ? `${model.id} (judge)` : model.id,
    count(model.cells / repeat),
    ...ROWS.map((row) => count(tokensOf(model, row).expected)),
    ...costCells(model),
    model.minutes === null ? NONE : minutes(model.minutes),
  ];
}

function costCells(model: ModelEstimate): readonly [expected: string, range: string] {
  const { costUsd, unpricedCells } = model;
  if (isFree(model)) return [FREE, ''];
  if (costUsd === 'unpriced') return [writeUsd(costUsd), ''];
  return [writeCost({ costUsd: costUsd.expected, unpriced: unpricedCells, isFree: false }), costRange(costUsd)];
}

/** What changes how the table is read. */
function shortNotes(models: readonly ModelEstimate[]): readonly string[] {
  const lines = models.flatMap((model) =>
    [...byBatch(model), ...gaps(model)].map((note) => `${escapeTerminal(`${model.id}: ${note}`)}\n`),
  );
  return ['\n', ...lines, 'token rules, price sources and the most expensive samples: --details\n'];
}

function modelBlock(model: ModelEstimate, calibrationFile: string | null): string {
  const { id, model: name, dearest } = model;
  const head = ['', 'low', 'expected', 'high', 'of tokens', 'of cost', 'counted by'];
  const rows = ROWS.map((row) => partRow(model, row));
  const { low, expected, high } = model.tokens.total;
  const total = ['total', ...[low, expected, high].map(count), '', '', ''];
  const samples = dearest.map(({ sampleId, line, tokens, costUsd }) => [
    sampleId,
    `line ${line}`,
    `${count(tokens)} tokens`,
    isFree(model) ? '' : writeUsd(costUsd),
  ]);
  return [
    `${escapeTerminal(id === name ? id : `${id} (${name})`)}\n`,
    textTable([head, ...rows, total], 'lrrrrrl', '  '),
    ...notes(model, calibrationFile).map((note) => `  ${escapeTerminal(note)}\n`),
    ...(samples.length === 0 ? [] : ['  most expensive samples\n', textTable(samples, 'llrr', '    ')]),
  ].join('');
}

function partRow(model: ModelEstimate, row: RowName): readonly string[] {
  const { low, expected, high } = tokensOf(model, row);
  const { tokens, cost } = model.shares[row];
  const shares = expected === 0 ? ['', ''] : [percent(tokens), cost === null ? NONE : percent(cost)];
  const { rules, confidence } = model.tokens[row];
  return [row, ...[low, expected, high].map(count), ...shares, rules.length === 0 ? '' : by(rules, confidence)];
}

function by(rules: readonly string[], confidence: string): string {
  return `${rules.join(', ')} (${confidence})`;
}

function notes(model: ModelEstimate, calibrationFile: string | null): readonly string[] {
  const { earlier, calibration, priceSource } = model;
  return [
    ...(earlier === null
      ? []
      : [`answers: ${Math.round(earlier.meanTokens)} tokens, mean of ${earlier.answers} in results/${earlier.run}`]),
    ...(calibration === null ? [] : [`calibration: ${calibrationFile}, fitted to ${calibration}`]),
    `price: ${priceSource ?? 'unpriced'}`,
    ...byBatch(model),
    ...gaps(model),
  ];
}

function byBatch({ batch, cells }: ModelEstimate): readonly string[] {
  if (batch === undefined) return [];
  if (batch.cells === 0) return ['by batch: none'];
  const price = batch.discount === null ? 'at the full price' : `at ${percent(batch.discount)} off`;
  return [`by batch: ${batch.cells} of ${counted(cells, 'cell')}, ${price}`];
}

/** What the cost of spoken answers rests on, and cells that the figures leave out. */
function gaps(model: ModelEstimate): readonly string[] {
  const { spoken, priceSource, unpricedCells, unpricedParts, cells, skipped, unusable } = model;
  return [
    ...(spoken === null
      ? []
      : [`spoken answers: ${count(spoken.expected)} of the completion tokens are sound, by ${spoken.assumes}`]),
    ...(priceSource !== null && unpricedCells > 0
      ? [`unpriced: ${unpricedCells} of ${cells} cells, no rate for ${unpricedParts.join(', ')}`]
      : []),
    ...(skipped > 0 ? [`skipped: ${counted(skipped, 'cell')} with content that the model does not support`] : []),
    ...(unusable > 0 ? [`unusable: ${counted(unusable, 'cell')} with media that cannot be used`] : []),
  ];
}

function tokensOf({ tokens }: ModelEstimate, row: RowName): Band {
  const part = tokens[row];
  if (row !== 'text') return part;
  const { low, expected, high } = tokens.template;
  return { low: part.low + low, expected: part.expected + expected, high: part.high + high };
}

/** Whether the model runs on this machine and costs nothing. */
export function isFree({ priceSource }: Pick<ModelEstimate, 'priceSource'>): boolean {
  return priceSource === FREE;
}

/** `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `$0.21 to $1.10`. */
export function costRange({ low, high }: Band): string {
  return `${writeUsd(low)} to ${writeUsd(high)}`;
}

export function writeUsd(usd: Usd): string {
  return usd === 'unpriced' ? usd : writeCost({ costUsd: usd, unpriced: 0, isFree: false });
}

/** Rounded up: a rate limit never ends early. */
export function minutes(value: number): string {
  return value < 1 ? '<1' : count(Math.ceil(value));
}
