/** Names the differences between the run in a folder and the current run, so that a rejected resume says why. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { sampleKey } from '../dataset/content-hash.ts';
import { sampleCard } from '../plan/conversation.ts';
import type { ModelDefinition, RunDefinition } from '../plan/request-hash.ts';
import { type Comparison, type SecretSettings, settingName } from '../plan/stored-definition.ts';
import type { SampleCard } from '../result.ts';
import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { type JournalLine, scanJournal } from './journal-scan.ts';

/** Further ids are counted, not named. */
const MAX_NAMED = 10;
/** Longer values of a setting are not shown. */
const MAX_VALUE_CHARACTERS = 60;

/** The line for other scorers, or other options of theirs. */
export const SCORERS_CHANGED = 'scorers changed';

/** The run that is about to start. */
export interface CurrentRun {
  readonly samples: () => AsyncIterable<Sample>;
  /** The request hash of a sample for the model with this id. */
  readonly hashOf: (sample: Sample, modelId: string) => string;
}

/** Returns one line for each change: settings first, then samples, as far as the results in the journal show. */
export async function describeChanges(
  directory: string,
  { was, now, secret }: Comparison,
  current: CurrentRun,
): Promise<readonly string[]> {
  const sameModels = now.models.filter((model) => was.models.some((earlier) => isSame(earlier, model)));
  return [
    ...describeSettings({ was, now, secret }),
    ...(was.dataset === now.dataset
      ? []
      : await sampleChanges(
          directory,
          was,
          current,
          sameModels.map(({ id }) => id),
        )),
  ];
}

/** One line for each change of models, judges, repeats and scorers. */
export function describeSettings({ was, now, secret }: Comparison): readonly string[] {
  return [
    ...modelChanges('model', was.models, now.models, secret),
    ...modelChanges('judge', was.judges ?? [], now.judges ?? [], secret),
    ...(was.repeat === now.repeat ? [] : [`repeat was ${was.repeat}, is ${now.repeat}`]),
    ...(isSame(was.scorers, now.scorers) ? [] : [SCORERS_CHANGED]),
  ];
}

function modelChanges(
  kind: 'model' | 'judge',
  was: readonly ModelDefinition[],
  now: readonly ModelDefinition[],
  secret: SecretSettings,
): readonly string[] {
  const changes = [
    ...was.filter(({ id }) => !now.some((model) => model.id === id)).map(({ id }) => `${kind} "${id}" removed`),
    ...now.flatMap((model) => {
      const earlier = was.find(({ id }) => id === model.id);
      return earlier === undefined ? [`${kind} "${model.id}" added`] : settingChanges(kind, earlier, model, secret);
    }),
  ];
  return changes.length > 0 || isSame(was, now) ? changes : [`the order of the ${kind}s changed`];
}

function settingChanges(
  kind: string,
  was: ModelDefinition,
  now: ModelDefinition,
  secret: SecretSettings,
): readonly string[] {
  const before = settingsOf(was);
  const after = settingsOf(now);
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => {
      const isShown = !HASHED_SETTINGS.includes(name) && !secret.has(settingName(now.id, name));
      return `${kind} "${now.id}": ${name} ${isShown ? changeText(before.get(name), after.get(name)) : 'changed'}`;
    });
}

/** Settings of which the journal stores hashes. */
export const HASHED_SETTINGS: readonly string[] = ['headers', 'extraBody', 'system', 'template'];

function changeText(before: string | undefined, after: string | undefined): string {
  const values = [before, after].map((value) => value ?? 'not set');
  const isLong = values.some((value) => value.length > MAX_VALUE_CHARACTERS);
  return isLong ? 'changed' : `was ${values[0]}, is ${values[1]}`;
}

/** Every setting by its name, as JSON; settings that are not set are absent. */
export function settingsOf({ wire, params, ...settings }: ModelDefinition): ReadonlyMap<string, string> {
  const { system, template, media, thinking = null } = settings;
  const members = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const all = [
    ...members(wire),
    ...members(params).map(([name, value]) => [`params.${name}`, value] as const),
    ...Object.entries({ system, template, media, thinking }),
  ];
  return new Map(all.flatMap(([name, value]) => (value === null ? [] : [[name, JSON.stringify(value)]])));
}

