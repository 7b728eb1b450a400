/** How reports show the media of samples, and what they are given of each. */

import type { MediumKind } from './modalities.ts';
import type { KeptSound, Result } from './result.ts';

/**
 * How the media of samples are shown: images scaled down and clips whole, everything whole, only links, or only names.
 */
export const EMBED_MODES = ['thumbs', 'full', 'link', 'none'] as const;
export type EmbedMode = (typeof EMBED_MODES)[number];

/** A medium as a report may show it. */
export interface ShownMedia {
  /** What is embedded; null = nothing is, because of the mode, the size or a problem. */
  readonly content: { readonly key: string; readonly mediaType: string; readonly bytes: Buffer } | null;
  /** Address relative to the run's folder, or an https URL; null = there is none. */
  readonly href: string | null;
  /** Of a document; absent = not known, or another medium. */
  readonly pages?: number;
  /** Why it cannot be shown; null = it can, or its mode does not show it. */
  readonly problem: string | null;
  /** By its bytes, or its URL; null = not known. */
  readonly mediaKey: string | null;
}

/** A medium of a card. */
export interface ShownOfCard {
  readonly kind: MediumKind;
  readonly shown: ShownMedia;
}

/** Reads media for reports that show them. Never throws: a medium that cannot be read has a problem. */
export interface ReportMedia {
  /** `mayEmbed` is false when the report has no room left. */
  ofSample(uri: string, kind: MediumKind, mayEmbed: boolean): Promise<ShownMedia>;
  ofAnswer(sound: KeptSound, mayEmbed: boolean): Promise<ShownMedia>;
  /** Whether the media of a sample, in the order of its card, are those that the model was asked about; true = not known. */
  areAsked(result: Result, media: readonly ShownOfCard[]): boolean;
}
