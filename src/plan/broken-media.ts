/** Finds media that no model can use (truncated files, images without pixels, sound without length), and leaves samples out. */

import { createRowRanges } from '../collections/row-ranges.ts';
import { MAX_MEDIA_BYTES } from '../dataset/media-file.ts';
import type { Problem } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { whyUnusable } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { Sample } from '../types.ts';
import { whyNotConverted } from './conversions.ts';
import type { PlannedRequest } from './planned-request.ts';

/** Whether a sample has anything but text. */
export const hasMedia = ({ messages, turns }: Pick<Sample, 'messages' | 'turns'>): boolean =>
  [...messages, ...turns].some(({ content }) => content.some(({ type }) => type !== 'text'));

/** A medium that no model can use. */
export interface UnusableMedium {
  readonly uri: string;
  /** Names it and says why. */
  readonly message: string;
}

/** Each such medium that would be sent to at least one model. `maxMediaBytes`: of a file that is made of it. */
export async function unusableMedia(
  requests: readonly PlannedRequest[],
  facts: ReadFacts,
  maxMediaBytes: number = MAX_MEDIA_BYTES,
): Promise<readonly UnusableMedium[]> {
  const unusable = new Map<string, UnusableMedium>();
  for (const { model, conversation, unsupported } of requests) {
    if (unsupported !== null) continue;
    for (const part of [...conversation.messages, ...conversation.followUps].flatMap(({ content }) => content)) {
      if (part.type === 'text') continue;
      const found = await facts(part.media);
      const why = whyUnusable(found, part.type) ?? whyNotConverted(model, part, found, maxMediaBytes);
      const { uri } = part.media;
      const message = `${quote(uri)} cannot be used: ${why}`;
      if (why !== null) unusable.set(message, { uri, message });
    }
  }
  return [...unusable.values()];
}

/** The samples that are left out of every model because of their media. */
export interface BrokenSamples {
  /** Returns the sample as broken; in the order of the manifest. */
  add(sample: Sample, reason: string): Sample;
  /** Returns a sample of a later pass as broken when it was added. */
  mark(sample: Sample): Sample;
  /** See `RowRanges.text`. */
  rows(): string;
  warnings(sampleCount: number): readonly string[];
  /** Only when all samples are broken: nothing would be sent. */
  problems(sampleCount: number): readonly Problem[];
}

/** Further samples are counted, not named. */
const MAX_NAMED = 20;

/** `file` is the path of the manifest, as the user wrote it. */
export function createBrokenSamples(file: string): BrokenSamples {
  const reasons = new Map<number, string>();
  const ranges = createRowRanges();
  const named: { readonly line: number; readonly message: string }[] = [];
  return {
    add(sample, reason) {
      reasons.set(sample.index, reason);
      ranges.add(sample.index);
      if (named.length < MAX_NAMED) named.push({ line: sample.line, message: reason });
      return sample.broken === undefined ? { ...sample, broken: reason } : sample;
    },
    mark(sample) {
      const broken = sample.broken === undefined ? reasons.get(sample.index) : undefined;
      return broken === undefined ? sample : { ...sample, broken };
    },
    rows: ranges.text,
    warnings(sampleCount) {
      if (reasons.size === 0) return [];
      const more = reasons.size - named.length;
      const verb = reasons.size === 1 ? 'is' : 'are';
      return [
        `${reasons.size} of ${sampleCount} samples ${verb} left out of every model: their media are missing or broken`,
        ...named.map(({ line, message }) => `${file}:${line} left out: ${message}`),
        ...(more > 0 ? [`${file} ${more} more samples are left out`] : []),
      ];
    },
    problems: (sampleCount) =>
      reasons.size > 0 && reasons.size === sampleCount ? named.map((one) => ({ file, ...one })) : [],
  };
}
