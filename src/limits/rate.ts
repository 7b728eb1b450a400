/**
 * The rate controller: finds how many requests an endpoint serves from the requests that it throttles (429).
 *
 * Some endpoints throttle a share of all requests at any rate; a cut for each of them would slow a model to a crawl. A
 * quota serves the rate that it served before. So a request that is throttled far below that rate means either random
 * throttling or a lowered quota. To find out, the controller stops cutting for a while (probing): a lowered quota then
 * throttles many requests, random throttling no more than before.
 *
 *                    throttled far below servedRate: 1.1 times slower, or
 *                    2 times slower if too much was throttled during probing
 *   +-------------+ -----------------------------------------------------> +---------+
 *   | rateLimited |                                                        | probing |
 *   +-------------+ <----------------------------------------------------- +---------+
 *          ^         more than 25 % throttled (mean of 24 replies),             |
 *          |         or throttled after 128 replies without a result            |  32 answers at 1.25 times
 *          |                                                                    |  the throttled rate
 *          |                         +------------------+                       |
 *          +------------------------ | randomThrottling | <---------------------+
 *           more than 25 % throttled +------------------+
 *           (mean of 48 replies)
 *
 * rateLimited: a throttled request cuts the rate to 80 %, or to the rate of the answers if that is lower; then the rate
 * grows, slowly at first. probing, randomThrottling: the configured rate holds, or no limit if none is configured.
 * servedRate: the highest rate of answers between two throttled requests, or the rate of the answers during probing.
 */

/** Share of the rate that remains after a cut, as in Inspect's controller. */
const CUT_FACTOR = 0.8;
/** Answers. Fewer say nothing about the rate. */
const MIN_ANSWERS_TO_MEASURE = 8;
/** Milliseconds in which the rate grows e-fold: by 6 % in 3 s, twofold in 10 s. A doubled quota is soon used. */
const GROWTH_MS = 12_000;
/** Requests in which it grows e-fold at the earliest, or at a few a minute every other request would be throttled. */
const GROWTH_REQUESTS = 60;
/** Requests per millisecond: one a minute. No quota is lower. */
const MIN_RATE_PER_MS = 1 / 60_000;

/** Answers that measure servedRate: more than for a cut, because a rate that is too high starts probing. */
const MIN_ANSWERS_SERVED_RATE = 16;
/** Answers that show random throttling: while it lasts, nothing is cut. */
const MIN_ANSWERS_RANDOM = 32;
/** Answers that measure a served rate when probing ends early: there will be no more. */
const MIN_ANSWERS_PROBING = 8;
/** Replies after which probing ends without a result when a request is throttled. */
const MAX_PROBING_REPLIES = 128;
/** Probing starts when servedRate is so many times the throttled rate: less may be an error of measurement. */
const PROBE_FACTOR = 1.1;
/** The same after probing met too much throttling, which costs requests. */
const PROBE_AGAIN_FACTOR = 2;
/** Answers at so many times the throttled rate show random throttling: a quota would not have served them. */
const RANDOM_FACTOR = 1.25;
/** Share of replies. Above it the cause is a quota, or an endpoint that needs fewer requests in any case. */
const MAX_THROTTLED_SHARE = 0.25;
/** Replies in the moving mean of the throttled share: a lowered quota must end probing soon. */
const MEAN_OVER_REPLIES = { probing: 24, randomThrottling: 48 };

/** All rates are in requests per millisecond. */
export interface RateController {
  /** The highest rate to send at; Infinity = no limit is known. */
  ratePerMs(now: number): number;
  /** The request sent at `sentAt` was not throttled. */
  onAnswer(sentAt: number): void;
  /** A request was throttled although the rate was kept. Returns whether the rate is the cause. */
  onThrottle(sentAt: number, now: number): boolean;
  /** Another request was throttled that was in flight during the last `onThrottle`. */
  onLateThrottle(sentAt: number, now: number): void;
  /** Nothing is sent before `at`: the rate does not grow until then. */
  resumeAt(at: number): void;
}

