/** Finds the clip and the prompt of a request to a transcription endpoint. */

import type { ChatRequest, ModelConfig } from '../../types.ts';
import { mediaOf } from '../capabilities.ts';
import type { FormPart } from '../http/form-body.ts';
import type { MediaSource, SourceOf } from '../media-source.ts';
import { plainText } from '../message-text.ts';

/** Endpoints tell the form of a file by its ending. */
const ENDINGS: Readonly<Record<string, string>> = {
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
};

/** The only clip of a request; the caller has checked that there is one. */
export function clipOf({ messages }: ChatRequest, sourceOf: SourceOf): MediaSource {
  const [part] = mediaOf(messages);
  if (part === undefined) throw new Error('the request has no clip');
  return sourceOf(part);
}

/** The file of a form. The name of the user's own file may tell the answer, so it is not sent. */
export function filePart(name: string, { mediaType, base64 }: Extract<MediaSource, { type: 'bytes' }>): FormPart {
  const ending = ENDINGS[mediaType] ?? mediaType.replace(/^audio\/(x-)?/, '');
  const text = typeof base64 === 'string' ? base64 : base64.toString('latin1');
  return { name, fileName: `clip.${ending}`, contentType: mediaType, bytes: Buffer.from(text, 'base64') };
}

/** The configured prompt, else, with `sendPrompt`, the text of the sample; undefined = none is sent. */
export function promptOf({ messages, params }: ChatRequest, { sendPrompt }: ModelConfig): string | undefined {
  if (params.prompt !== undefined || sendPrompt !== true) return params.prompt;
  const texts = messages.filter(({ role }) => role === 'user').map(({ content }) => plainText(content));
  return texts.join('\n') || undefined;
}
