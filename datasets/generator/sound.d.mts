/** Types of sound.mjs, for the tests that speak with it. */

export interface Sound {
  /** In [-1, 1]. */
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export function createSpeaker(): Promise<
  (words: string, options: { readonly voice: string; readonly stretch?: number }) => Promise<Sound>
>;
export function withNoise(sound: Sound, snrDb: number, seed: number): Sound;
export function toWav(sound: Sound): Buffer;
