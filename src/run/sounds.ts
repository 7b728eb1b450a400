/** Keeps the sounds of spoken answers. An answer is paid for: when its sound cannot be kept, its transcript is. */

import { copySound, describeSound, writeSound } from '../journal/sounds.ts';
import type { Answer, KeptSound, Result } from '../result.ts';
import { mediaFacts } from '../tokens/read-media-facts.ts';
import type { Sound } from '../types.ts';
import type { WarnOnce } from './warn-once.ts';

/** Never throws: it warns. */
export interface Sounds {
  /** Keeps a sound in the run's folder; null = its bytes cannot be used. */
  keep(sound: Sound, modelId: string): Promise<KeptSound | null>;
  /** An answer from another folder (a cache), its sound copied. */
  adoptAnswer(answer: Answer, from: string): Promise<Answer>;
  /** A result from another run's folder, its sounds copied. */
  adoptResult(result: Result, from: string): Promise<Result>;
  /** Copies the sound of an answer into another folder (a cache). */
  export(answer: Answer, to: string): Promise<void>;
}

/** `mode` are the permissions of new files, before the umask. */
export function createSounds(folder: string, warnOnce: WarnOnce, mode = 0o666): Sounds {
  /** Sounds that are being written, by hash: equal ones must not write the same file at the same time. */
  const writing = new Map<string, Promise<KeptSound>>();

  const once = (sound: KeptSound, write: () => Promise<void>): Promise<KeptSound> => {
    const known = writing.get(sound.sha256);
    if (known !== undefined) return known;
    const written = write()
      .then(() => sound)
      .catch((error: unknown): KeptSound => {
        const reason = error instanceof Error ? error.message : String(error);
        warnOnce('sound', `the sound of an answer could not be kept (${reason}) · its transcript is in the journal`);
        return { ...sound, isLost: true };
      })
      .finally(() => writing.delete(sound.sha256));
    writing.set(sound.sha256, written);
    return written;
  };
  const adopt = (sound: KeptSound, from: string) =>
    sound.isLost === true ? Promise.resolve(sound) : once(sound, () => copySound(from, folder, sound, mode));
  return {
    async keep(sound, modelId) {
      if ('problem' in sound) {
        warnOnce(`sound ${modelId}`, `${modelId}: the sound of an answer is not kept: ${sound.problem}`);
        return null;
      }
      const kept = await withSeconds(describeSound(sound.bytes, sound.format), sound.bytes);
      return once(kept, () => writeSound(folder, kept, [sound.bytes], mode));
    },
    async adoptAnswer(answer, from) {
      return answer.sound === undefined ? answer : { ...answer, sound: await adopt(answer.sound, from) };
    },
    async adoptResult(result, from) {
      if (result.status !== 'completed') return result;
      const { sound, earlierSounds } = result;
      if (sound === undefined && earlierSounds === undefined) return result;
      const earlier = earlierSounds?.map((one) => (one === null ? null : adopt(one, from)));
      return {
        ...result,
        ...(sound === undefined ? {} : { sound: await adopt(sound, from) }),
        ...(earlier === undefined ? {} : { earlierSounds: await Promise.all(earlier) }),
      };
    },
    async export({ sound }, to) {
      // A cache is a convenience: the answer is complete without it.
      if (sound !== undefined && sound.isLost !== true) await copySound(folder, to, sound, mode).catch(() => {});
    },
  };
}

/** Bytes of a second of `pcm16`, which has no header: 24,000 samples of two bytes. */
const PCM_BYTES_PER_SECOND = 48_000;

async function withSeconds(sound: KeptSound, bytes: Buffer): Promise<KeptSound> {
  if (sound.mediaType === 'audio/pcm') return { ...sound, seconds: bytes.length / PCM_BYTES_PER_SECOND };
  const facts = await mediaFacts({ bytes }, sound.mediaType);
  return facts.type === 'audio' ? { ...sound, seconds: facts.seconds } : sound;
}
