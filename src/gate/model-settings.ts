/** The settings of a recorded model as one flat mapping, so that runs and baselines can be compared and committed. */

import type { ModelDefinition, RunDefinition } from '../plan/request-hash.ts';
import { settingName } from '../plan/stored-definition.ts';

/** JSON values by name, e.g. `params.temperature`; texts such as the system message are hashes. */
export type ModelSettings = Readonly<Record<string, unknown>>;

/**
 * The settings of a model in a run. A hashed setting that holds a value from the environment is left out: its recorded mark
 * has the salt of one run, so it cannot be compared with another run.
 */
export function settingsOf(definition: RunDefinition, modelId: string): ModelSettings | null {
  const model = definition.models.find(({ id }) => id === modelId);
  if (model === undefined) return null;
  const marks = definition.marks ?? {};
  const known = flat(model).filter(([name, value]) => {
    const mark = marks[settingName(modelId, name)];
    return value !== null && (mark === undefined || mark !== value);
  });
  return Object.fromEntries(known.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Names of the settings that differ, sorted; empty = the same requests are sent. */
export function changedSettings(was: ModelSettings, now: ModelSettings): readonly string[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(now)])].sort();
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(now[name]));
}

function flat({ wire, params, system, template, media, thinking }: ModelDefinition) {
  const members = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
  return [
    ...members(wire),
    ...members(params).map(([name, value]): [string, unknown] => [`params.${name}`, value]),
    ...Object.entries({ system, template, media, thinking: thinking ?? null }),
  ];
}
