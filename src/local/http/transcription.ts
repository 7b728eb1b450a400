/** The form of a transcription request, and the body of its answer, as OpenAI documents them. */

import type { MediaPart } from '../chat-request.ts';
import { badRequest } from '../request-error.ts';

/** What a clip is asked in the words of a conversation. */
export const TRANSCRIBE = 'Transcribe the recording.';

const FORMATS = ['json', 'verbose_json'] as const;

export interface TranscriptionRequest {
  readonly model: string;
  readonly media: MediaPart;
  readonly format: (typeof FORMATS)[number];
  readonly stream: boolean;
}

/** Hints (language, prompt, temperature) change nothing here. @throws {RequestError} 400 naming the field. */
export async function parseTranscription(form: FormData): Promise<TranscriptionRequest> {
  const file = form.get('file');
  const model = form.get('model');
  if (file === null || typeof file === 'string')
    throw badRequest('file must be an uploaded file.', 'missing_required_parameter', 'file');
  if (typeof model !== 'string' || model === '')
    throw badRequest('model must be a string.', 'missing_required_parameter', 'model');
  const asked = form.get('response_format') ?? 'json';
  const format = FORMATS.find((known) => known === asked);
  if (format === undefined)
    throw badRequest(`Supported formats are: ${FORMATS.join(', ')}.`, 'unsupported_value', 'response_format');
  const base64 = Buffer.from(await file.arrayBuffer()).toString('base64');
  return { model, media: { medium: 'audio', base64, param: 'file' }, format, stream: form.get('stream') === 'true' };
}

/** The transcript and the length of the clip. */
export interface Transcript {
  readonly text: string;
  readonly seconds: number;
}

export function transcriptBody({ format }: TranscriptionRequest, { text, seconds }: Transcript): object {
  const usage = { type: 'duration', seconds };
  if (format === 'json') return { text, usage };
  return { task: 'transcribe', language: 'english', duration: seconds, text, segments: [], usage };
}

/** The recognisers answer at once, so the text is one piece. */
export function transcriptEvents({ text, seconds }: Transcript): string {
  const events = [
    { type: 'transcript.text.delta', delta: text },
    { type: 'transcript.text.done', text, usage: { type: 'duration', seconds } },
  ];
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}
