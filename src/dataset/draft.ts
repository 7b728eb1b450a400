/** A sample as the manifest writes it: checked, but its media not yet looked at. */

import type { ContentPart, ImageDetail, Message, Sample, Turn } from '../types.ts';

/** Where a manifest says that bytes are. */
export type MediaSource =
  | { readonly type: 'uri' /** A path, an `https:` URL or a `data:` URL. */; readonly uri: string }
  | {
      readonly type: 'base64';
      readonly base64: string /** `wav`, `mp3`: OpenAI's `input_audio.format`. */;
      readonly format: string;
    };

/** What a media part must be; `file` is an image or a clip by its bytes. */
export type MediaKind = 'image' | 'audio' | 'file';

export interface MediaPart {
  readonly type: MediaKind;
  readonly source: MediaSource;
  readonly detail?: ImageDetail;
}

export type TextPart = Extract<ContentPart, { type: 'text' }>;

export type DraftPart = TextPart | MediaPart;

export type DraftMessage = Omit<Message, 'content'> & { readonly content: readonly DraftPart[] };
export type DraftTurn = Omit<Turn, 'content'> & { readonly content: readonly DraftPart[] };

/** A sample before its media are resolved; `id` is absent when it names none. */
export type SampleDraft = Omit<Sample, 'id' | 'index' | 'messages' | 'turns'> & {
  readonly id?: string;
  readonly messages: readonly DraftMessage[];
  readonly turns: readonly DraftTurn[];
};
