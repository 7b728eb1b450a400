/** Classifies HTTP replies that are not answers. */

import { ProviderError, type ProviderErrorDetails } from '../../errors.ts';
import type { RateLimit } from '../../rate-limit.ts';
import type { FailureKind } from '../../result.ts';
import { type ErrorBody, readError, readErrorText, tidy } from './failure-body.ts';
import { rateLimitOf, resetMs } from './rate-limit.ts';
import { type ReplyHeaders, retryAfterMs } from './retry-after.ts';
import { present } from './wire-value.ts';

/** What readers need of a reply besides its body. */
export interface ReplyFacts {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** Wall clock in ms. */
  readonly now: number;
}

/** The reply's id from the vendor's header; undefined when there is none. */
export function requestIdOf(headers: ReplyHeaders): string | undefined {
  const id =
    headers['x-request-id'] ?? headers['request-id'] ?? headers['apim-request-id'] ?? headers['x-goog-request-id'];
  return id?.slice(0, 200);
}

/** The details that all failures have. */
export function detailsOf(facts: ReplyFacts): ProviderErrorDetails {
  const rateLimit: RateLimit | undefined = rateLimitOf(facts.headers, facts.now);
  return present({ status: facts.status, requestId: requestIdOf(facts.headers), rateLimit });
}

/** Hides secrets in a text or in parsed JSON. */
export type Hide = <T>(value: T) => T;

/** The failure of a reply with an error status. `hide` runs before a long message is cut: a part of a key is not found. */
export function replyFailure(text: string, facts: ReplyFacts, hide: Hide): ProviderError {
  return isRedirect(facts.status) ? redirected(facts) : classify(readErrorText(text, hide), facts);
}

/** The failure inside a reply of status 200: OpenRouter and others may fail after they have sent the status. */
export function failureInside(value: unknown, facts: ReplyFacts): ProviderError {
  const error = readError(value);
  const status = error.codes.map(Number).find((code) => Number.isInteger(code) && code >= 400 && code < 600);
  return classify(error, facts, status ?? null);
}

/** A reply with a success status that is not an answer. Set `retryable` if another attempt may succeed. */
export function invalidReply(message: string, facts: ReplyFacts, more: ProviderErrorDetails = {}): ProviderError {
  return new ProviderError('invalid_response', message, { ...detailsOf(facts), ...more });
}

/** A stop by the content filter: an outcome of the model, with its usage and the text that came before. */
export function filtered(message: string, facts: ReplyFacts, more: ProviderErrorDetails): ProviderError {
  return new ProviderError('content_filter', message, { ...detailsOf(facts), ...more });
}

/** A stop by the server in the middle of an answer. Another attempt may succeed. */
export function brokenOff(message: string, facts: ReplyFacts, more: ProviderErrorDetails): ProviderError {
  return new ProviderError('server', message, { ...detailsOf(facts), ...more });
}

interface Classification {
  readonly kind: FailureKind;
  /** Only if it differs from the default of the kind. */
  readonly retryable?: boolean;
  readonly hint?: string;
}

const QUOTA_HINT = 'the account has no credit or quota left; waiting does not help';

