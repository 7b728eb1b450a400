/** Keeps values from the environment out of the run definition that the journal stores, and still tells them apart. */

import { hash, randomBytes } from 'node:crypto';
import type { Redaction } from '../io.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig } from '../types.ts';
import type { ModelDefinition, RunDefinition } from './request-hash.ts';

/**
 * The definition to store: settings that hold such values show `${NAME}`, and `marks` has a salted hash of each. `models` are
 * those of the definition, with its judges.
 */
export function storedDefinition(
  definition: RunDefinition,
  models: readonly ModelConfig[],
  filledIn: Redaction | undefined,
  salt = randomBytes(8).toString('hex'),
): RunDefinition {
  if (filledIn === undefined) return definition;
  const marks: Record<string, string> = {};
  const stored = mapSettings(definition, (name, value, modelId) => {
    const shown = shownSetting(
      name,
      value,
      filledIn,
      models.find(({ id }) => id === modelId),
    );
    if (shown === value) return value;
    const mark = markOf(salt, name, value);
    marks[name] = mark;
    return shown ?? mark;
  });
  return Object.keys(marks).length === 0 ? definition : { ...stored, salt, marks };
}

/** What to show of a setting; null = nothing, because the definition has only a hash of it. */
function shownSetting(name: string, value: unknown, filledIn: Redaction, model: ModelConfig | undefined): unknown {
  const setting = name.split('.').at(-1);
  if (setting === 'url' && model?.endpoint !== undefined) {
    const written = filledIn.hide(model.endpoint);
    return written === model.endpoint ? filledIn.hideIn(value) : written;
  }
  if (setting !== 'headers' && setting !== 'extraBody' && setting !== 'system' && setting !== 'template')
    return filledIn.hideIn(value);
  const configured = model?.[setting];
  return filledIn.hideIn(configured) === configured ? value : null;
}

/** The settings of two definitions that are secret in one of them, by the names that `mapSettings` gives them. */
export type SecretSettings = ReadonlySet<string>;

/** Two definitions in the same form. */
export interface Comparison {
  readonly was: RunDefinition;
  readonly now: RunDefinition;
  readonly secret: SecretSettings;
}

/** Brings the current definition into the form of a recorded one, which may hold values (earlier versions) or marks. */
export function comparable(
  recorded: RunDefinition,
  now: RunDefinition,
  models: readonly ModelConfig[],
  filledIn: Redaction | undefined,
): Comparison {
  const { salt = '', marks: recordedMarks, ...was } = recorded;
  const marks = new Map(Object.entries(isRecord(recordedMarks) ? recordedMarks : {}));
  const current = storedDefinition(now, models, filledIn, salt).marks ?? {};
  return {
    was: mapSettings(was, (name, value) => marks.get(name) ?? value),
    now: mapSettings(now, (name, value) => (marks.has(name) ? markOf(salt, name, value) : value)),
    secret: new Set([...marks.keys(), ...Object.keys(current)]),
  };
}

/** Two recorded definitions. Values from the environment are left out: each run has salted hashes of its own of them. */
export function comparableStored(first: RunDefinition, second: RunDefinition): Comparison {
  const secret = new Set([first, second].flatMap(({ marks }) => (isRecord(marks) ? Object.keys(marks) : [])));
  const plain = ({ salt, marks, ...definition }: RunDefinition) =>
    mapSettings(definition, (name, value) => (secret.has(name) ? null : value));
  return { was: plain(first), now: plain(second), secret };
}

/** True when the definitions are equal as text. */
export function isSameRun({ was, now }: Comparison): boolean {
  return JSON.stringify(was) === JSON.stringify(now);
}

/** The name of a setting of a model in `marks`. */
export function settingName(modelId: string, setting: string): string {
  return `models.${modelId}.${setting}`;
}

type Change = (name: string, value: unknown, modelId: string | null) => unknown;

/** Changes each setting that may hold a value from the environment; their order stays. */
function mapSettings(definition: RunDefinition, change: Change): RunDefinition {
  const scorers = change('scorers', definition.scorers, null) as RunDefinition['scorers'];
  const mapped = (models: readonly ModelDefinition[]) => models.map((model) => mapModel(model, change));
  const { models, judges } = definition;
  return { ...definition, scorers, models: mapped(models), ...(judges && { judges: mapped(judges) }) };
}

function mapModel(model: ModelDefinition, change: Change): ModelDefinition {
  const changed = (setting: string, value: unknown) => change(settingName(model.id, setting), value, model.id);
  const members = (value: unknown, prefix: string): unknown =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, changed(`${prefix}${name}`, member)]))
      : value;
  return {
    ...model,
    wire: members(model.wire, ''),
    params: members(model.params, 'params.') as ModelDefinition['params'],
    system: changed('system', model.system) as string | null,
    template: changed('template', model.template) as string | null,
    media: changed('media', model.media),
  };
}

/** Not the hash of a value alone, which a list of likely values would reveal in every run at once. */
function markOf(salt: string, name: string, value: unknown): string {
  return hash('sha256', JSON.stringify([salt, name, value])).slice(0, 16);
}
