/** Facts of a media file for token rules: pixels and orientation, length and sample rate, or pages. */

import type { PdfFacts } from '../media/pdf.ts';
import type { MediumKind } from '../modalities.ts';

/** The facts of a file, or why it has none; an unreadable file is a value, so that one bad sample stops no other. */
export type MediaFacts =
  | {
      readonly type: 'image';
      /** Stored pixels, before any rotation; at least 1. */
      readonly width: number;
      readonly height: number;
      /** EXIF, 1 (upright) to 8. */
      readonly orientation: number;
    }
  | {
      readonly type: 'audio';
      /** Above 0. */
      readonly seconds: number;
      /** Hz; null = not in the container. */
      readonly sampleRate: number | null;
      readonly channels: number | null;
      /** The length does not follow from a count of samples, but from an average rate or a stated time. */
      readonly isApproximate?: true;
      /** The last bytes of the sound are missing: too few to hear. */
      readonly lacks?: LackingBytes;
    }
  | ({ readonly type: 'document' } & PdfFacts)
  | {
      readonly type: 'video';
      /** Above 0. */
      readonly seconds: number;
      readonly hasSound: boolean;
    }
  | {
      readonly type: 'unreadable';
      /** Completes "the file cannot be used: ...". */
      readonly message: string;
    };

/** What the end of a clip lacks. */
export interface LackingBytes {
  readonly bytes: number;
  /** Bytes of the whole sound. */
  readonly of: number;
}

/** Why a medium cannot be sent as what it is to be; null when it can, or when it is not available (null facts). */
export function whyUnusable(facts: MediaFacts | null, type: MediumKind): string | null {
  if (facts === null || facts.type === type) return null;
  return facts.type === 'unreadable' ? facts.message : `it is ${facts.type}, not ${type}`;
}
