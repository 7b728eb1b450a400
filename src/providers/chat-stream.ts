/** Folds the chunks of a streamed chat completion into the body of one that is not streamed. */

import { isRecord } from '../text/is-record.ts';
import type { Fold } from './http/stream.ts';
import { listOf, objectOf, textOf, type WireObject } from './http/wire-value.ts';

/** Chunks without choices hold the filter results of the prompt (Azure, first chunk) or the usage (last chunk). */
export function chatFold(): Fold {
  const head: Record<string, unknown> = {};
  const texts = { content: '', refusal: '', reasoning_content: '' };
  let toolCalls: readonly unknown[] = [];
  let finishReason: unknown = null;
  let choices = 0;

  const take = (choice: WireObject): boolean => {
    const delta = objectOf(choice['delta'] ?? choice['message']);
    const content = deltaText(delta['content']);
    const refusal = textOf(delta['refusal']) ?? '';
    const reasoning = textOf(delta['reasoning_content']) ?? textOf(delta['reasoning']) ?? '';
    texts.content += content;
    texts.refusal += refusal;
    texts.reasoning_content += reasoning;
    toolCalls = [...toolCalls, ...listOf(delta['tool_calls'])];
    finishReason = choice['finish_reason'] ?? finishReason;
    if (choice['error'] !== undefined) head['error'] = choice['error'];
    return content !== '' || refusal !== '' || reasoning !== '';
  };
  return {
    add: (event) => {
      for (const name of ['id', 'model', 'usage', 'prompt_filter_results'])
        if (event[name] !== undefined && event[name] !== null && event[name] !== '') head[name] = event[name];
      const choice = listOf(event['choices'])[0];
      if (!isRecord(choice)) return false;
      choices += 1;
      return take(choice);
    },
    text: () => texts.content,
    finished: () => finishReason !== null,
    body: () => ({
      ...head,
      choices: choices === 0 ? [] : [{ finish_reason: finishReason, message: { ...texts, tool_calls: toolCalls } }],
    }),
  };
}

function deltaText(content: unknown): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => textOf(objectOf(part)['text']) ?? '')
    .join('');
}
