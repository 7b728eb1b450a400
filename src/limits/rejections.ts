/** Finds a model that rejects every request: it is in doubt after its first rejections, until one more request is tried. */

import type { ProviderError } from '../errors.ts';
import { comparableMessage } from './likeness.ts';
import { isTransient } from './retry.ts';

/** Rejections of one kind before the first answer. A parameter that the model does not take is rejected in each request. */
export const REJECTIONS_TO_DOUBT = 8;
/** Kinds of rejections that are counted; endpoints have few of them. */
const MAX_KINDS = 16;

/** A state machine. Each reply must be reported by `onAnswer` or `onFailure`. */
export interface Rejections {
  /** True when the model has answered: from then on a rejection says something about its sample only. */
  hasAnswered(): boolean;
  /** True when only a trial may be sent, one at a time. */
  inDoubt(): boolean;
  onAnswer(): void;
  /** Returns true when the trial was rejected, too, for a reason that is known from the requests before it. */
  onFailure(error: ProviderError, isTrial: boolean): boolean;
}

export function createRejections(): Rejections {
  const counts = new Map<string, number>();
  let answered = false;
  /** The kind of rejection that put the model in doubt. */
  let doubt: string | null = null;
  const onAnswer = () => {
    answered = true;
    doubt = null;
    counts.clear();
  };
  return {
    hasAnswered: () => answered,
    inDoubt: () => doubt !== null,
    onAnswer,
    onFailure(error, isTrial) {
      if (answered) return false;
      if (isFilteredAnswer(error)) onAnswer();
      if (!isRejection(error)) return false;
      const kind = `${error.kind} ${error.details.status} ${comparableMessage(error.message)}`;
      const count = counts.get(kind) ?? 0;
      if (isTrial && doubt !== null) {
        // Another reason than before: it shows that the model looks at the request, and the count starts again.
        if (count > 0) return true;
        counts.set(doubt, 0);
        doubt = null;
      }
      if (count === 0 && counts.size >= MAX_KINDS) return false;
      counts.set(kind, count + 1);
      if (count + 1 >= REJECTIONS_TO_DOUBT) doubt ??= kind;
      return false;
    },
  };
}

/** The endpoint rejected the request and would reject it again. A content filter judges the content: it never counts. */
function isRejection(error: ProviderError): boolean {
  const isOfEndpoint = error.details.status !== undefined;
  return isOfEndpoint && (error.kind === 'bad_request' || error.kind === 'unsupported') && !isTransient(error);
}

/** A filter that stopped an answer; the status of a filtered prompt is 400. */
function isFilteredAnswer({ kind, details: { status = 0 } }: ProviderError): boolean {
  return kind === 'content_filter' && status < 400;
}
