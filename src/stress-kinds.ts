/** The kinds of stress that media can be put under: what their levels mean, and which level is worse. */

import type { ImageStress, MediaTransform, SoundStress } from './media-transform.ts';

interface StressFacts {
  readonly medium: 'image' | 'audio';
  /** What a level is, for tables and charts. */
  readonly label: string;
  /** Higher = further from the medium as it is. */
  readonly severityOf: (level: number) => number;
}

export const STRESS_KINDS = {
  jpeg: { medium: 'image', label: 'JPEG quality', severityOf: (level) => -level },
  blur: { medium: 'image', label: 'Gaussian blur, standard deviation in pixels', severityOf: (level) => level },
  noise: { medium: 'image', label: 'Gaussian noise, standard deviation of 255', severityOf: (level) => level },
  rotate: { medium: 'image', label: 'rotation, degrees clockwise', severityOf: (level) => Math.abs(level) },
  snr: { medium: 'audio', label: 'white noise, signal-to-noise ratio in dB', severityOf: (level) => -level },
  speed: { medium: 'audio', label: 'speed, times the original', severityOf: (level) => Math.abs(Math.log(level)) },
  sampleRate: { medium: 'audio', label: 'sample rate in Hz', severityOf: (level) => -level },
} as const satisfies Readonly<Record<StressKind, StressFacts>>;

export type StressKind = ImageStress['kind'] | SoundStress['kind'];

/** In the order of reports. */
export const STRESS_NAMES = Object.keys(STRESS_KINDS).filter((name): name is StressKind =>
  Object.hasOwn(STRESS_KINDS, name),
);

/** The step of a stress test that media get; null = none. */
export function stressOf(media: MediaTransform | undefined): ImageStress | SoundStress | null {
  return media?.image?.stress ?? media?.audio?.stress ?? null;
}