/** Uses little memory, however large the samples are: an entry of a set is 12 bytes. */
async function sampleChanges(
  directory: string,
  was: RunDefinition,
  { samples, hashOf }: CurrentRun,
  sameModelIds: readonly string[],
): Promise<readonly string[]> {
  const known = await readKnownSamples(directory);
  const currentIds = new HashSet64();
  const unknown = createIdList();
  const changed = createIdList();
  const moved = createIdList();
  for await (const sample of samples()) {
    const { id, index } = sample;
    const has = (kind: FactKind, ...facts: readonly Fact[]) => known.facts.has(factKey(kind, id, ...facts));
    const isRequestChanged = (modelId: string) =>
      has('model', modelId) && !has('hash', modelId, hashOf(sample, modelId));
    currentIds.add(id);
    if (!has('id')) unknown.add(id);
    else if (!has('card', sampleKey(sample), sampleCard(sample)) || sameModelIds.some(isRequestChanged))
      changed.add(id);
    else if (!has('index', index)) moved.add(id);
  }
  const removed = await findRemoved(directory, currentIds);
  // The journal does not name samples without a result.
  const hasAllNames = known.count === was.samples;
  const found = [
    removed.describe('removed'),
    unknown.describe(hasAllNames ? 'added' : 'added or not sent before'),
    changed.describe('changed'),
  ].filter((line) => line !== null);
  if (found.length > 0) return found;
  return [
    moved.describe('moved to another position') ??
      'samples changed in something that results do not store, e.g. their scorers',
  ];
}

interface KnownSamples {
  /** Facts about the samples, see `factKey`. */
  readonly facts: HashSet64;
  readonly count: number;
}

/** Reads the samples from the results since the last accepted change. */
async function readKnownSamples(directory: string): Promise<KnownSamples> {
  let facts = new HashSet64();
  let count = 0;
  await scanJournal(directory, (line) => {
    if (line.head.type === 'rebase') {
      facts = new HashSet64();
      count = 0;
    }
    const result = resultOf(line);
    if (result === null) return;
    const { sampleId: id, sampleIndex, modelId, requestHash, sample } = result;
    if (facts.add(factKey('id', id)) === undefined) count += 1;
    facts.add(factKey('card', id, result.sampleKey, sample));
    facts.add(factKey('index', id, sampleIndex));
    facts.add(factKey('model', id, modelId));
    facts.add(factKey('hash', id, modelId, requestHash));
  });
  return { facts, count };
}

async function findRemoved(directory: string, currentIds: HashSet64): Promise<IdList> {
  let seen = new HashSet64();
  let removed = createIdList();
  await scanJournal(directory, (line) => {
    if (line.head.type === 'rebase') {
      seen = new HashSet64();
      removed = createIdList();
    }
    const id = resultOf(line)?.sampleId;
    if (id !== undefined && !currentIds.has(id) && seen.add(id) === undefined) removed.add(id);
  });
  return removed;
}

function resultOf({ entry }: JournalLine) {
  return entry.type === 'result' ? entry.data : null;
}

type FactKind = 'id' | 'card' | 'index' | 'model' | 'hash';
type Fact = string | number | SampleCard;

/** One known fact about a sample, as an entry of a set. */
function factKey(kind: FactKind, sampleId: string, ...facts: readonly Fact[]): string {
  return JSON.stringify([kind, sampleId, ...facts]);
}

/** Counts ids and keeps the first of them. */
interface IdList {
  add(id: string): void;
  /** `2 samples removed: "a", "b"`; null without any. */
  describe(change: string): string | null;
}

function createIdList(): IdList {
  const named: string[] = [];
  let count = 0;
  return {
    add(id) {
      count += 1;
      if (named.length < MAX_NAMED) named.push(quote(id));
    },
    describe(change) {
      if (count === 0) return null;
      const more = count > named.length ? ` and ${count - named.length} more` : '';
      return `${count} ${count === 1 ? 'sample' : 'samples'} ${change}: ${named.join(', ')}${more}`;
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
