/** What an embedded model is: a recogniser for one medium, loaded when asked for. */

import type { Page } from './page.ts';

/** What a recogniser made of one file, and how much of it there was. */
export type Recognition =
  | { readonly type: 'page'; readonly page: Page }
  | {
      readonly type: 'speech';
      readonly text: string;
      /** Stretches of 80 ms in the clip, the unit in which its length is reported. */
      readonly frames: number;
    };

/** A media file as it came, for one recogniser. */
export interface MediaFile {
  readonly bytes: Buffer;
  /** What the request says it is: `wav`, `mp3`; absent for data URLs, whose bytes speak for themselves. */
  readonly format?: string;
  /** Where it stands in the request, e.g. `messages[0].content[1]`. */
  readonly param: string;
}

export interface LocalModel {
  readonly medium: 'image' | 'audio';
  /** One line for `GET /v1/models` and the docs. */
  readonly description: string;
  /** Recogniser and version, part of `system_fingerprint`. */
  readonly recogniser: string;
  /**
   * Loads the engine and its weights; what it returns reads one file at a time.
   * @throws {InputError} naming the package that is absent.
   */
  load(): Promise<(file: MediaFile) => Promise<Recognition>>;
}
