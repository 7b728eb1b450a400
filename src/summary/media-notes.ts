/** Describes the media of a run in a few words: type, size, pixels or length; or why a file cannot be shown. */

import type { MediumKind } from '../modalities.ts';
import { mediaOfCard } from '../modalities.ts';
import type { RunInfo } from '../report.ts';
import type { KeptSound, Result } from '../result.ts';
import { counted } from '../text/counted.ts';
import type { MediaFacts } from '../tokens/media-facts.ts';
import { mediaFacts } from '../tokens/read-media-facts.ts';
import { createReportMedia } from './report-media.ts';

/**
 * Describes the media of a result, by path as in the manifest, and by the hash of an answer's sound. A URL, which is not
 * fetched, has no note.
 */
export type MediaNotes = (result: Result) => Promise<ReadonlyMap<string, string>>;

/** `directory` is the run's folder. Files are read with the checks of a run, below the folder of the manifest only. */
export function createMediaNotes(directory: string, info: RunInfo): MediaNotes {
  const media = createReportMedia(directory, info, 'file');
  /** Of the latest sample: its results follow each other. */
  let latest: { readonly sampleId: string; readonly notes: Map<string, string> } | null = null;

  const ofFile = async (uri: string, kind: MediumKind) => {
    const { content, problem } = await media.ofSample(uri, kind, true);
    if (content === null) return problem;
    const { bytes, mediaType } = content;
    const size = `${bytes.length.toLocaleString('en-US')} bytes`;
    return [mediaType, size, ...factParts(await mediaFacts({ bytes }, mediaType))].join(', ');
  };
  const ofSound = async (sound: KeptSound) => {
    const { content, problem } = await media.ofAnswer(sound, true);
    if (content === null) return problem;
    return factParts(await mediaFacts({ bytes: content.bytes }, content.mediaType)).join(', ');
  };
  return async (result) => {
    if (latest?.sampleId !== result.sampleId) latest = { sampleId: result.sampleId, notes: new Map() };
    const { notes } = latest;
    const add = async (key: string, read: () => Promise<string | null>) => {
      const note = notes.has(key) ? null : await read();
      if (note !== null) notes.set(key, note);
    };
    for (const card of [result.sample, ...(result.turns ?? [])])
      for (const { kind, uri } of mediaOfCard(card)) await add(uri, () => ofFile(uri, kind));
    for (const sound of soundsOf(result)) await add(sound.sha256, () => ofSound(sound));
    return notes;
  };
}

function soundsOf(result: Result): readonly KeptSound[] {
  if (result.status !== 'completed') return [];
  return [result.sound, ...(result.earlierSounds ?? [])].filter((sound) => sound !== undefined && sound !== null);
}

/** From this value of EXIF on, width and height are swapped when the image is turned upright. */
const FIRST_SIDEWAYS = 5;

function factParts(facts: MediaFacts): readonly string[] {
  if (facts.type === 'unreadable') return [facts.message];
  if (facts.type === 'image') {
    const { width, height, orientation } = facts;
    const turned = orientation === 1 ? '' : orientation < FIRST_SIDEWAYS ? ', not upright' : ', sideways';
    return [`${width} x ${height} pixels${turned}`];
  }
  if (facts.type === 'document') return [counted(facts.pageCount, 'page')];
  if (facts.type === 'video') return [`${facts.seconds.toFixed(1)} s`, ...(facts.hasSound ? [] : ['no sound'])];
  const { seconds, sampleRate, channels, isApproximate } = facts;
  return [
    `${isApproximate === true ? 'about ' : ''}${seconds.toFixed(seconds < 10 ? 2 : 1)} s`,
    ...(sampleRate === null ? [] : [`${sampleRate} Hz`]),
    ...(channels === null || channels === 1 ? [] : [`${channels} channels`]),
  ];
}
