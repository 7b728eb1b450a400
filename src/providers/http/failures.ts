/** Turns an HTTP reply that is no answer, of any shape, into a classified failure. */

import { ProviderError, type ProviderErrorDetails } from '../../errors.ts';
import type { FailureKind } from '../../result.ts';
import type { RateLimit } from '../../types.ts';
import { type Spoken, spoken, spokenText } from './failure-body.ts';
import { rateLimitOf, resetMs } from './rate-limit.ts';
import { type ReplyHeaders, retryAfterMs } from './retry-after.ts';
import { present } from './wire-value.ts';

/** What every reading of a reply needs beside its body. */
export interface ReplyFacts {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** Wall clock in ms. */
  readonly now: number;
}

/** The reply's id, from the header that each vendor uses; undefined when there is none. */
export function requestIdOf(headers: ReplyHeaders): string | undefined {
  const id =
    headers['x-request-id'] ?? headers['request-id'] ?? headers['apim-request-id'] ?? headers['x-goog-request-id'];
  return id?.slice(0, 200);
}

/** What a failure's details hold whatever went wrong. */
export function detailsOf(facts: ReplyFacts): ProviderErrorDetails {
  const rateLimit: RateLimit | undefined = rateLimitOf(facts.headers, facts.now);
  return present({ status: facts.status, requestId: requestIdOf(facts.headers), rateLimit });
}

/** The failure that a reply with an error status is. */
export function replyFailure(text: string, facts: ReplyFacts): ProviderError {
  return isRedirect(facts.status) ? redirected(facts) : classify(spokenText(text), facts);
}

/** The failure that stands inside a reply of status 200: OpenRouter and others fail after the head is out. */
export function failureInside(error: unknown, facts: ReplyFacts): ProviderError {
  const said = spoken(error);
  const status = said.codes.map(Number).find((code) => Number.isInteger(code) && code >= 400 && code < 600);
  return classify(said, facts, status ?? null);
}

/** A reply that was answered with success and is none. `retryable` where another attempt may well succeed. */
export function invalidReply(message: string, facts: ReplyFacts, more: ProviderErrorDetails = {}): ProviderError {
  return new ProviderError('invalid_response', message, { ...detailsOf(facts), ...more });
}

/** A stop by the content filter: an outcome of the model, with what was billed and what came before it. */
export function filtered(message: string, facts: ReplyFacts, more: ProviderErrorDetails): ProviderError {
  return new ProviderError('content_filter', message, { ...detailsOf(facts), ...more });
}

/** A stop by the server half-way: no answer, and another attempt may well bring one. */
export function brokenOff(message: string, facts: ReplyFacts, more: ProviderErrorDetails): ProviderError {
  return new ProviderError('server', message, { ...detailsOf(facts), ...more });
}

interface Verdict {
  readonly kind: FailureKind;
  /** Only where it differs from what the kind says. */
  readonly retryable?: boolean;
  readonly hint?: string;
}

const QUOTA_HINT = 'the account has no credit or quota left; waiting does not help';

/** Codes that decide whatever the status is. */
const BY_CODE: readonly (readonly [RegExp, Verdict])[] = [
  [
    /^(content_filter(ed)?|ResponsibleAIPolicyViolation|content_policy_violation|moderation(_blocked)?)$/i,
    { kind: 'content_filter' },
  ],
  [
    /^(insufficient_quota|billing_(hard_limit_reached|error|not_active)|insufficient_(credits|balance|funds)|credit_exhausted)$/i,
    { kind: 'rate_limit', retryable: false, hint: QUOTA_HINT },
  ],
  [
    /^(API_KEY_INVALID|invalid_api_key)$/i,
    { kind: 'auth', hint: 'check the key and that it belongs to this endpoint' },
  ],
  [/^(tokens_limit_reached|context_length_exceeded|exceed_context_size_error)$/i, tooManyTokens()],
  [/^not_supported_error$/i, { kind: 'unsupported' }],
];

/** Words that tell what only the endpoint knew: that it does not take this kind of content. */
const UNSUPPORTED =
  /does not support (image|audio|input_audio|audio_url|vision|multimodal)|(image|audio)(_url)?( \| audio)? input is not supported|at most \d+ (image|audio)|(unsupported|invalid) content\[\]\.type|image URLs are not currently supported|not a multimodal model|no endpoints found that support (image|audio)|(audio|image)s? (is|are) not supported/i;

/** What replaces the status inside a reply of status 200. */
const BY_NAME: readonly (readonly [RegExp, number])[] = [
  [/rate_?limit|RESOURCE_EXHAUSTED|too_?many_?requests|throttl/i, 429],
  [/^(authentication_error|Unauthorized|UNAUTHENTICATED|invalid_authentication)/i, 401],
  [/^(permission_error|permission_?denied|forbidden)/i, 403],
  [/^(invalid_request_error|INVALID_ARGUMENT|BadRequestError|bad_request|not_found_error|NOT_FOUND)/i, 400],
];