/** Codes that decide the kind regardless of the status. */
const BY_CODE: readonly (readonly [RegExp, Classification])[] = [
  [
    /^(content_filter(ed)?|ResponsibleAIPolicyViolation|(image_)?content_policy_violation|bio_policy|moderation(_blocked)?)$/i,
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

/** Messages by which an endpoint says that it does not support this kind of content. */
const UNSUPPORTED =
  /does not support (image|audio|input_audio|audio_url|vision|multimodal)|(image|audio)(_url)?( \| audio)? input is not supported|at most \d+ (image|audio)|(unsupported|invalid) content\[\]\.type|image URLs are not currently supported|not a multimodal model|no endpoints found that support (image|audio)|(audio|image)s? (is|are) not supported/i;

/** Statuses by name, for failures inside a reply of status 200. */
const BY_NAME: readonly (readonly [RegExp, number])[] = [
  [/rate_?limit|RESOURCE_EXHAUSTED|too_?many_?requests|throttl/i, 429],
  [/^(authentication_error|Unauthorized|UNAUTHENTICATED|invalid_authentication)/i, 401],
  [/^(permission_error|permission_?denied|forbidden)/i, 403],
  [/^(invalid_request_error|INVALID_ARGUMENT|BadRequestError|bad_request|not_found_error|NOT_FOUND)/i, 400],
  // The error codes of the Responses API.
  [/^(invalid_prompt|(invalid|empty|unsupported)_\w*image\w*|image_\w+|failed_to_download_image)$/, 400],
];

function classify(error: ErrorBody, facts: ReplyFacts, inner?: number | null): ProviderError {
  const status = inner === undefined ? facts.status : (inner ?? statusByName(error));
  const classification = classificationOf(error, status);
  const message = error.message === '' ? `HTTP ${facts.status} without a message` : error.message;
  const delay = error.retryDelay === undefined ? undefined : resetMs(error.retryDelay, facts.now);
  return new ProviderError(classification.kind, message, {
    ...detailsOf(facts),
    ...present({
      code: vendorCode(error, facts.status),
      retryAfterMs: retryAfterMs(facts.headers, message, facts.now) ?? (delay === 0 ? undefined : delay),
      retryable: isRetryable(classification, facts),
      hint: classification.hint,
    }),
  });
}

function classificationOf(error: ErrorBody, status: number): Classification {
  for (const [pattern, classification] of BY_CODE)
    if (error.codes.some((code) => pattern.test(code))) return classification;
  if (status >= 400 && UNSUPPORTED.test(error.message)) return { kind: 'unsupported' };
  return byStatus(status, error);
}

function byStatus(status: number, error: ErrorBody): Classification {
  if (status === 429) return { kind: 'rate_limit' };
  if (status === 402) return { kind: 'rate_limit', retryable: false, hint: QUOTA_HINT };
  if (status === 401 || status === 403) return { kind: 'auth', hint: authHint(status, error) };
  if (status === 408) return { kind: 'timeout' };
  // The vendors' own clients also retry 409 (conflict) and 425 (too early).
  if (status === 409 || status === 425) return { kind: 'server' };
  if (status === 501 || status === 505) return { kind: 'server', retryable: false };
  if (status >= 500) return { kind: 'server' };
  return { kind: 'bad_request', ...badRequestHint(status, error) };
}

function authHint(status: number, error: ErrorBody): string {
  if (/principal|role|permission|audience|token/i.test(error.message))
    return 'the identity needs the role Cognitive Services User (new roles take some minutes), and auth.scope must fit the endpoint';
  return status === 401
    ? 'check the key and that it belongs to this endpoint'
    : 'the key is valid but lacks permission: check its rights, the network rules and the model';
}

function badRequestHint(status: number, error: ErrorBody): { readonly hint?: string } {
  if (error.codes.some((code) => /^(unknown_model|DeploymentNotFound|model_not_found|no_model_name)$/i.test(code)))
    return { hint: 'model must be the name of a deployment of this endpoint' };
  // Reasoning models reject `max_tokens` and name its successor, which we send only with `reasoning: true`.
  if (/use '?max_completion_tokens'? instead/i.test(error.message))
    return { hint: 'set reasoning: true on the model, which sends max_completion_tokens' };
  if (status === 404) return { hint: 'check the endpoint, the apiVersion and the name of the deployment' };
  if (
    /extra inputs|extra_forbidden|not permitted|not allowed|unrecognized|unsupported (parameter|value)/i.test(
      error.message,
    )
  )
    return { hint: 'remove what it names from params or extraBody' };
  if (status === 413) return { hint: 'send less or smaller media' };
  if (status === 422) return { hint: 'if the request carries audio, try audioEncoding: audio_url (or input_audio)' };
  if (status === 424) return { hint: 'the model behind the route does not answer chat completions' };
  if (status === 431) return { hint: 'send fewer headers' };
  return {};
}

function tooManyTokens(): Classification {
  return { kind: 'bad_request', hint: 'the prompt has more tokens than the deployment takes' };
}

function statusByName(error: ErrorBody): number {
  return BY_NAME.find(([pattern]) => error.codes.some((code) => pattern.test(code)))?.[1] ?? 500;
}

/**
 * Follows `x-should-retry`, as openai-node does, if it differs from the default of the kind. A throttled request is an
 * exception: it is always sent again after the pause, as are all others of its model.
 */
function isRetryable(classification: Classification, facts: ReplyFacts): boolean | undefined {
  const advice = facts.headers['x-should-retry'];
  const transient = classification.retryable ?? ['timeout', 'server'].includes(classification.kind);
  if (advice === 'false' && transient && classification.kind !== 'rate_limit') return false;
  if (advice === 'true' && !transient && classification.kind === 'bad_request') return true;
  return classification.retryable;
}

/** The most specific code: a word rather than a repeated status. */
function vendorCode(error: ErrorBody, status: number): string | undefined {
  return error.codes.find((code) => !/^\d+$/.test(code)) ?? error.codes.find((code) => code !== String(status));
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

/** Only its owner may send the key to another host. The target's query may hold secrets and is not shown. */
function redirected(facts: ReplyFacts): ProviderError {
  const location = facts.headers['location'] ?? '';
  const target = URL.canParse(location) ? new URL(location) : null;
  const where = target === null ? location.replace(/[?#].*$/s, '') : `${target.origin}${target.pathname}`;
  return new ProviderError('bad_request', tidy(`the endpoint redirects to ${where}; redirects are not followed`), {
    ...detailsOf(facts),
    hint: 'if that address is right, use it as the endpoint',
  });
}
