/** Counts what requests are billed by besides tokens: seconds of sound, pages, characters. */

import type { ContentPart, Message, ModelConfig } from '../types.ts';
import { secondsBetween } from './audio-tokens.ts';
import { pagesOf } from './document-tokens.ts';
import type { MediaFacts } from './media-facts.ts';
import type { ReadFacts } from './read-media-facts.ts';
import { sentClip } from './sent-media.ts';

/** Of one request. */
export interface BilledUnits {
  /** null = the length of some clip is not known. */
  readonly audioSeconds: number | null;
  /** An image is one page. null = the length of some document is not known. */
  readonly pages: number | null;
  /** Code points of all text. */
  readonly characters: number;
}

export const NO_UNITS: BilledUnits = { audioSeconds: 0, pages: 0, characters: 0 };

/** The least, the expected and the most that a request is billed by. */
export interface UnitEstimate {
  readonly low: BilledUnits;
  readonly expected: BilledUnits;
  readonly high: BilledUnits;
}

export const NO_UNIT_ESTIMATE: UnitEstimate = { low: NO_UNITS, expected: NO_UNITS, high: NO_UNITS };

type Settings = Pick<ModelConfig, 'media'>;

/** The units of a request as it is sent; media of unknown length make theirs unknown. */
export async function measuredUnits(
  messages: readonly Message[],
  model: Settings,
  readFacts: ReadFacts,
): Promise<BilledUnits> {
  let units = NO_UNITS;
  for (const part of messages.flatMap(({ content }) => content))
    units = addUnits(units, unitsOf(part, part.type === 'text' ? null : await sentFacts(part, model, readFacts)));
  return units;
}

/** The same before it is sent; media of unknown length are as long as any. */
export async function estimatedUnits(
  messages: readonly Message[],
  model: Settings,
  readFacts: ReadFacts,
): Promise<UnitEstimate> {
  let units = NO_UNIT_ESTIMATE;
  for (const part of messages.flatMap(({ content }) => content))
    units = addUnitEstimates(
      units,
      unitBand(part, part.type === 'text' ? null : await sentFacts(part, model, readFacts)),
    );
  return units;
}

type MediumPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** Settings of the model may cut a clip. Facts of another kind than the part are none. */
async function sentFacts(part: MediumPart, { media }: Settings, readFacts: ReadFacts): Promise<MediaFacts | null> {
  const facts = await readFacts(part.media);
  if (facts?.type !== part.type) return null;
  return facts.type === 'audio' ? sentClip(facts, media?.audio) : facts;
}

function unitsOf(part: ContentPart, facts: MediaFacts | null): BilledUnits {
  switch (part.type) {
    case 'text':
      return { ...NO_UNITS, characters: codePoints(part.text) };
    case 'image':
      return { ...NO_UNITS, pages: 1 };
    case 'audio':
      return { ...NO_UNITS, audioSeconds: facts?.type === 'audio' ? facts.seconds : null };
    case 'document':
      return { ...NO_UNITS, pages: facts?.type === 'document' ? pagesOf(facts)[1] : null };
    case 'video':
      return { ...NO_UNITS, audioSeconds: facts?.type === 'video' ? soundOf(facts) : null };
    default:
      return part satisfies never;
  }
}

const soundOf = ({ seconds, hasSound }: Extract<MediaFacts, { type: 'video' }>) => (hasSound ? seconds : 0);

function unitBand(part: ContentPart, facts: MediaFacts | null): UnitEstimate {
  const units = unitsOf(part, facts);
  if (part.type === 'document') {
    const [low, expected, high] = pagesOf(facts?.type === 'document' ? facts : null);
    return bandOf((pages) => ({ ...units, pages }), [low, expected, high]);
  }
  if (part.type !== 'audio' && part.type !== 'video') return { low: units, expected: units, high: units };
  const isApproximate = facts?.type === 'audio' && facts.isApproximate === true;
  return bandOf((audioSeconds) => ({ ...units, audioSeconds }), secondsBetween(units.audioSeconds, isApproximate));
}

function bandOf(
  unitsWith: (amount: number) => BilledUnits,
  [low, expected, high]: readonly [number, number, number],
): UnitEstimate {
  return { low: unitsWith(low), expected: unitsWith(expected), high: unitsWith(high) };
}

function addUnits(a: BilledUnits, b: BilledUnits): BilledUnits {
  return {
    audioSeconds: a.audioSeconds === null || b.audioSeconds === null ? null : a.audioSeconds + b.audioSeconds,
    pages: a.pages === null || b.pages === null ? null : a.pages + b.pages,
    characters: a.characters + b.characters,
  };
}

export function addUnitEstimates(a: UnitEstimate, b: UnitEstimate): UnitEstimate {
  return { low: addUnits(a.low, b.low), expected: addUnits(a.expected, b.expected), high: addUnits(a.high, b.high) };
}

/** A character outside of the basic plane is two code units. */
function codePoints(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}
