/** Warns of models that their host has retired or will retire soon. */

import { type Host, hostOf, type NamedModel } from './host.ts';
import { factOf, originOf } from './model-facts.ts';

/** Microsoft gives its notice at least 60 days before. */
const NOTICE_DAYS = 60;
const DAY_MS = 24 * 60 * 60 * 1000;

const HOST_NAMES: Readonly<Record<Host, string>> = {
  azure: 'Azure',
  openai: 'api.openai.com',
  anthropic: "Anthropic's API",
  google: "Google's API",
  local: 'this machine',
};

/** A model of a run. */
export interface RunModel extends NamedModel {
  readonly id: string;
}

/**
 * One sentence for each model that is retired, or will be within 60 days; variants of a model share it.
 * @param now wall clock in ms since 1970.
 */
export function retirementWarnings(models: readonly RunModel[], now: number): readonly string[] {
  const idsOf = new Map<string, string[]>();
  for (const model of models) {
    const warning = retirementWarning(model, now);
    if (warning === null) continue;
    idsOf.set(warning, [...(idsOf.get(warning) ?? []), model.id]);
  }
  return [...idsOf].map(([warning, ids]) => `${ids.join(', ')}: ${warning}`);
}

function retirementWarning(model: RunModel, now: number): string | null {
  const host = hostOf(model);
  const fact = factOf(model, 'retiresOn');
  if (host === null || fact === null || fact.value === null) return null;
  const days = daysUntil(fact.value, now);
  const by = `by ${originOf(fact)}`;
  const where = `on ${HOST_NAMES[host]}`;
  if (days <= 0) return `${model.model} was retired ${where} on ${fact.value} ${by}`;
  if (days > NOTICE_DAYS) return null;
  return `${model.model} will be retired ${where} on ${fact.value}, in ${days} ${days === 1 ? 'day' : 'days'}, ${by}`;
}

/** Whole days from today, in UTC; 0 or less = the day has come. */
function daysUntil(date: string, now: number): number {
  return Math.round((Date.parse(date) - Math.floor(now / DAY_MS) * DAY_MS) / DAY_MS);
}
