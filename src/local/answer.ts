/** Answers one request with a loaded recogniser: read the file, answer the question from it, count tokens. */

import type { MediaPart } from './chat-request.ts';
import type { LocalModel, MediaFile, Recognition } from './local-model.ts';
import { parseQuestion } from './question.ts';
import { answerFromPage } from './reader.ts';
import { badRequest } from './request-error.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** What crosses to the model's thread. */
export interface EngineRequest {
  readonly prompt: string;
  readonly texts: readonly string[];
  readonly media: MediaPart | null;
  readonly maxTokens: number | null;
}

/** What comes back. Either `content` or `refusal` is null. */
export interface EngineReply {
  readonly content: string | null;
  readonly refusal: string | null;
  readonly finishReason: 'stop' | 'length';
  /** BPE tokens (o200k_base) of all text in the request. */
  readonly textTokens: number;
  /** Lines read in the image, or stretches of 80 ms in the clip; 0 when the file was not read. */
  readonly mediaTokens: number;
  /** BPE tokens of the answer. */
  readonly completionTokens: number;
}

export interface AnswerDeps {
  readonly name: string;
  readonly model: LocalModel;
  readonly recognise: (file: MediaFile) => Promise<Recognition>;
  readonly tokenizer: TextTokenizer;
}

/** @throws {RequestError} 400 when the media cannot be decoded. */
export async function answerRequest(request: EngineRequest, deps: AnswerDeps): Promise<EngineReply> {
  const { name, model, recognise, tokenizer } = deps;
  const textTokens = request.texts.reduce((sum, text) => sum + tokenizer.count(text), 0);
  const refuse = (why: string, mediaTokens: number): EngineReply => {
    const refusal = `${name} ${why}`;
    const completionTokens = tokenizer.count(refusal);
    return { content: null, refusal, finishReason: 'stop', textTokens, mediaTokens, completionTokens };
  };
  if (request.media === null) return refuse(`only reads ${model.medium} files, and this request holds none.`, 0);

  // The file is read before the question is weighed: broken media are an error whatever is asked.
  const recognition = await recognise(decodeBase64(request.media));
  const mediaTokens = recognition.type === 'page' ? recognition.page.lines.length : recognition.frames;
  const question = parseQuestion(request.prompt);
  if (question === null || (recognition.type === 'speech' && question.type !== 'transcribe'))
    return refuse(`is ${CAN[recognition.type]} This prompt asks for something else.`, mediaTokens);
  const answer = recognition.type === 'speech' ? recognition.text : answerFromPage(question, recognition.page);
  if (answer === null) return refuse('read the image and found no answer to this question in it.', mediaTokens);

  const { text, tokens, cut } = tokenizer.truncate(answer, request.maxTokens);
  return {
    content: text,
    refusal: null,
    finishReason: cut ? 'length' : 'stop',
    textTokens,
    mediaTokens,
    completionTokens: tokens,
  };
}

const CAN = {
  page: 'a text recogniser with an extractive reader, not a language model: it transcribes an image, and looks up its title, its largest or smallest number, the value beside a label, and the cell of a table.',
  speech: 'a speech recogniser, not a language model: it transcribes a clip.',
} as const;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Node's decoder skips what is not base64, so that is checked first. */
function decodeBase64({ base64, format, param }: MediaPart): MediaFile {
  if (!BASE64.test(base64)) throw badRequest('The data is not valid base64.', 'invalid_base64', param);
  return { bytes: Buffer.from(base64, 'base64'), param, ...(format === undefined ? {} : { format }) };
}
