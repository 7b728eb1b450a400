/** Says what the media settings of each model will change before anything is sent; which media they cannot change. */

import { HashSet64 } from '../collections/hash-set-64.ts';
import { maxPixelsOf } from '../media/prepare-image.ts';
import { isDecoded, sentType } from '../media/sent-form.ts';
import type { AudioTransform, MediaRules } from '../media-transform.ts';
import { stressOf } from '../stress-kinds.ts';
import { counted } from '../text/counted.ts';
import type { MediaFacts } from '../tokens/media-facts.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import { sentClip } from '../tokens/sent-media.ts';
import type { ContentPart, ModelConfig } from '../types.ts';
import { mediaRulesOf } from './model-provider.ts';
import type { PlannedRequest } from './planned-request.ts';

type MediaPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** Names that people know; others are the second half of the media type. */
const NAMES: Readonly<Record<string, string>> = {
  'image/jpeg': 'JPEG',
  'image/webp': 'WebP',
  'audio/mpeg': 'MP3',
  'audio/ogg': 'Ogg',
  'audio/mp4': 'M4A',
};

const nameOf = (mediaType: string) => NAMES[mediaType] ?? mediaType.replace(/^.*\//, '').toUpperCase();

/** Bytes of a sample of a WAV file that is made. */
const BYTES_A_SAMPLE = 2;

/** How far the length of a clip may be off where it does not follow from a count of samples. */
const APPROXIMATE = 2;

interface Counted {
  readonly first: string;
  count: number;
}

/** Counts, for each model, the different media that each kind of change applies to. */
export function createConversionCount() {
  const rules = new Map<string, MediaRules>();
  const seen = new HashSet64();
  const found = new Map<string, Map<string, Counted>>();
  return {
    async add(requests: readonly PlannedRequest[], readFacts: ReadFacts): Promise<void> {
      for (const { model, conversation, unsupported } of requests) {
        // A step of a stress test is asked for; its model as it is says what else is changed.
        if (unsupported !== null || model.media === undefined || stressOf(model.media) !== null) continue;
        const ofModel = rules.get(model.id) ?? mediaRulesOf(model);
        rules.set(model.id, ofModel);
        for (const part of [...conversation.messages, ...conversation.followUps].flatMap(({ content }) => content)) {
          if (part.type === 'text' || part.media.type === 'url') continue;
          if (seen.add(`${model.id} ${part.type} ${part.media.sha256}`) !== undefined) continue;
          const kinds = found.get(model.id) ?? new Map<string, Counted>();
          found.set(model.id, kinds);
          for (const kind of changesOf(part, await readFacts(part.media), ofModel)) {
            const counted = kinds.get(kind) ?? { first: part.media.uri, count: 0 };
            counted.count += 1;
            kinds.set(kind, counted);
          }
        }
      }
    },
    /** One of each model and kind: `small: 3 images are converted from TIFF to PNG: a.tif and others`. */
    sentences: (): readonly string[] =>
      [...found].flatMap(([id, kinds]) =>
        [...kinds].map(([kind, { first, count }]) => {
          const [what = '', ...rest] = kind.split(' ');
          const more = count === 1 ? '' : ` and ${count - 1} more`;
          return `${id}: ${counted(count, `${what} is`, `${what}s are`)} ${rest.join(' ')}: ${first}${more}`;
        }),
      ),
  };
}

/** What is done to a medium; the first word is what it is. */
function changesOf({ type, media }: MediaPart, facts: MediaFacts | null, rules: MediaRules): readonly string[] {
  if (media.type === 'url') return [];
  const pages = media.page === undefined ? [] : ['document sent as images of its pages'];
  const sent = sentType(type, media.mediaType, rules) ?? media.mediaType;
  const converted =
    sent === media.mediaType ? [] : [`${type} converted from ${nameOf(media.mediaType)} to ${nameOf(sent)}`];
  if (facts?.type === 'image') return [...pages, ...converted, ...imageChanges(facts, rules)].map(asClip);
  if (facts?.type === 'audio') return [...converted, ...clipChanges(facts, media.mediaType, sent, rules)].map(asClip);
  return converted.map(asClip);
}

const asClip = (kind: string) => kind.replace(/^audio /, 'clip ');

type ImageFacts = Extract<MediaFacts, { readonly type: 'image' }>;
type ClipFacts = Extract<MediaFacts, { readonly type: 'audio' }>;

function imageChanges({ width, height, orientation }: ImageFacts, { image }: MediaRules): readonly string[] {
  if (image === undefined) return [];
  const { maxEdge = Number.POSITIVE_INFINITY } = image;
  return [
    ...(Math.max(width, height) > maxEdge ? [`image scaled down to at most ${maxEdge} pixels a side`] : []),
    ...(orientation === 1 ? [] : ['image turned upright']),
  ];
}

function clipChanges(
  { seconds, sampleRate, channels }: ClipFacts,
  mediaType: string,
  sent: string,
  { audio }: MediaRules,
): readonly string[] {
  if (audio === undefined) return [];
  const { sampleRate: wanted, maxSeconds = Number.POSITIVE_INFINITY } = audio;
  const isCut = seconds > maxSeconds;
  const isMade = isCut || sent !== mediaType || audio.format !== 'keep';
  const isResampled = isMade && wanted !== undefined && sampleRate !== null && sampleRate !== wanted;
  return [
    ...(isCut ? [`audio cut to the first ${maxSeconds} s`] : []),
    ...(isResampled ? [`audio resampled from ${sampleRate} to ${wanted} Hz`] : []),
    ...(isMade && channels !== null && channels > 1 ? ['audio mixed down to one channel'] : []),
  ];
}

/** Why the settings of a model cannot be applied to a medium; null when they can, or when that is not known. `maxBytes`: of a file that is made. */
export function whyNotConverted(
  model: ModelConfig,
  { type, media }: MediaPart,
  facts: MediaFacts | null,
  maxBytes: number,
): string | null {
  if (model.media === undefined || media.type === 'url' || facts === null) return null;
  if (type === 'image' && facts.type === 'image' && model.media.image !== undefined) {
    const { width, height } = facts;
    const most = maxPixelsOf(media.mediaType);
    return width * height > most
      ? `it has ${width} x ${height} pixels; at most ${most / 1e6} megapixels can be scaled or converted`
      : null;
  }
  const rules = mediaRulesOf(model);
  if (type !== 'audio' || facts.type !== 'audio' || rules.audio === undefined) return null;
  if (!isDecoded(media.mediaType, rules.audio, rules.audioTypes)) return null;
  return isTooLong(facts, rules.audio, maxBytes) ? tooLong(facts.seconds, maxBytes) : null;
}

function isTooLong(facts: ClipFacts, audio: AudioTransform, maxBytes: number): boolean {
  const { seconds, sampleRate, isApproximate } = sentClip(facts, audio);
  const made = audio.stress?.kind === 'sampleRate' ? audio.stress.level : sampleRate;
  const bytes = seconds * (audio.sampleRate ?? made ?? 0) * BYTES_A_SAMPLE;
  return bytes > maxBytes * (isApproximate === true ? APPROXIMATE : 1);
}

function tooLong(seconds: number, maxBytes: number): string {
  return `as WAV its ${Math.round(seconds)} s have more than ${maxBytes} bytes · set media.audio.maxSeconds or a lower sampleRate, or raise maxMediaBytes`;
}
