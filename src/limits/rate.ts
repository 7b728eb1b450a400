/** The rate controller: finds how many requests per millisecond an endpoint serves, from the requests that it throttles. */

/** A refusal leaves this share, as in Inspect's controller, unless less than that was answered. */
const CUT = 0.8;
/** Fewer answers measure nothing yet. */
const LEAST_CUT_ANSWERS = 8;
/** Time in which the rate grows e-fold: by 6 % in the first 3 s, twofold in 10 s, so that a quota that doubles is soon used. */
const GROWTH_MS = 12_000;
/** It takes as long as so many requests at least: of a few a minute, every other one would be a probe, and refused. */
const GROWTH_REQUESTS = 60;

/** Slower than this no quota is: one a minute, in requests per millisecond. */
const SLOWEST = 1 / 60_000;

/** All rates in requests per millisecond. */
export interface GrantedRate {
  /** At most so fast; Infinity = nothing is known. */
  value(now: number): number;
  onAnswer(sentAt: number): void;
  /**
   * A request was refused although the rate was kept. What was answered since the last time is what is granted.
   * Returns whether the refusal follows from the rate.
   */
  onRefusal(sentAt: number, now: number): boolean;
  /** One more of those that were on their way then. */
  onFurtherRefusal(sentAt: number, now: number): void;
  /** Nothing is sent until then: growth waits, too. */
  resumeAt(at: number): void;
}

/** `configured` may be Infinity. */
export function createGrantedRate(configured: number, now: number): GrantedRate {
  let base = configured;
  let growsFrom = now;
  let answered = 0;
  /** Something was, since the last refusal. */
  let isAnswered = true;
  let measuredFrom = now;
  const cause = createRefusalCause();

  /** Gentle at first, where the quota was found; ever faster while nothing is refused. */
  const grown = (time: number) => {
    const steps = Math.max(0, time - growsFrom) / Math.max(GROWTH_MS, GROWTH_REQUESTS / base);
    return base * Math.exp(steps ** 2);
  };
  const value = (time: number) =>
    base === Number.POSITIVE_INFINITY || cause.verdict() !== 'rate' ? configured : Math.min(configured, grown(time));
  /** What was granted in a trial is granted, whatever the cuts before it came to. */
  const endTrial = () => {
    if (cause.verdict() === 'rate') base = Math.max(base, CUT * cause.granted());
  };
  return {
    value,
    onAnswer(sentAt) {
      answered += 1;
      isAnswered = true;
      cause.onAnswer(sentAt);
    },
    onFurtherRefusal(sentAt, time) {
      const wasTrial = cause.verdict() === 'trial';
      cause.onFurtherRefusal(sentAt);
      growsFrom = Math.max(growsFrom, time);
      if (wasTrial) endTrial();
    },
    onRefusal(sentAt, time) {
      const [before, rate] = [cause.verdict(), value(time)];
      cause.onRefusal(rate, sentAt);
      const verdict = cause.verdict();
      growsFrom = time;
      // Refusals without an answer between them are one: the quota is still used up.
      if (before === 'rate' && isAnswered) base = rate * CUT;
      isAnswered = false;
      if (answered >= LEAST_CUT_ANSWERS) {
        const granted = answered / (time - measuredFrom);
        if (verdict === 'rate') base = Math.min(base, granted);
        // Should it be a quota in the end, the latest pace is the one to go on with.
        if (verdict === 'chance') base = granted;
        answered = 0;
        measuredFrom = time;
      }
      if (before === 'trial') endTrial();
      base = Math.max(base, Math.min(configured, SLOWEST));
      return verdict === 'rate';
    },
    resumeAt(at) {
      growsFrom = Math.max(growsFrom, at);
    },
  };
}

/** Fewer answers show no pace; one that refutes needs more, and what a trial that was cut short has shown must do. */
const LEAST_PACE_ANSWERS = 16;
const TRIAL_ANSWERS = 32;
const LEAST_TRIAL_ANSWERS = 8;
/** A trial that has shown nothing after so many replies is over. */
const TRIAL_REPLIES = 128;
/**
 * A pace that was granted raises doubts of a refusal at a rate so many times slower, after a trial that met many refusals
 * not so soon again; a pace in a trial refutes it.
 */
