/** The journal line of an A/B verdict: which of two answers to one sample a judge preferred, asked in both orders. */

import { isRecord } from '../../text/is-record.ts';
import { isName, isText, isTextOrNull } from '../../text/member-checks.ts';

/** One of the two answers. */
export interface ComparedAnswer {
  readonly runId: string;
  readonly modelId: string;
}

export interface PreferenceLine {
  readonly judge: string;
  /** Of the instructions. */
  readonly promptHash: string;
  readonly sampleId: string;
  readonly sampleKey: string;
  /** Samples of one cluster are not independent; null = it is alone. */
  readonly cluster: string | null;
  readonly a: ComparedAnswer;
  readonly b: ComparedAnswer;
  /** null = there is no verdict. */
  readonly preferred: 'a' | 'b' | 'tie' | null;
  /** Why there is no verdict, or a tie that the judge did not choose; null = the judge chose. */
  readonly reason: string | null;
}

/** Reasons of ties. */
export const POSITION_BIAS = 'position bias';
export const SAME_ANSWER = 'same answer';

const VERDICTS: ReadonlySet<unknown> = new Set(['a', 'b', 'tie', null]);

export function isPreferenceLine(value: unknown): value is PreferenceLine {
  if (!isRecord(value)) return false;
  const { judge, promptHash, sampleId, sampleKey, cluster, a, b, preferred, reason } = value;
  return (
    [judge, promptHash, sampleKey].every(isName) &&
    isText(sampleId) &&
    isTextOrNull(cluster) &&
    [a, b].every(isComparedAnswer) &&
    VERDICTS.has(preferred) &&
    isTextOrNull(reason)
  );
}

function isComparedAnswer(value: unknown): boolean {
  return isRecord(value) && isName(value['runId']) && isName(value['modelId']);
}
