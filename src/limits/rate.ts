/** The rate controller: finds how many requests per millisecond an endpoint serves, from the requests that it throttles. */

/** A refusal leaves this share, as in Inspect's controller, unless less than that was answered. */
const CUT_FACTOR = 0.8;
/** Fewer answers measure nothing yet. */
const MIN_ANSWERS_TO_MEASURE = 8;
/** Time in which the rate grows e-fold: by 6 % in the first 3 s, twofold in 10 s, so that a quota that doubles is soon used. */
const GROWTH_MS = 12_000;
/** It takes as long as so many requests at least: of a few a minute, every other one would be a probe, and refused. */
const GROWTH_REQUESTS = 60;

/** Slower than this no quota is: one a minute, in requests per millisecond. */
const MIN_RATE_PER_MS = 1 / 60_000;

/** All rates in requests per millisecond. */
export interface RateController {
  /** At most so fast; Infinity = nothing is known. */
  ratePerMs(now: number): number;
  onAnswer(sentAt: number): void;
  /**
   * A request was refused although the rate was kept. What was answered since the last time is what is granted.
   * Returns whether the refusal follows from the rate.
   */
  onThrottle(sentAt: number, now: number): boolean;
  /** One more of those that were on their way then. */
  onLateThrottle(sentAt: number, now: number): void;
  /** Nothing is sent until then: growth waits, too. */
  resumeAt(at: number): void;
}

/** `configured` may be Infinity. */
export function createRateController(configured: number, now: number): RateController {
  let base = configured;
  let growsFrom = now;
  let answered = 0;
  /** Something was, since the last refusal. */
  let isAnswered = true;
  let measuredFrom = now;
  const cause = createThrottlingCause();

  /** Gentle at first, where the quota was found; ever faster while nothing is refused. */
  const grown = (time: number) => {
    const steps = Math.max(0, time - growsFrom) / Math.max(GROWTH_MS, GROWTH_REQUESTS / base);
    return base * Math.exp(steps ** 2);
  };
  const ratePerMs = (time: number) =>
    base === Number.POSITIVE_INFINITY || cause.state() !== 'rateLimited'
      ? configured
      : Math.min(configured, grown(time));
  /** What was granted in a trial is granted, whatever the cuts before it came to. */
  const endProbing = () => {
    if (cause.state() === 'rateLimited') base = Math.max(base, CUT_FACTOR * cause.servedRate());
  };
  return {
    ratePerMs,
    onAnswer(sentAt) {
      answered += 1;
      isAnswered = true;
      cause.onAnswer(sentAt);
    },
    onLateThrottle(sentAt, time) {
      const wasProbing = cause.state() === 'probing';
      cause.onLateThrottle(sentAt);
      growsFrom = Math.max(growsFrom, time);
      if (wasProbing) endProbing();
    },
    onThrottle(sentAt, time) {
      const before = cause.state();
      const rate = ratePerMs(time);
      cause.onThrottle(rate, sentAt);
      const state = cause.state();
      growsFrom = time;
      // Refusals without an answer between them are one: the quota is still used up.
      if (before === 'rateLimited' && isAnswered) base = rate * CUT_FACTOR;
      isAnswered = false;
      if (answered >= MIN_ANSWERS_TO_MEASURE) {
        const served = answered / (time - measuredFrom);
        if (state === 'rateLimited') base = Math.min(base, served);
        // Should it be a quota in the end, the latest pace is the one to go on with.
        if (state === 'randomThrottling') base = served;
        answered = 0;
        measuredFrom = time;
      }
      if (before === 'probing') endProbing();
      base = Math.max(base, Math.min(configured, MIN_RATE_PER_MS));
      return state === 'rateLimited';
    },
    resumeAt(at) {
      growsFrom = Math.max(growsFrom, at);
    },
  };
}

/** Fewer answers show no pace; one that refutes needs more, and what a trial that was cut short has shown must do. */
const MIN_ANSWERS_SERVED_RATE = 16;
const MIN_ANSWERS_RANDOM = 32;
const MIN_ANSWERS_CUT_SHORT = 8;
/** A trial that has shown nothing after so many replies is over. */
const MAX_PROBING_REPLIES = 128;
/**
 * A pace that was granted raises doubts of a refusal at a rate so many times slower, after a trial that met many refusals
 * not so soon again; a pace in a trial refutes it.
 */