function classify(said: Spoken, facts: ReplyFacts, inner?: number | null): ProviderError {
  const status = inner === undefined ? facts.status : (inner ?? statusByName(said));
  const verdict = verdictOf(said, status);
  const message = said.message === '' ? `HTTP ${facts.status} without a message` : said.message;
  const delay = said.retryDelay === undefined ? undefined : resetMs(said.retryDelay, facts.now);
  return new ProviderError(verdict.kind, message, {
    ...detailsOf(facts),
    ...present({
      code: vendorCode(said, facts.status),
      retryAfterMs: retryAfterMs(facts.headers, message, facts.now) ?? (delay === 0 ? undefined : delay),
      retryable: advised(verdict, facts),
      hint: verdict.hint,
    }),
  });
}

function verdictOf(said: Spoken, status: number): Verdict {
  for (const [pattern, verdict] of BY_CODE) if (said.codes.some((code) => pattern.test(code))) return verdict;
  if (status >= 400 && UNSUPPORTED.test(said.message)) return { kind: 'unsupported' };
  return byStatus(status, said);
}

function byStatus(status: number, said: Spoken): Verdict {
  if (status === 429) return { kind: 'rate_limit' };
  if (status === 402) return { kind: 'rate_limit', retryable: false, hint: QUOTA_HINT };
  if (status === 401 || status === 403) return { kind: 'auth', hint: authHint(status, said) };
  if (status === 408) return { kind: 'timeout' };
  // A conflict and "too early" pass by themselves, as the vendors' own clients hold.
  if (status === 409 || status === 425) return { kind: 'server' };
  if (status === 501 || status === 505) return { kind: 'server', retryable: false };
  if (status >= 500) return { kind: 'server' };
  return { kind: 'bad_request', ...badRequestHint(status, said) };
}

function authHint(status: number, said: Spoken): string {
  if (/principal|role|permission|audience|token/i.test(said.message))
    return 'the identity needs the role Cognitive Services User (a new role takes some minutes to apply), and auth.scope must fit the endpoint';
  return status === 401
    ? 'check the key and that it belongs to this endpoint'
    : 'the key is valid but lacks permission: check its rights, the network rules and the model';
}

function badRequestHint(status: number, said: Spoken): { readonly hint?: string } {
  if (said.codes.some((code) => /^(unknown_model|DeploymentNotFound|model_not_found|no_model_name)$/i.test(code)))
    return { hint: 'model must be the name of a deployment of this endpoint' };
  // Reasoning models refuse `max_tokens` and name its successor, which only `reasoning: true` makes us send.
  if (/use '?max_completion_tokens'? instead/i.test(said.message))
    return { hint: 'set reasoning: true on the model, which sends max_completion_tokens' };
  if (status === 404) return { hint: 'check the endpoint, the apiVersion and the name of the deployment' };
  if (
    /extra inputs|extra_forbidden|not permitted|not allowed|unrecognized|unsupported (parameter|value)/i.test(
      said.message,
    )
  )
    return { hint: 'remove what it names from params or extraBody' };
  if (status === 413) return { hint: 'send less or smaller media' };
  if (status === 422) return { hint: 'if the request carries audio, try audioEncoding: audio_url (or input_audio)' };
  if (status === 424) return { hint: 'the model behind the route does not answer chat completions' };
  if (status === 431) return { hint: 'send fewer headers' };
  return {};
}

function tooManyTokens(): Verdict {
  return { kind: 'bad_request', hint: 'the prompt has more tokens than the deployment takes' };
}

function statusByName(said: Spoken): number {
  return BY_NAME.find(([pattern]) => said.codes.some((code) => pattern.test(code)))?.[1] ?? 500;
}

/**
 * openai-node obeys `x-should-retry`; it is kept where it contradicts what the kind says by itself. That a request is
 * refused for the rate passes all the same: it is sent again when the pause is over, as are all others.
 */
function advised(verdict: Verdict, facts: ReplyFacts): boolean | undefined {
  const advice = facts.headers['x-should-retry'];
  const transient = verdict.retryable ?? ['timeout', 'server'].includes(verdict.kind);
  if (advice === 'false' && transient && verdict.kind !== 'rate_limit') return false;
  if (advice === 'true' && !transient && verdict.kind === 'bad_request') return true;
  return verdict.retryable;
}

/** The most telling code: a word rather than the status once more. */
function vendorCode(said: Spoken, status: number): string | undefined {
  return said.codes.find((code) => !/^\d+$/.test(code)) ?? said.codes.find((code) => code !== String(status));
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** The key must not follow to another place; its owner decides. The target's query may hold secrets and is not shown. */
function redirected(facts: ReplyFacts): ProviderError {
  const location = facts.headers['location'] ?? '';
  const target = URL.canParse(location) ? new URL(location) : null;
  const where = target === null ? location.replace(/[?#].*$/s, '') : `${target.origin}${target.pathname}`;
  return new ProviderError(
    'bad_request',
    spoken(`the endpoint redirects to ${where}; redirects are not followed`).message,
    {
      ...detailsOf(facts),
      hint: 'if that address is right, use it as the endpoint',
    },
  );
}
