/** What an endpoint says of its limits. */

/** Rate limits from an endpoint's response headers; a member is absent when no header reported it. */
export interface RateLimit {
  readonly limitRequests?: number;
  readonly limitTokens?: number;
  readonly remainingRequests?: number;
  readonly remainingTokens?: number;
  /** Time until all requests of the limit are available again. */
  readonly resetRequestsMs?: number;
  readonly resetTokensMs?: number;
}
