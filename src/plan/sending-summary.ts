/** What a run will send: samples by what they hold, different media with their size and length, and cells that are skipped. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { MEDIUM_KINDS } from '../modalities.ts';
import { counted } from '../text/counted.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { ContentPart, Sample } from '../types.ts';
import type { PlannedSample } from './inspect.ts';

/** Media of one kind in the samples. */
export interface MediaSummary {
  /** Samples that have at least one. */
  readonly samples: number;
  /** Different files by their content, and different URLs. */
  readonly distinct: number;
  /** Of the different files, before base64; media behind URLs are not counted. Null = no file was opened. */
  readonly bytes: number | null;
  /** Different URLs, which are not read. */
  readonly urls: number;
}

/** What a run will send, worked out without sending anything. */
export interface SendingSummary {
  /** Cells with a request; the others are skipped, because the model does not support the sample. */
  readonly sentCells: number;
  readonly skippedCells: number;
  /** More than cells where samples have turns. */
  readonly requests: number;
  readonly text: { readonly samples: number };
  readonly image: MediaSummary;
  /** `seconds` of the different clips whose length is known. */
  readonly audio: MediaSummary & { readonly seconds: number | null };
  /** `pages` of the different documents whose pages are known. */
  readonly document: MediaSummary & { readonly pages: number | null };
  readonly video: MediaSummary & { readonly seconds: number | null };
  /** Media in all requests together, before base64; a later turn repeats the media of the turns before it. Null as above. */
  readonly sentMediaBytes: number | null;
}

/** Collects the summary sample by sample. */
export interface SendingCount {
  add(planned: PlannedSample): Promise<void>;
  summary(): SendingSummary;
}

/** `repeat`: how often each sample is asked. `readsMedia`: whether the sizes of files are known. */
export function createSendingCount(facts: ReadFacts, repeat: number, readsMedia = true): SendingCount {
  const files = { image: new HashSet64(), audio: new HashSet64(), document: new HashSet64(), video: new HashSet64() };
  const urls = new HashSet64();
  const media = { image: noMedia(), audio: noMedia(), document: noMedia(), video: noMedia() };
  const seconds = { audio: 0, video: 0 };
  let pages = 0;
  const total = { sentCells: 0, skippedCells: 0, requests: 0, sentMediaBytes: 0, withText: 0 };

  const addPart = async (part: Exclude<ContentPart, { type: 'text' }>) => {
    const known =
      part.media.type === 'url'
        ? urls.add(`${part.type} ${part.media.uri}`)
        : files[part.type].addDigest(part.media.sha256);
    if (known !== undefined) return;
    const kind = media[part.type];
    kind.distinct += 1;
    if (part.media.type === 'url') kind.urls += 1;
    else kind.bytes += part.media.byteLength;
    if (part.type === 'document') pages += part.media.type === 'url' ? 0 : (part.media.pages ?? 0);
    const found = part.type === 'audio' || part.type === 'video' ? await facts(part.media) : null;
    if (found?.type === 'audio' || found?.type === 'video') seconds[found.type] += found.seconds;
  };

  return {
    async add({ sample, requests }) {
      const parts = partsOf(sample);
      const types = new Set(parts.map(({ type }) => type));
      if (types.has('text')) total.withText += 1;
      for (const type of MEDIUM_KINDS) if (types.has(type)) media[type].samples += 1;
      for (const part of parts) if (part.type !== 'text') await addPart(part);
      for (const { unsupported, conversation } of requests) {
        if (unsupported !== null) {
          total.skippedCells += repeat;
          continue;
        }
        total.sentCells += repeat;
        const later = conversation.followUps.map(({ content }) => bytesOf(content));
        const first = bytesOf(conversation.messages.flatMap(({ content }) => content));
        total.requests += repeat * (1 + later.length);
        // Each turn is sent again with every turn after it.
        const repeated = later.reduce((sum, bytes, index) => sum + bytes * (later.length - index), 0);
        total.sentMediaBytes += repeat * (first * (1 + later.length) + repeated);
      }
    },
    summary: () => {
      const { withText, ...counts } = total;
      const text = { samples: withText };
      const { image, audio, document, video } = media;
      if (readsMedia)
        return {
          ...counts,
          text,
          image,
          audio: { ...audio, seconds: seconds.audio },
          document: { ...document, pages },
          video: { ...video, seconds: seconds.video },
        };
      return {
        ...counts,
        sentMediaBytes: null,
        text,
        image: { ...image, bytes: null },
        audio: { ...audio, bytes: null, seconds: null },
        document: { ...document, bytes: null, pages: null },
        video: { ...video, bytes: null, seconds: null },
      };
    },
  };
}

const noMedia = () => ({ samples: 0, distinct: 0, bytes: 0, urls: 0 });

const partsOf = ({ messages, turns }: Sample) => [...messages, ...turns].flatMap(({ content }) => content);

function bytesOf(content: readonly ContentPart[]): number {
  return content.reduce(
    // The size of a page's image is known only when it is made.
    (sum, part) =>
      sum + (part.type === 'text' || part.media.type === 'url' || part.media.page ? 0 : part.media.byteLength),
    0,
  );
}

/** The summary for people, a line each; a kind that no sample has is left out. */
export function sendingText(summary: SendingSummary): readonly string[] {
  const { sentCells, skippedCells, requests, text, image, audio, document, video, sentMediaBytes } = summary;
  const skipped = skippedCells === 0 ? '' : `, ${counted(skippedCells, 'cell is', 'cells are')} skipped`;
  const all = sentMediaBytes === null || sentMediaBytes === 0 ? '' : ` with ${inUnits(sentMediaBytes)} of media`;
  return [
    `to send: ${counted(requests, 'request')} for ${counted(sentCells, 'cell')}${all}${skipped}`,
    ...(text.samples === 0 ? [] : [`text: in ${counted(text.samples, 'sample')}`]),
    ...mediaText('images', image, ''),
    ...mediaText('audio', audio, lengthOf(audio.seconds)),
    ...mediaText(
      'documents',
      document,
      document.pages === null || document.pages === 0 ? '' : `, ${counted(document.pages, 'page')}`,
    ),
    ...mediaText('videos', video, lengthOf(video.seconds)),
  ];
}

const lengthOf = (seconds: number | null) => (seconds === null || seconds === 0 ? '' : `, ${duration(seconds)}`);

function mediaText(name: string, { samples, distinct, bytes, urls }: MediaSummary, more: string): readonly string[] {
  if (samples === 0) return [];
  const links = urls === 0 ? '' : `, ${urls} of them by URL`;
  const known = bytes === null ? 'not opened' : inUnits(bytes);
  const size = urls === distinct ? '' : `, ${known}`;
  return [`${name}: in ${counted(samples, 'sample')}, ${distinct} different${links}${size}${more}`];
}

function inUnits(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  if (bytes < 2 ** 10) return `${bytes} bytes`;
  const step = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 2 ** (10 * step)).toFixed(1)} ${units[step - 1]}`;
}

/** `0:07`, `12:03` or `1:02:03`. */
function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
