/** What is written instead of a line that would be longer than the journal reads back. */

import type { Result } from '../result.ts';
import type { JournalEntry } from './journal-line.ts';
import { MAX_LINE_BYTES } from './split-lines.ts';

/** Enough to recognise a sample. */
const MAX_KEPT_CHARACTERS = 1000;

const cut = (text: string) => text.slice(0, MAX_KEPT_CHARACTERS);

/**
 * A result keeps its cost, and becomes a failure: a part of an answer is not the answer. null = nothing is written; the answer
 * to that turn is asked for again when the run is resumed.
 */
export function shortened(entry: JournalEntry): JournalEntry | null {
  return entry.type === 'result' ? { ...entry, data: withoutAnswer(entry.data) } : null;
}

function withoutAnswer({ sampleId, modelId, repeat, sampleIndex, sampleKey, requestHash, ...result }: Result): Result {
  const { attempts, timing, usage, costUsd, tokensSource, servedModel, requestId, scorers } = result;
  return {
    ...{ sampleId: cut(sampleId), modelId, repeat, sampleIndex, sampleKey, requestHash },
    ...{ attempts, timing, usage, costUsd, tokensSource, scorers },
    ...(result.assumedCostUsd === undefined ? {} : { assumedCostUsd: result.assumedCostUsd }),
    servedModel: servedModel === null ? null : cut(servedModel),
    requestId: requestId === null ? null : cut(requestId),
    sample: {
      prompt: cut(result.sample.prompt),
      images: [],
      audio: [],
      target: [],
      group: null,
      tags: [],
      metadata: {},
    },
    status: 'failed',
    outcome: null,
    failure: {
      kind: 'invalid_response',
      message: `the result is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB and cannot be kept`,
    },
    score: null,
    scores: [],
  };
}
