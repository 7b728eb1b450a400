/** Finds the price of a model: in the configuration, else in the shipped price table. */

import { readFileSync } from 'node:fs';
import { isEmbedded } from '../models/embedded.ts';
import { comparableModel } from '../models/model-name.ts';
import type { Price } from '../price.ts';
import type { ModelConfig } from '../types.ts';

/** One row of `prices.json`. */
export interface PriceRow extends Price {
  /** Names as vendors write them; matched without prefixes, dates and punctuation. */
  readonly models: readonly string[];
  /** ISO date of its start; absent = since the release of the model. */
  readonly validFrom?: string;
  readonly source: string;
  /** ISO date. */
  readonly readOn: string;
}

/** The price of a model and its source: `configuration`, `free`, or source and date of the price table. */
export interface FoundPrice {
  readonly price: Price;
  readonly source: string;
}

/** The source of the price of a model that runs on this machine. */
export const FREE = 'free';

/** All rates of a model that costs nothing. */
const FREE_PRICE: Price = {
  promptPerMillion: 0,
  completionPerMillion: 0,
  cachedPromptPerMillion: 0,
  cacheWritePerMillion: 0,
  imagePromptPerMillion: 0,
  audioPromptPerMillion: 0,
  audioCompletionPerMillion: 0,
  perAudioMinute: 0,
};

/** What the price of a model depends on. */
export type PricedModel = Pick<ModelConfig, 'model' | 'price'> & Partial<Pick<ModelConfig, 'provider' | 'dialect'>>;

/** Rows by comparable name, newest first. */
export type PriceTable = ReadonlyMap<string, readonly PriceRow[]>;

/** Indexes the rows of a price file. */
export function priceTable(rows: readonly PriceRow[]): PriceTable {
  const table = new Map<string, PriceRow[]>();
  for (const row of rows)
    for (const name of row.models) {
      const key = comparable(name);
      const versions = [...(table.get(key) ?? []), row];
      table.set(
        key,
        versions.sort((a, b) => (b.validFrom ?? '').localeCompare(a.validFrom ?? '')),
      );
    }
  return table;
}

let shipped: PriceTable | undefined;

/** The prices beside this file; the first call reads them. */
export function shippedPrices(): PriceTable {
  shipped ??= priceTable(readPrices());
  return shipped;
}

/** The models in the shipped prices, as their vendors write them. */
export function pricedModelNames(): readonly string[] {
  return readPrices().flatMap(({ models }) => models);
}

/** Our own file, whose shape a test checks. */
function readPrices(): readonly PriceRow[] {
  return (JSON.parse(readFileSync(new URL('./prices.json', import.meta.url), 'utf8')) as PriceFile).prices;
}

interface PriceFile {
  readonly prices: readonly PriceRow[];
}

/**
 * The price of a model, or null when neither its configuration nor the table has one. A configured price is
 * complete: missing rates do not come from the table.
 * @param at ISO date; default: the newest prices.
 */
export function priceOf(model: PricedModel, table: PriceTable = shippedPrices(), at?: string): FoundPrice | null {
  if (model.price !== undefined) return { price: model.price, source: 'configuration' };
  if (isEmbedded({ provider: '', ...model })) return { price: FREE_PRICE, source: FREE };
  if (model.model.endsWith(FREE_VARIANT)) return null;
  for (const name of comparableNames(model.model)) {
    const versions = table.get(name);
    const row = at === undefined ? versions?.[0] : versions?.find(({ validFrom }) => (validFrom ?? '') <= at);
    if (row !== undefined) return { price: row, source: `${row.source}, read ${row.readOn}` };
  }
  return null;
}

/** Names that differ only in case, dots or underscores are equal: `claude-sonnet-4.5` is `claude-sonnet-4-5`. */
function comparable(name: string): string {
  return comparableModel(name).replaceAll('.', '-');
}

/** Additions of deployments and vendors before and after the name of a model. */
const PREFIX = /^(?:[a-z]{2,6}-)?(?:amazon|anthropic|meta|mistral|openai|google)-(?=[a-z]+[-0-9])/;
const SUFFIX = /(?:@.*|:.*|-v\d+(?::\d+)?|-\d{4}-\d{2}-\d{2}|-\d{8}|-preview(?:-\d{2}-\d{2,4})?|-latest|-\d{3})$/;

/** Hosts mark free variants with it; the price of the paid model does not apply to them. */
const FREE_VARIANT = ':free';

/** Cached by model, since every answer needs them. */
const knownNames = new Map<string, readonly string[]>();

function comparableNames(model: string): readonly string[] {
  const names = knownNames.get(model) ?? namesOf(model);
  knownNames.set(model, names);
  return names;
}

/** The name and its shorter forms, most specific first. */
function namesOf(model: string): readonly string[] {
  const names: string[] = [];
  let name = comparable(model.split('/').at(-1) ?? model);
  for (;;) {
    names.push(name);
    const bare = name.replace(PREFIX, '');
    if (bare !== name) names.push(bare);
    const shorter = name.replace(SUFFIX, '');
    if (shorter === name || shorter === '') return names;
    name = shorter;
  }
}
