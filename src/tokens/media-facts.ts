/** What token rules need to know of a file: pixels and orientation, or length and sample rate. */

/** A file's facts, or why it has none; an unreadable file is a value, so that one bad sample stops no other. */
export type MediaFacts =
  | {
      readonly type: 'image';
      /** Stored pixels, before any turning; at least 1. */
      readonly width: number;
      readonly height: number;
      /** EXIF, 1 (upright) to 8. */
      readonly orientation: number;
    }
  | {
      readonly type: 'audio';
      /** Above 0. */
      readonly seconds: number;
      /** Hz; null = the container does not say. */
      readonly sampleRate: number | null;
      readonly channels: number | null;
    }
  | {
      readonly type: 'unreadable';
      /** Completes "the file cannot be used: ...". */
      readonly message: string;
    };

/** Why a medium cannot be sent as an image or sound; null when it can, or when its bytes are not here (null facts). */
export function whyUnusable(facts: MediaFacts | null, type: 'image' | 'audio'): string | null {
  if (facts === null || facts.type === type) return null;
  return facts.type === 'unreadable' ? facts.message : `it is ${facts.type}, not ${type}`;
}
