/** A sample whose media have not been read yet; everything else is checked. */

import type { MediumKind } from '../modalities.ts';
import type { ContentPart, ImageDetail, Message, Sample, Turn } from '../types.ts';

/** Where the bytes of a medium are. */
export type MediaSource =
  | { readonly type: 'uri' /** A path, an `https:` URL or a `data:` URL. */; readonly uri: string }
  | {
      readonly type: 'base64';
      readonly base64: string /** `wav`, `mp3`: OpenAI's `input_audio.format`. */;
      readonly format: string;
    };

/** What a media part must be; the bytes of a `file` decide what it is. */
export type MediaKind = MediumKind | 'file';

export interface MediaPart {
  readonly type: MediaKind;
  readonly source: MediaSource;
  readonly detail?: ImageDetail;
  /** Which value of its column it is, from 0; absent = it is in a message. */
  readonly item?: number;
}

export type TextPart = Extract<ContentPart, { type: 'text' }>;

export type DraftPart = TextPart | MediaPart;

export type DraftMessage = Omit<Message, 'content'> & { readonly content: readonly DraftPart[] };
export type DraftTurn = Omit<Turn, 'content'> & { readonly content: readonly DraftPart[] };

/** A sample before its media are resolved; `id` is absent when the manifest gives none. */
export type SampleDraft = Omit<Sample, 'id' | 'index' | 'messages' | 'turns'> & {
  readonly id?: string;
  readonly messages: readonly DraftMessage[];
  readonly turns: readonly DraftTurn[];
};
