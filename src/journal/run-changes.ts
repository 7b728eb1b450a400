/** Names what differs between a run and what is asked now, so that a refused resume says why. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { sampleKey } from '../dataset/content-hash.ts';
import { sampleCard } from '../plan/conversation.ts';
import type { ModelDefinition, RunDefinition } from '../plan/request-hash.ts';
import type { SampleCard } from '../result.ts';
import { quote } from '../text/quote.ts';
import type { Sample } from '../types.ts';
import { decodeLine } from './journal-line.ts';
import { scanJournal } from './journal-scan.ts';

/** So many ids are named; the others are counted. */
const MAX_NAMED = 10;
/** Longer values of a setting are not shown. */
const MAX_VALUE_CHARACTERS = 60;

/** The run that is about to start. */
export interface CurrentRun {
  readonly definition: RunDefinition;
  readonly samples: () => AsyncIterable<Sample>;
  /** Hash of what the model of this id is asked of a sample. */
  readonly hashOf: (sample: Sample, modelId: string) => string;
}

/** One line a change: settings first, then samples, as far as the results in the journal tell. */
export async function describeChanges(
  directory: string,
  was: RunDefinition,
  { definition: now, samples, hashOf }: CurrentRun,
): Promise<readonly string[]> {
  const comparable = now.models.filter((model) => was.models.some((earlier) => isSame(earlier, model)));
  return [
    ...modelChanges(was.models, now.models),
    ...(was.repeat === now.repeat ? [] : [`repeat was ${was.repeat}, is ${now.repeat}`]),
    ...(isSame(was.scorers, now.scorers) ? [] : ['scorers changed']),
    ...(was.dataset === now.dataset
      ? []
      : await sampleChanges(
          directory,
          was,
          samples,
          comparable.map(({ id }) => id),
          hashOf,
        )),
  ];
}

function modelChanges(was: readonly ModelDefinition[], now: readonly ModelDefinition[]): readonly string[] {
  const changes = [
    ...was.filter(({ id }) => !now.some((model) => model.id === id)).map(({ id }) => `model "${id}" removed`),
    ...now.flatMap((model) => {
      const earlier = was.find(({ id }) => id === model.id);
      return earlier === undefined ? [`model "${model.id}" added`] : settingChanges(earlier, model);
    }),
  ];
  return changes.length > 0 || isSame(was, now) ? changes : ['the models stand in another order'];
}

function settingChanges(was: ModelDefinition, now: ModelDefinition): readonly string[] {
  const [before, after] = [settingsOf(was), settingsOf(now)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `model "${now.id}": ${name} ${changeText(name, before.get(name), after.get(name))}`);
}

/** These stand as hashes. */
const HASHED: readonly string[] = ['headers', 'extraBody', 'system', 'template'];

function changeText(name: string, before: string | undefined, after: string | undefined): string {
  const values = [before, after].map((value) => value ?? 'not set');
  const isLong = values.some((value) => value.length > MAX_VALUE_CHARACTERS);
  return HASHED.includes(name) || isLong ? 'changed' : `was ${values[0]}, is ${values[1]}`;
}

/** Every setting by its name, as JSON; what is not set is absent. */
function settingsOf({ wire, params, system, template, media }: ModelDefinition): ReadonlyMap<string, string> {
  const members = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const all = [
    ...members(wire),
    ...members(params).map(([name, value]) => [`params.${name}`, value] as const),
    ...Object.entries({ system, template, media }),
  ];
  return new Map(all.flatMap(([name, value]) => (value === null ? [] : [[name, JSON.stringify(value)]])));
}

/** In memory that does not grow with what the samples hold: an entry is 12 bytes. */
async function sampleChanges(
  directory: string,
  was: RunDefinition,
  samples: CurrentRun['samples'],
  comparable: readonly string[],
  hashOf: CurrentRun['hashOf'],
): Promise<readonly string[]> {
  const [known, asked] = await readKnown(directory);
  const now = new HashSet64();
  const [unknown, changed, moved] = [createNames(), createNames(), createNames()];
  for await (const sample of samples()) {
    const { id, index } = sample;
    now.add(id);
    const isReworded = (modelId: string) =>
      known.has(text('model', id, modelId)) && !known.has(text('hash', id, modelId, hashOf(sample, modelId)));
    if (!known.has(text('id', id))) unknown.add(id);
    else if (!known.has(text('card', id, sampleKey(sample), sampleCard(sample))) || comparable.some(isReworded))
      changed.add(id);
    else if (!known.has(text('index', id, index))) moved.add(id);
  }
  const removed = await findRemoved(directory, now);
  // Samples without any result are not known by name.
  const isComplete = asked === was.samples;
  const found = [
    removed.text('removed'),
    unknown.text(isComplete ? 'added' : 'new, or not asked before'),
    changed.text('changed'),
  ].filter((line) => line !== null);
  if (found.length > 0) return found;
  return [moved.text('in another place') ?? 'samples changed in what their results do not show, e.g. their scorers'];
}

/** What the results since the last change tell of their samples, and the number of these. */
async function readKnown(directory: string): Promise<readonly [known: HashSet64, samples: number]> {
  let known = new HashSet64();
  let count = 0;
  await scanJournal(directory, (line) => {
    if (line.head.type === 'rebase') [known, count] = [new HashSet64(), 0];
    const result = resultOf(line);
    if (result === null) return;
    const { sampleId, sampleIndex, modelId, requestHash, sample } = result;
    if (known.add(text('id', sampleId)) === undefined) count += 1;
    known.add(text('card', sampleId, result.sampleKey, sample));
    known.add(text('index', sampleId, sampleIndex));
    known.add(text('model', sampleId, modelId));
    known.add(text('hash', sampleId, modelId, requestHash));
  });
  return [known, count];
}

async function findRemoved(directory: string, now: HashSet64): Promise<Names> {
  let seen = new HashSet64();
  let removed = createNames();
  await scanJournal(directory, (line) => {
    if (line.head.type === 'rebase') [seen, removed] = [new HashSet64(), createNames()];
    const id = resultOf(line)?.sampleId;
    if (id !== undefined && !now.has(id) && seen.add(id) === undefined) removed.add(id);
  });
  return removed;
}

function resultOf({ head, text: line }: { readonly head: { readonly type: string }; readonly text: string }) {
  const entry = head.type === 'result' ? decodeLine(line) : null;
  return entry?.type === 'result' ? entry.data : null;
}

/** One entry of the set of known facts. */
function text(kind: string, id: string, ...facts: readonly (string | number | SampleCard)[]): string {
  return JSON.stringify([kind, id, ...facts]);
}

interface Names {
  add(id: string): void;
  /** `2 samples removed: "a", "b"`; null without any. */
  text(what: string): string | null;
}

function createNames(): Names {
  const named: string[] = [];
  let count = 0;
  return {
    add(id) {
      count += 1;
      if (named.length < MAX_NAMED) named.push(quote(id));
    },
    text(what) {
      if (count === 0) return null;
      const more = count > named.length ? ` and ${count - named.length} more` : '';
      return `${count} ${count === 1 ? 'sample' : 'samples'} ${what}: ${named.join(', ')}${more}`;
    },
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
