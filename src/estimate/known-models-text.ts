/** Prints what is known of models for people: one line a model, or one model with the origin of each fact. */

import type { Price } from '../price.ts';
import { NONE } from '../reporters/figures-for-people.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { textTable } from '../text/text-table.ts';
import { FREE } from '../tokens/price-table.ts';
import type { HostFact, KnownModel } from './known-models.ts';

/** Rates of a price and their names for people, in the order of an invoice. */
const RATES: readonly (readonly [keyof Price, string])[] = [
  ['promptPerMillion', 'prompt'],
  ['imagePromptPerMillion', 'images'],
  ['audioPromptPerMillion', 'audio'],
  ['cachedPromptPerMillion', 'cached'],
  ['cacheWritePerMillion', 'written to the cache'],
  ['completionPerMillion', 'completion'],
  ['audioCompletionPerMillion', 'spoken answers'],
];

const HEAD = ['model', 'takes', 'text', 'images', 'audio', '$/M prompt', '$/M completion', 'retires', 'refuses'];

/** A table with one line for each model. */
export function knownModelsTable(models: readonly KnownModel[]): string {
  return textTable([HEAD, ...models.map(tableRow)], 'lllllrrll');
}

function tableRow(known: KnownModel): readonly string[] {
  const { model, modalities, tokenRules, price, retiresOn, refuses } = known;
  const dates = retiresOn.flatMap(({ host, value }) => (value === null ? [] : [`${value} ${host}`]));
  return [
    model,
    modalities?.value.join(' ') ?? NONE,
    ...[tokenRules.text, tokenRules.image, tokenRules.audio].map((rule) => rule ?? NONE),
    rate(price, 'promptPerMillion'),
    rate(price, 'completionPerMillion'),
    dates.join(', ') || NONE,
    refuses?.value.join(' ') ?? NONE,
  ];
}

function rate(price: KnownModel['price'], name: 'promptPerMillion' | 'completionPerMillion'): string {
  if (price?.source === FREE) return FREE;
  return price?.[name] === undefined ? NONE : String(price[name]);
}

/** One model, each fact with its source and date. */
export function knownModelText(known: KnownModel): string {
  const { text, image, audio } = known.tokenRules;
  const { reasoning, api, modalities, refuses, lengthMember } = known;
  const rows = [
    ['takes', fact(modalities, (value) => value.join(', '))],
    ['reasoning', fact(reasoning, (value) => (value ? 'yes' : 'no'))],
    ['answers only', fact(api, (value) => `with api: ${value}`)],
    ...known.maxImages.map((one) => ['images a request', atHost(one, String(one.value))]),
    ...known.maxAudioBytes.map((one) => ['largest clip', atHost(one, `${one.value} bytes`)]),
    ...known.maxAudioSeconds.map((one) => ['longest clip', atHost(one, `${one.value} s`)]),
    ['refuses', fact(refuses, (value) => value.join(', '))],
    ['longest answer', fact(lengthMember, (value) => `${value}, not max_tokens`)],
    ...known.retiresOn.map((one) => ['retires', atHost(one, one.value ?? 'no date')]),
    ['token rules', [`text ${text ?? NONE}`, `images ${image ?? NONE}`, `audio ${audio ?? NONE}`].join(', ')],
    ['price', priceText(known.price)],
  ];
  const lines = rows.flatMap(([label, value]) => (value === null ? [] : [`  ${String(label).padEnd(18)}${value}`]));
  return `${[known.model, ...lines].map(escapeTerminal).join('\n')}\n`;
}

const UNITS = [
  ['perAudioMinute', 'a minute of sound'],
  ['perPage', 'a page'],
  ['promptPerMillionCharacters', 'per 1,000,000 characters of the prompt'],
] as const;

interface Origin {
  readonly source: string;
  readonly asOf: string;
}

function fact<Value>(
  known: ({ readonly value: Value } & Origin) | null,
  write: (value: Value) => string,
): string | null {
  return known === null ? null : `${write(known.value)} (${origin(known)})`;
}

function atHost(known: HostFact<unknown>, value: string): string {
  return `${value} on ${known.host} (${origin(known)})`;
}

function origin({ source, asOf }: Origin): string {
  return `${source}, ${asOf}`;
}

function priceText(price: KnownModel['price']): string {
  if (price === null) return 'unpriced';
  if (price.source === FREE) return FREE;
  const rates = RATES.flatMap(([name, label]) => (price[name] === undefined ? [] : [`$${price[name]} ${label}`]));
  const units = UNITS.flatMap(([name, label]) => (price[name] === undefined ? [] : [`$${price[name]} ${label}`]));
  const tokens = rates.length === 0 ? [] : [`${rates.join(', ')} per 1,000,000 tokens`];
  return `${[...tokens, ...units].join(', ')} (${price.source})`;
}