/** `configured` may be Infinity. */
export function createRateController(configured: number, now: number): RateController {
  /** The rate at `growsFrom`. */
  let base = configured;
  let growsFrom = now;
  /** Answers since `measuredFrom`. */
  let answered = 0;
  let measuredFrom = now;
  /** There was an answer after the last throttled request. */
  let isAnswered = true;
  const cause = createThrottlingCause();

  /** Slow at first, near the quota that was found; faster and faster while nothing is throttled. */
  const grown = (time: number) => {
    const steps = Math.max(0, time - growsFrom) / Math.max(GROWTH_MS, GROWTH_REQUESTS / base);
    return base * Math.exp(steps ** 2);
  };
  const ratePerMs = (time: number) =>
    base === Number.POSITIVE_INFINITY || cause.state() !== 'rateLimited'
      ? configured
      : Math.min(configured, grown(time));
  /** The endpoint serves what it served during probing, even if earlier cuts went lower. */
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
      // Without an answer in between, the quota is still used up: one cut is enough.
      if (before === 'rateLimited' && isAnswered) base = rate * CUT_FACTOR;
      isAnswered = false;
      if (answered >= MIN_ANSWERS_TO_MEASURE) {
        const servedSinceLast = answered / (time - measuredFrom);
        if (state === 'rateLimited') base = Math.min(base, servedSinceLast);
        // If this turns out to be a quota after all, the controller continues at the latest rate.
        if (state === 'randomThrottling') base = servedSinceLast;
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

/** Why requests are throttled: because of the rate; not known yet; at random. */
export type ThrottlingState = 'rateLimited' | 'probing' | 'randomThrottling';

/** All times are those of sending: an endpoint decides soon after, but an answer may take minutes. */
export interface ThrottlingCause {
  state(): ThrottlingState;
  /** The highest rate of answers so far, or the rate of the last probing, in requests per ms; 0 = not known. */
  servedRate(): number;
  onAnswer(sentAt: number): void;
  /** A request was throttled although this rate was kept (requests per ms; Infinity = no limit). */
  onThrottle(rate: number, sentAt: number): void;
  /** Another request was throttled that was in flight during the last `onThrottle`. */
  onLateThrottle(sentAt: number): void;
}

/** The state diagram in the heading of this file. */
export function createThrottlingCause(): ThrottlingCause {
  let state: ThrottlingState = 'rateLimited';
  /**
   * When the measured window began: with a throttled request. The quota was used up then, so the endpoint really serves
   * what it answers afterwards, and not what it had saved up before.
   */
  let from = Number.POSITIVE_INFINITY;
  /** When the latest answered request of the window was sent. */
  let until = Number.POSITIVE_INFINITY;
  /** Answers to requests of the window. */
  let answers = 0;
  /** Replies to requests of the window. */
  let replies = 0;
  /** Moving mean over the replies of the window. */
  let throttledShare = 0;
  let servedRate = 0;
  /** The rate of the throttled request that started probing. */
  let suspectRate = 0;
  let probeFactor = PROBE_FACTOR;

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
  /** Ends probing or random throttling when too much is throttled, and probing that takes too long. */
  const endIfDue = (sentAt: number) => {
    const isTooMuch = throttledShare > MAX_THROTTLED_SHARE;
    const isTooLong = state === 'probing' && replies > MAX_PROBING_REPLIES;
    if (state === 'rateLimited' || !(isTooMuch || isTooLong)) return;
    servedRate = answers >= MIN_ANSWERS_PROBING ? windowRate() : servedRate / 2;
    probeFactor = isTooMuch ? PROBE_AGAIN_FACTOR : PROBE_FACTOR;
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
        probeFactor = PROBE_FACTOR;
      }
    },
    onThrottle(rate, sentAt) {
      count(1, sentAt);
      if (state !== 'rateLimited') return endIfDue(sentAt);
      const isMeasured = answers >= MIN_ANSWERS_SERVED_RATE;
      if (isMeasured) servedRate = Math.max(servedRate, windowRate());
      suspectRate = rate;
      if (probeFactor * rate <= servedRate) begin('probing', sentAt);
      else if (isMeasured || from === Number.POSITIVE_INFINITY) begin('rateLimited', sentAt);
    },
    onLateThrottle(sentAt) {
      count(1, sentAt);
      endIfDue(sentAt);
    },
  };
}
