/** Collects what is known of models offline: facts with their origin, token rules and prices. */

import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import type { Api } from '../models/fact-row.ts';
import { FACTS } from '../models/facts-table.ts';
import type { Host, NamedModel } from '../models/host.ts';
import { type Fact, factOf } from '../models/model-facts.ts';
import { comparableModel } from '../models/model-name.ts';
import type { Price } from '../price.ts';
import { pricedModelNames, priceOf } from '../tokens/price-table.ts';
import { REASONING_READ_ON, reasoningRow } from '../tokens/reasoning.ts';
import { resolveAudioRule, resolveImageRule, resolveTextRule } from '../tokens/resolve-rule.ts';
import type { Modality } from '../types.ts';

/** A fact that holds at one host. */
export interface HostFact<Value> extends Fact<Value> {
  readonly host: Host;
}

/** What is known of one model; null or an empty list = nothing. */
export interface KnownModel {
  readonly model: string;
  readonly modalities: Fact<readonly Modality[]> | null;
  readonly reasoning: Fact<boolean> | null;
  /** The only protocol in which it answers. */
  readonly api: Fact<Api> | null;
  readonly maxImages: readonly HostFact<number>[];
  readonly maxAudioBytes: readonly HostFact<number>[];
  readonly maxAudioSeconds: readonly HostFact<number>[];
  /** Parameters that the model answers with an error. */
  readonly refuses: Fact<readonly string[]> | null;
  /** The member that it takes instead of `max_tokens`. */
  readonly lengthMember: Fact<string> | null;
  /** `value` null = the source names no date. */
  readonly retiresOn: readonly HostFact<string | null>[];
  /** Names of token rules. */
  readonly tokenRules: { readonly text: string | null; readonly image: string | null; readonly audio: string | null };
  /** USD per 1,000,000 tokens; `source` is `free` for a model that runs on this machine. */
  readonly price: (Price & { readonly source: string }) | null;
}

/** The names of all known models, sorted; spellings of one name count once. */
export function knownModelNames(): readonly string[] {
  const names = [...Object.keys(LOCAL_MODELS), ...FACTS.flatMap((row) => row.names), ...pricedModelNames()];
  const byName = new Map(names.toReversed().map((name) => [comparableModel(name).replaceAll('.', '-'), name]));
  return [...byName.values()].sort((a, b) => a.localeCompare(b, 'en'));
}

/** Everything that the tables say about a model of this name. */
export function knownModel(name: string): KnownModel {
  const hosts = hostsOf(name);
  const named: NamedModel = { provider: hosts[0] ?? '', model: name };
  const ofHosts = <Name extends 'maxImages' | 'maxAudioBytes' | 'maxAudioSeconds' | 'retiresOn'>(fact: Name) =>
    hosts.flatMap((host) => {
      const found = factOf({ provider: host, model: name }, fact);
      return found === null ? [] : [{ host, ...found }];
    });
  const rule = resolveTextRule({ model: name }).name;
  const modalities = modalitiesOf(name, named);
  const takes = (modality: Modality) => modalities === null || modalities.value.includes(modality);
  return {
    model: name,
    modalities,
    reasoning: reasoningOf(name),
    api: factOf(named, 'api'),
    maxImages: takes('image') ? ofHosts('maxImages') : [],
    maxAudioBytes: takes('audio') ? ofHosts('maxAudioBytes') : [],
    maxAudioSeconds: takes('audio') ? ofHosts('maxAudioSeconds') : [],
    refuses: factOf(named, 'refuses'),
    lengthMember: factOf(named, 'lengthMember'),
    retiresOn: ofHosts('retiresOn'),
    tokenRules: {
      text: rule === 'unknown' ? null : rule,
      image: takes('image') ? (resolveImageRule({ model: name })?.name ?? null) : null,
      audio: takes('audio') ? (resolveAudioRule({ model: name })?.name ?? null) : null,
    },
    price: priceOfName(name, named),
  };
}

/** Whether anything is known that is about this model and not about all models of a host. */
export function isKnown({ modalities, reasoning, refuses, retiresOn, tokenRules, price }: KnownModel): boolean {
  const facts = [modalities, reasoning, refuses, price, ...Object.values(tokenRules)];
  return retiresOn.length > 0 || facts.some((fact) => fact !== null);
}

/** The hosts that serve a model, by its name; the first one decides what is the same everywhere. */
function hostsOf(name: string): readonly Host[] {
  if (isLocalModelName(name)) return ['local'];
  const comparable = comparableModel(name);
  const rows = FACTS.filter(
    ({ models, hosts, names }) => hosts !== undefined && names.length > 0 && models.test(comparable),
  );
  const stated = new Set(rows.flatMap(({ hosts = [] }) => hosts));
  const all = HOSTS_BY_NAME.find(([pattern]) => pattern.test(comparable))?.[1] ?? ['azure'];
  return [...all, ...[...stated].filter((host) => !all.includes(host))];
}

const HOSTS_BY_NAME: readonly (readonly [RegExp, readonly Host[]])[] = [
  [/gemini/, ['google']],
  [/claude/, ['anthropic', 'azure']],
  [/gpt|(^|[^a-z0-9])o\d|whisper|(^|[^a-z0-9])tts/, ['openai', 'azure']],
];

function modalitiesOf(name: string, named: NamedModel): KnownModel['modalities'] {
  if (!isLocalModelName(name)) return factOf(named, 'modalities');
  return { value: ['text', LOCAL_MODELS[name].medium], source: "earsight's embedded endpoint", asOf: EMBEDDED_AS_OF };
}

function reasoningOf(name: string): KnownModel['reasoning'] {
  const row = reasoningRow(comparableModel(name));
  return row === undefined ? null : { value: row.reasons, source: row.source, asOf: REASONING_READ_ON };
}

/** The embedded models are part of this version. */
const EMBEDDED_AS_OF = FACTS.find(({ hosts }) => hosts?.includes('local'))?.asOf ?? '';

function priceOfName(name: string, { provider }: NamedModel): KnownModel['price'] {
  const found = priceOf({ provider, model: name });
  if (found === null) return null;
  const { models: _, validFrom: __, readOn: ___, ...rates } = found.price as Price & Partial<Record<string, unknown>>;
  return { ...rates, source: found.source };
}
