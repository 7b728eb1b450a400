/** The keys of a sample: one pairs it between runs, one changes with anything in it, one is its default id. */

import { hash } from 'node:crypto';
import { sortedMembers } from '../text/sorted-members.ts';
import type { ContentPart, Media, Sample } from '../types.ts';
import { EMPTY_TARGET } from './parse-values.ts';

const KEY_LENGTH = 32; // hexadecimal digits: 128 bits pair any number of samples safely
const ID_LENGTH = 16; // hexadecimal digits: readable, and any two of a million ids collide with a probability of 3e-8

/** A medium is known by its bytes, so a file that only moved keeps its key. */
function mediaKey(media: Media): string {
  return media.type === 'url' ? `url:${media.uri}` : `sha256:${media.sha256}`;
}

function describe(part: ContentPart): readonly unknown[] {
  if (part.type === 'text') return ['text', part.text];
  return [part.type, mediaKey(part.media), part.type === 'image' ? (part.detail ?? null) : null];
}

function mediaOf(parts: readonly ContentPart[]): readonly string[] {
  return parts.flatMap((part) => (part.type === 'text' ? [] : [mediaKey(part.media)]));
}

/** Pairs samples between runs and with baselines by id, media and target; a changed prompt is then what is compared. 32 hexadecimal digits. */
export function sampleKey(sample: Sample): string {
  const media = [...sample.messages, ...sample.turns].flatMap(({ content }) => mediaOf(content));
  const turnTargets = sample.turns.map((turn) => turn.target);
  return keyOfParts({ id: sample.id, media, target: hashedTarget(sample), turnTargets });
}

/** What a `sampleKey` is made of. */
export interface KeyParts {
  readonly id: string;
  /** `sha256:<hex>` or `url:<uri>`, in the order of the messages and turns. */
  readonly media: readonly string[];
  readonly target: readonly string[];
  readonly turnTargets: readonly (readonly string[])[];
}

/** The `sampleKey` of a sample with these parts. */
export function keyOfParts({ id, media, target, turnTargets }: KeyParts): string {
  return hash('sha256', JSON.stringify([id, media, target, turnTargets])).slice(0, KEY_LENGTH);
}

/** SHA-256 of everything in a sample but its position, with media by their bytes (or URL). 64 hexadecimal digits. */
export function contentHash(sample: Sample): string {
  return hash('sha256', JSON.stringify([sample.id, ...contentOf(sample)]));
}

/** As `contentHash`, with all media alike: it stays the same when a medium is repaired, and with it a default id. */
export function hashWithoutMedia(sample: Sample): string {
  const id = sample.id === defaultId(sample) ? null : sample.id;
  return hash('sha256', JSON.stringify([id, ...contentOf(sample, () => ['media'])]));
}

/** The id of a sample without one. It depends on the content and not on the line, so an inserted row changes no ids. */
export function defaultId(sample: Omit<Sample, 'id'>): string {
  return hash('sha256', JSON.stringify(contentOf(sample))).slice(0, ID_LENGTH);
}

function contentOf(sample: Omit<Sample, 'id'>, describeMedia = describe): readonly unknown[] {
  const parts = (content: readonly ContentPart[]) =>
    content.map((part) => (part.type === 'text' ? describe(part) : describeMedia(part)));
  return [
    sample.messages.map(({ role, content }) => [role, parts(content)]),
    sample.turns.map(({ content, target }) => [parts(content), target]),
    hashedTarget(sample),
    sortedMembers(sample.scorers ?? null),
    sample.group,
    sample.tags,
    sortedMembers(sample.metadata),
    sortedMembers(withoutNulls(sample.params)),
  ];
}

/** Ids and keys of earlier versions, which read the target `""` as none, stay the same: a resumed run pays for nothing again. */
const hashedTarget = ({ target }: Pick<Sample, 'target'>) => (target === EMPTY_TARGET ? [] : target);

/** Hashes of earlier versions, which read null as not written, stay the same. The request hash tells both apart. */
function withoutNulls(params: Sample['params']): unknown {
  return params === undefined ? null : Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
}