const PROBE_FACTOR = 1.1;
const PROBE_AGAIN_FACTOR = 2;
const RANDOM_FACTOR = 1.25;
/** Refused more often than this it is a quota, or an endpoint that is better left in peace; a mean over so many replies. */
const MAX_THROTTLED_SHARE = 0.25;
const MEAN_OVER_REPLIES = { probing: 24, randomThrottling: 48 };

/** What refusals follow from: the rate, until more is known; nothing; or that is being found out. */
export type ThrottlingState = 'rateLimited' | 'probing' | 'randomThrottling';

/** All times are when a request was sent: what it meets is decided soon after. */
export interface ThrottlingCause {
  state(): ThrottlingState;
  /** The fastest pace that was granted, or the one of the latest trial (answers per ms); 0 = none is known. */
  servedRate(): number;
  onAnswer(sentAt: number): void;
  /** Refused although this rate was kept (requests per ms; Infinity = none). */
  onThrottle(rate: number, sentAt: number): void;
  /** Another one of those that were on their way when the last was judged. */
  onLateThrottle(sentAt: number): void;
}

/**
 * Shared endpoints refuse a share of all requests however slowly they come; a cut for each would slow a model to a crawl.
 * A quota grants what it granted before. So a refusal far below a pace that was granted once leads to a trial: for a
 * while nothing is cut. A quota that was lowered refuses many then, and the trial ends; but where that pace comes back,
 * pauses included, no quota is behind the refusals, and none of them cuts anything until they get many.
 */
export function createThrottlingCause(): ThrottlingCause {
  let state: ThrottlingState = 'rateLimited';
  /** Answers to what was sent between `from`, a refusal, and `until`. At `from` a quota was used up: what came, it granted. */
  let from = Number.POSITIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  let answers = 0;
  /** Of the replies to what was sent since then. */
  let replies = 0;
  let throttledShare = 0;
  /** The fastest pace that was granted, and what the refusal came at that a trial is about; per ms. */
  let servedRate = 0;
  let suspectRate = 0;
  let factor = PROBE_FACTOR;

  const windowRate = () => answers / (until - from);
  const begin = (next: ThrottlingState, sentAt: number) => {
    state = next;
    from = sentAt;
    until = sentAt;
    answers = 0;
    replies = 0;
    throttledShare = 0;
  };
  const count = (throttled: 0 | 1, sentAt: number) => {
    if (sentAt <= from) return;
    replies += 1;
    if (state !== 'rateLimited') throttledShare += (throttled - throttledShare) / MEAN_OVER_REPLIES[state];
  };
  const judge = (sentAt: number) => {
    const isTooMany = throttledShare > MAX_THROTTLED_SHARE;
    if (state === 'rateLimited' || !(isTooMany || (state === 'probing' && replies > MAX_PROBING_REPLIES))) return;
    servedRate = answers >= MIN_ANSWERS_CUT_SHORT ? windowRate() : servedRate / 2;
    factor = isTooMany ? PROBE_AGAIN_FACTOR : PROBE_FACTOR;
    begin('rateLimited', sentAt);
  };
  return {
    state: () => state,
    servedRate: () => servedRate,
    onAnswer(sentAt) {
      count(0, sentAt);
      if (sentAt <= from) return;
      answers += 1;
      until = Math.max(until, sentAt);
      if (state === 'probing' && answers >= MIN_ANSWERS_RANDOM && windowRate() >= RANDOM_FACTOR * suspectRate) {
        state = 'randomThrottling';
        factor = PROBE_FACTOR;
      }
    },
    onThrottle(rate, sentAt) {
      count(1, sentAt);
      if (state !== 'rateLimited') return judge(sentAt);
      const isMeasured = answers >= MIN_ANSWERS_SERVED_RATE;
      if (isMeasured) servedRate = Math.max(servedRate, windowRate());
      suspectRate = rate;
      if (factor * rate <= servedRate) begin('probing', sentAt);
      else if (isMeasured || from === Number.POSITIVE_INFINITY) begin('rateLimited', sentAt);
    },
    onLateThrottle(sentAt) {
      count(1, sentAt);
      judge(sentAt);
    },
  };
}
