/** Tells refusals that follow from the rate from those that do not: the latter come as often below what was granted before. */

/** So many refusals are remembered. */
const REMEMBERED = 8;
/** Fewer answers between two refusals show no pace. */
const LEAST_ANSWERS = 16;
/** A pace that was granted speaks for the rate when it was so many times as fast; two decide: one may have spent savings. */
const TIMES_FASTER = 1.25;
const LEAST_FASTER = 2;
/** Refusals that were rarer than this at the faster paces follow from the rate after all: the quota was lowered. */
const TIMES_AS_RARE = 1.5;
/** What was taken for chance is none when refusals come so many times as often, or make up this share of the replies. */
const TIMES_AS_OFTEN = 3;
const TOO_MANY_REFUSED = 0.3;

export interface RefusalCause {
  onAnswer(): void;
  /** Another one of those that were on their way when the last was judged. */
  onFurtherRefusal(): void;
  /** Whether a refusal follows from the rate (requests per ms) that was kept when it came: a lower one then helps. */
  followsFromRate(rate: number, now: number): boolean;
}

/** What came between two refusals, pauses included: a quota fills up in them. */
interface Span {
  readonly answered: number;
  readonly refused: number;
  /** Answers per millisecond. */
  readonly pace: number;
}

/**
 * Shared endpoints refuse a share of all requests however slowly they come; a cut for each would slow a model to a crawl.
 * A quota grants what it granted before, so refusals that come below that, and as often as there, are none of the rate's:
 * all cuts are then taken back, until refusals get more frequent than they were.
 */
export function createRefusalCause(now: number): RefusalCause {
  /** Oldest first. */
  let spans: Span[] = [];
  let [answered, refused, since] = [0, 0, now];
  /** Answers between two refusals that have nothing to do with the rate; null = none are known. */
  let usual: number | null = null;

  const remember = (until: number) => {
    const span = { answered, refused, pace: answered / Math.max(1, until - since) };
    spans = [...spans, span].slice(-REMEMBERED);
    [answered, refused, since] = [0, 1, until];
  };
  return {
    onAnswer() {
      answered += 1;
    },
    onFurtherRefusal() {
      refused += 1;
    },
    followsFromRate(rate, time) {
      remember(time);
      const latest = spans.slice(-2);
      if (usual !== null) {
        const isMoreOften = latest.length === 2 && answersPerSpan(latest) * TIMES_AS_OFTEN < usual;
        if (!isMoreOften && refusedShare(spans) <= TOO_MANY_REFUSED) return false;
        usual = null;
        spans = [];
        return true;
      }
      const faster = spans.filter((span) => span.answered >= LEAST_ANSWERS && span.pace >= TIMES_FASTER * rate);
      if (faster.length < LEAST_FASTER) return true;
      if (answersPerSpan(faster) > TIMES_AS_RARE * answersPerSpan(latest)) return true;
      usual = answersPerSpan(spans);
      spans = [];
      return false;
    },
  };
}

function answersPerSpan(spans: readonly Span[]): number {
  return spans.reduce((sum, { answered }) => sum + answered, 0) / spans.length;
}

function refusedShare(spans: readonly Span[]): number {
  const refused = spans.reduce((sum, span) => sum + span.refused, 0);
  return refused / (refused + answersPerSpan(spans) * spans.length);
}
