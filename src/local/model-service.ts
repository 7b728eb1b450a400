/** The service in the thread of a model: reads one file and answers the question about it. */

import { defined } from '../collections/defined.ts';
import type { MediaPart } from './chat-request.ts';
import type { LocalModel, MediaFile, Recognition } from './local-model.ts';
import { LOCAL_MODELS, type LocalModelName } from './models/registry.ts';
import { parseQuestion } from './question.ts';
import { answerFromPage } from './reader.ts';
import { badRequest } from './request-error.ts';

export interface ReadRequest {
  /** Text of the last user message. */
  readonly prompt: string;
  readonly media: MediaPart | null;
}

/** Either `content` or `refusal` is null. */
export interface Reading {
  readonly content: string | null;
  readonly refusal: string | null;
  /** Lines of text in the image, or the length of the clip in units of 80 ms; 0 without a file. */
  readonly mediaTokens: number;
  /** Length of the clip; absent = there was none. */
  readonly seconds?: number;
}

const ABILITIES = {
  page: 'a text recogniser with an extractive reader, not a language model: it transcribes an image, and looks up its title, its largest or smallest number, the value beside a label, and the cell of a table.',
  speech: 'a speech recogniser, not a language model: it transcribes a clip.',
} as const;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** @throws {InputError} with the missing package. */
export async function loadModelService(name: LocalModelName): Promise<(request: ReadRequest) => Promise<Reading>> {
  const model = LOCAL_MODELS[name];
  const recognise = await model.load();
  return (request) => read(request, name, model, recognise);
}

/** @throws {RequestError} 400 when the media cannot be decoded. */
async function read(
  { prompt, media }: ReadRequest,
  name: LocalModelName,
  model: LocalModel,
  recognise: (file: MediaFile) => Promise<Recognition>,
): Promise<Reading> {
  const refuse = (why: string, mediaTokens: number): Reading => ({
    content: null,
    refusal: `${name} ${why}`,
    mediaTokens,
  });
  if (media === null) return refuse(`reads ${model.medium} files, and this request holds none.`, 0);

  // The file is read before the question is parsed: broken media are an error for every question.
  const recognition = await recognise(decodeBase64(media));
  const mediaTokens = recognition.type === 'page' ? recognition.page.lines.length : recognition.frames;
  const question = parseQuestion(prompt);
  if (question === null || (recognition.type === 'speech' && question.type !== 'transcribe'))
    return refuse(`is ${ABILITIES[recognition.type]} This prompt asks for something else.`, mediaTokens);
  const content = recognition.type === 'speech' ? recognition.text : answerFromPage(question, recognition.page);
  if (content === null) return refuse('read the image and found no answer to this question in it.', mediaTokens);
  const length = recognition.type === 'speech' ? { seconds: recognition.seconds } : {};
  return { content, refusal: null, mediaTokens, ...length };
}

/** The decoder of Node ignores invalid characters, so they are checked first. */
function decodeBase64({ base64, format, param }: MediaPart): MediaFile {
  if (!BASE64.test(base64)) throw badRequest('The data is not valid base64.', 'invalid_base64', param);
  return defined({ bytes: Buffer.from(base64, 'base64'), param, format });
}
