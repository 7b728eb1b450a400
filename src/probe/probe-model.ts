/** Probes which content a model accepts, and derives settings for its configuration from the answers. */

import { defined } from '../collections/defined.ts';
import { providerOf } from '../plan/model-provider.ts';
import type { Modality, ModelConfig } from '../types.ts';
import { type AudioEncoding, answerOf, failureOf, type ProbeCall, type Prober } from './probe-calls.ts';
import { pictureOf, tone } from './probe-media.ts';

/** Pixels: above the smallest size that any model family accepts, and only one tile or a few patches in all of them. */
const EDGE = 64;
const RED = [200, 30, 30] as const;
const BLUE = [30, 60, 200] as const;

/** What the endpoint accepts. null = not known: not sent, or failed for another reason. */
export interface Findings {
  readonly text: boolean | null;
  readonly image: boolean | null;
  readonly twoImages: boolean | null;
  readonly audio: boolean | null;
  /** The encoding in which the endpoint accepted audio; null = none. */
  readonly audioEncoding: AudioEncoding | null;
}

/** The most calls that `probeModel` makes. */
export function maxCalls(model: ModelConfig): number {
  return 1 + (carries(model, 'image') ? 2 : 0) + encodingsOf(model).length;
}

/**
 * Sends text, one image, two images and audio, as far as the provider supports them. When text gets no answer, nothing
 * else is sent, unless the failure says that media are required: some audio models reject text alone.
 */
export async function probeModel(prober: Prober): Promise<Findings> {
  const { model } = prober;
  const textCall = await prober.ask('text');
  const text = accepted(textCall);
  if (text !== true && !requiresMedia(textCall))
    return { text, image: null, twoImages: null, audio: null, audioEncoding: null };

  const red = pictureOf(EDGE, EDGE, RED);
  const blue = pictureOf(EDGE, EDGE, BLUE);
  const image = carries(model, 'image') ? accepted(await prober.ask('image', { images: [red] })) : false;
  const twoImages = image === true ? accepted(await prober.ask('2 images', { images: [red, blue] })) : null;
  return { text, image, twoImages, ...(await probeAudio(prober)) };
}

async function probeAudio(prober: Prober): Promise<Pick<Findings, 'audio' | 'audioEncoding'>> {
  const encodings = encodingsOf(prober.model);
  const clip = tone();
  let audio: boolean | null = false;
  for (const audioEncoding of encodings) {
    const sent = encodings.length === 1 ? 'audio' : `audio as ${audioEncoding}`;
    const answer = accepted(await prober.ask(sent, { audio: clip, audioEncoding }));
    if (answer === true) return { audio: true, audioEncoding };
    if (answer === null) audio = null;
  }
  return { audio, audioEncoding: null };
}

/** Settings for the model's configuration; what is not known is left out. */
export function settingsOf(model: ModelConfig, findings: Findings): Readonly<Partial<ModelConfig>> {
  const { text, image, twoImages, audio, audioEncoding } = findings;
  const anything = text === true || image === true || audio === true;
  const decided = anything && image !== null && audio !== null;
  const images = twoImages === false ? 1 : twoImages === true && model.maxImages === 1 ? 2 : undefined;
  const choice = encodingsOf(model).length > 1 || model.audioEncoding !== undefined;
  return defined({
    modalities: decided ? modalitiesOf(image, audio) : undefined,
    maxImages: images,
    audioEncoding: audioEncoding !== null && choice ? audioEncoding : undefined,
  });
}

function modalitiesOf(image: boolean, audio: boolean): readonly Modality[] {
  return ['text', ...(image ? ['image' as const] : []), ...(audio ? ['audio' as const] : [])];
}

function carries(model: ModelConfig, modality: 'image' | 'audio'): boolean {
  return providerOf(model).mediaSupport(model).modalities.includes(modality);
}

/** A provider that can send a clip as a URL has `audio_url` as a second encoding. */
function encodingsOf(model: ModelConfig): readonly AudioEncoding[] {
  if (!carries(model, 'audio')) return [];
  return providerOf(model).mediaSupport(model).audioUrl ? ['input_audio', 'audio_url'] : ['input_audio'];
}

/** Whether the endpoint accepted the content, which it also did when it filtered the answer. null = the failure does not say. */
function accepted(call: ProbeCall): boolean | null {
  if (answerOf(call) !== null) return true;
  const kind = failureOf(call)?.kind;
  if (kind === 'content_filter') return true;
  return kind === 'bad_request' || kind === 'unsupported' ? false : null;
}

/** OpenAI's audio models answer 400 to text alone: "requires that either input content or output modality contain audio". */
function requiresMedia(call: ProbeCall): boolean {
  const failure = failureOf(call);
  return (
    failure !== null &&
    failure.details.status !== 404 &&
    accepted(call) === false &&
    /\b(image|audio)s?\b/i.test(failure.message)
  );
}
