/** Folds the chunks of a streamed chat completion into the body of one that is not streamed. */

import { contentText, reasoningOf } from './chat-reply.ts';
import { type Choice, choicesOf } from './choice.ts';
import { errorIn } from './http/error-member.ts';
import type { Fold } from './http/stream.ts';
import { listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';
import { MAX_SOUND_CHARACTERS } from './spoken.ts';

/** Chunks without choices hold the filter results of the prompt (Azure, first chunk) or the usage (last chunk). */
export function chatFold(): Fold {
  const head: Record<string, unknown> = {};
  /** By index: a server may send several alternatives, in any order. */
  const choices = new Map<number, ChoiceFold>();

  const take = ({ index, choice }: Choice): boolean => {
    const fold = choices.get(index) ?? choiceFold(index);
    choices.set(index, fold);
    return fold.add(choice) && index === FIRST;
  };
  return {
    add: (event) => {
      for (const name of ['id', 'model', 'usage', 'prompt_filter_results'])
        if (event[name] !== undefined && event[name] !== null && event[name] !== '') head[name] = event[name];
      return choicesOf(event['choices']).map(take).includes(true);
    },
    text: () => choices.get(FIRST)?.text() ?? '',
    finished: () => choices.get(FIRST)?.finished() === true,
    body: () => ({ ...head, choices: [...choices.values()].map((fold) => fold.body()) }),
  };
}

/** The index of the answer. */
const FIRST = 0;

interface ChoiceFold {
  /** Returns true when the chunk held text or sound of the model. */
  add(choice: WireObject): boolean;
  text(): string;
  finished(): boolean;
  body(): WireObject;
}

function choiceFold(index: number): ChoiceFold {
  const texts = { content: '', refusal: '', reasoning_content: '' };
  const audio = { transcript: '', data: '' };
  const toolCalls: unknown[] = [];
  let finishReason: unknown = null;
  let error: unknown = null;
  return {
    add: (choice) => {
      const delta = objectOf(choice['delta'] ?? choice['message']);
      const spoken = objectOf(delta['audio']);
      const came = {
        content: contentText(delta['content']) ?? '',
        refusal: textOf(delta['refusal']) ?? '',
        reasoning_content: reasoningOf(delta) ?? '',
        transcript: textOf(spoken['transcript']) ?? '',
        data: textOf(spoken['data']) ?? '',
      };
      texts.content += came.content;
      texts.refusal += came.refusal;
      texts.reasoning_content += came.reasoning_content;
      audio.transcript += came.transcript;
      // What is longer than the limit is rejected, so its rest need not be collected.
      if (audio.data.length <= MAX_SOUND_CHARACTERS) audio.data += came.data;
      for (const call of listOf(delta['tool_calls'])) toolCalls.push(call);
      // Some servers send an empty text until they know.
      if (choice['finish_reason'] !== '') finishReason = choice['finish_reason'] ?? finishReason;
      error ??= errorIn(choice['error'], true);
      return Object.values(came).some((text) => text !== '');
    },
    text: () => (texts.content === '' ? audio.transcript : texts.content),
    finished: () => finishReason !== null,
    body: () => ({
      index,
      finish_reason: finishReason,
      message: { ...texts, tool_calls: toolCalls, audio },
      ...(error === null ? {} : { error }),
    }),
  };
}
