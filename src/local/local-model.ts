/** Embedded models: recognisers for one medium, loaded lazily. */

import type { OptionalPackage } from '../optional-package.ts';
import type { Page } from './page.ts';

/** The result of a recogniser for one file, with the size of the file. */
export type Recognition =
  | { readonly type: 'page'; readonly page: Page }
  | {
      readonly type: 'speech';
      readonly text: string;
      /** Length of the clip in units of 80 ms. */
      readonly frames: number;
      readonly seconds: number;
    };

/** A media file of a request. */
export interface MediaFile {
  readonly bytes: Buffer;
  /** The declared format: `wav` or `mp3`; absent for data URLs, whose type comes from the bytes. */
  readonly format?: string;
  /** Its position in the request, e.g. `messages[0].content[1]`. */
  readonly param: string;
}

export interface LocalModel {
  readonly medium: 'image' | 'audio';
  /** One line for `GET /v1/models` and the docs. */
  readonly description: string;
  /** Recogniser and version, part of `system_fingerprint`. */
  readonly recogniser: string;
  /** What `load` and reading a file of the medium need. */
  readonly packages: readonly OptionalPackage[];
  /**
   * Loads the engine and its weights; the returned function reads one file at a time.
   * @throws {InputError} with the missing package.
   */
  load(): Promise<(file: MediaFile) => Promise<Recognition>>;
}