const TIMES_FASTER_DOUBTS = 1.1;
const TIMES_FASTER_AGAIN = 2;
const TIMES_FASTER_REFUTES = 1.25;
/** Refused more often than this it is a quota, or an endpoint that is better left in peace; a mean over so many replies. */
const TOO_MANY_REFUSED = 0.25;
const MEAN_OVER_REPLIES = { trial: 24, chance: 48 };

/** What refusals follow from: the rate, until more is known; nothing; or that is being found out. */
export type Verdict = 'rate' | 'trial' | 'chance';

/** All times are when a request was sent: what it meets is decided soon after. */
export interface RefusalCause {
  verdict(): Verdict;
  /** The fastest pace that was granted, or the one of the latest trial (answers per ms); 0 = none is known. */
  granted(): number;
  onAnswer(sentAt: number): void;
  /** Refused although this rate was kept (requests per ms; Infinity = none). */
  onRefusal(rate: number, sentAt: number): void;
  /** Another one of those that were on their way when the last was judged. */
  onFurtherRefusal(sentAt: number): void;
}

/**
 * Shared endpoints refuse a share of all requests however slowly they come; a cut for each would slow a model to a crawl.
 * A quota grants what it granted before. So a refusal far below a pace that was granted once leads to a trial: for a
 * while nothing is cut. A quota that was lowered refuses many then, and the trial ends; but where that pace comes back,
 * pauses included, no quota is behind the refusals, and none of them cuts anything until they get many.
 */
export function createRefusalCause(): RefusalCause {
  let verdict: Verdict = 'rate';
  /** Answers to what was sent between `from`, a refusal, and `until`. At `from` a quota was used up: what came, it granted. */
  let [from, until, answers] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  /** Of the replies to what was sent since then. */
  let [replies, refusedShare] = [0, 0];
  /** The fastest pace that was granted, and what the refusal came at that a trial is about; per ms. */
  let [granted, suspect] = [0, 0];
  let doubts = TIMES_FASTER_DOUBTS;

  const pace = () => answers / (until - from);
  const begin = (next: Verdict, sentAt: number) => {
    verdict = next;
    [from, until, answers] = [sentAt, sentAt, 0];
    [replies, refusedShare] = [0, 0];
  };
  const count = (refused: 0 | 1, sentAt: number) => {
    if (sentAt <= from) return;
    replies += 1;
    if (verdict !== 'rate') refusedShare += (refused - refusedShare) / MEAN_OVER_REPLIES[verdict];
  };
  const judge = (sentAt: number) => {
    const isTooMany = refusedShare > TOO_MANY_REFUSED;
    if (verdict === 'rate' || !(isTooMany || (verdict === 'trial' && replies > TRIAL_REPLIES))) return;
    granted = answers >= LEAST_TRIAL_ANSWERS ? pace() : granted / 2;
    doubts = isTooMany ? TIMES_FASTER_AGAIN : TIMES_FASTER_DOUBTS;
    begin('rate', sentAt);
  };
  return {
    verdict: () => verdict,
    granted: () => granted,
    onAnswer(sentAt) {
      count(0, sentAt);
      if (sentAt <= from) return;
      answers += 1;
      until = Math.max(until, sentAt);
      if (verdict === 'trial' && answers >= TRIAL_ANSWERS && pace() >= TIMES_FASTER_REFUTES * suspect)
        [verdict, doubts] = ['chance', TIMES_FASTER_DOUBTS];
    },
    onRefusal(rate, sentAt) {
      count(1, sentAt);
      if (verdict !== 'rate') return judge(sentAt);
      const isMeasured = answers >= LEAST_PACE_ANSWERS;
      if (isMeasured) granted = Math.max(granted, pace());
      suspect = rate;
      if (doubts * rate <= granted) begin('trial', sentAt);
      else if (isMeasured || from === Number.POSITIVE_INFINITY) begin('rate', sentAt);
    },
    onFurtherRefusal(sentAt) {
      count(1, sentAt);
      judge(sentAt);
    },
  };
}
