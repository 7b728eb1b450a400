/** Folds the events of a streamed transcription into the body of one that is not streamed. */

import type { Fold } from '../http/stream.ts';
import { textOf } from '../http/wire-value.ts';

/** `transcript.text.delta` has a piece of the text, `transcript.text.done` the whole text and the usage. */
export function transcriptFold(): Fold {
  let pieces = '';
  let body: Readonly<Record<string, unknown>> | null = null;
  return {
    add(event) {
      if (event['type'] === 'transcript.text.done') body = event;
      if (event['type'] !== 'transcript.text.delta') return false;
      const piece = textOf(event['delta']);
      pieces += piece ?? '';
      return piece !== null;
    },
    text: () => pieces,
    finished: () => body !== null,
    body: () => ({ ...body, text: body?.['text'] ?? pieces }),
  };
}
