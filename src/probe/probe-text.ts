/** Prints the findings of a probe for people: one block of lines per model, escaped for the terminal. */

import { stringify } from 'yaml';
import { baseModelId } from '../config/select-models.ts';
import type { ProviderError } from '../errors.ts';
import { isSecretHeader } from '../providers/secrets.ts';
import type { RateLimit } from '../rate-limit.ts';
import { duration } from '../reporters/figures-for-people.ts';
import { fitWidth } from '../text/display-width.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { shownModel } from '../text/shown-model.ts';
import type { Auth, Completion, ModelConfig } from '../types.ts';
import { answerOf, failureOf, type ProbeCall } from './probe-calls.ts';
import { hintOf, type ProbeReport, rateLimitOf, servedModel, usageFields } from './probe-report.ts';
import type { TokenFindings } from './probe-tokens.ts';

/** Width of the labels in columns: the longest is `audio as input_audio`. */
const LABEL_WIDTH = 22;
/** Width of an answer in columns: enough for a word, or to see that it is more than one. */
const ANSWER_WIDTH = 48;

/** Ends with YAML that can be pasted below `models:` in the configuration. */
export function probeText(report: ProbeReport): string {
  const { model, url, auth, calls, found } = report;
  const alone = calls[0] === undefined ? null : (answerOf(calls[0])?.usage?.promptTokens ?? null);
  const lines = [
    model.id,
    row('url', url),
    row('authentication', authText(auth, model)),
    row('model', modelText(report)),
    ...listingRows(report),
    ...calls.map((call, index) => row(call.sent, callText(call, index === 0 ? null : alone))),
    row('usage reported', list(usageFields(calls).map(([, name]) => name)) || 'none'),
    row('rate limits', rateLimitText(rateLimitOf(calls)) || 'none reported'),
    ...(found.about === 'image tokens' ? tokenRows(found) : []),
    ...yamlLines(report),
  ];
  return `${lines.map(escapeTerminal).join('\n')}\n`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}

function list(parts: readonly (string | null)[], separator = ', '): string {
  return parts.filter((part) => part !== null && part !== '').join(separator);
}

function authText(auth: Auth, model: ModelConfig): string {
  const headers = list(Object.keys(model.headers ?? {}).filter(isSecretHeader));
  return list([authName(auth), headers === '' ? null : `configured header ${headers}`]);
}

function authName(auth: Auth): string {
  switch (auth.type) {
    case 'key':
      return `key from ${auth.env}`;
    case 'entra':
      return `Entra ID token for ${auth.scope ?? 'no scope'}`;
    case 'none':
      return 'none';
    default:
      return auth satisfies never;
  }
}

function modelText({ model, calls }: ProbeReport): string {
  const served = servedModel(calls);
  const asked = shownModel(model);
  return served === null || served === asked ? asked : `${asked}, served as ${served}`;
}

function listingRows({ model, listing }: ProbeReport): readonly string[] {
  if (listing === undefined) return [];
  if (listing === null) return [row('listed', `no: the endpoint's list of models has no ${model.model}`)];
  return [row('listed', listing.shutdownDate === null ? 'yes' : `yes, with the shutdown date ${listing.shutdownDate}`)];
}

function callText(call: ProbeCall, textTokens: number | null): string {
  const failure = failureOf(call);
  if (failure !== null) return list([failureText(failure), hintOf(call), duration(call.latencyMs)], ' · ');
  const answer = answerOf(call);
  return answer === null ? '' : list([...answerParts(answer, textTokens), ...timeParts(call)], ' · ');
}

/** Some servers silently drop media that they do not support; only the token count shows it. */
const NOT_COUNTED = 'no more than text alone: the model may have ignored the media';

function answerParts(answer: Completion, textTokens: number | null): readonly (string | null)[] {
  const { promptTokens = null, completionTokens = null } = answer.usage ?? {};
  const more = promptTokens === null || textTokens === null ? null : promptTokens - textTokens;
  return [
    `"${fitWidth(answer.text.trim(), ANSWER_WIDTH)}"`,
    answer.refused ? 'refused by the model' : null,
    answer.finishReason === 'length' ? 'cut at the length limit' : null,
    promptTokens === null ? null : `${promptTokens} prompt tokens`,
    more === null ? null : more > 0 ? `${more} more than text alone` : NOT_COUNTED,
    completionTokens === null ? null : `${completionTokens} completion tokens`,
  ];
}

function timeParts({ latencyMs, firstTokenMs }: ProbeCall): readonly (string | null)[] {
  return [firstTokenMs === null ? null : `first token after ${duration(firstTokenMs)}`, duration(latencyMs)];
}

function failureText({ kind, message, details: { status, code, requestId } }: ProviderError): string {
  const facts = [
    kind,
    status === undefined ? null : `HTTP ${status}`,
    code ?? null,
    requestId === undefined ? null : `request ${requestId}`,
  ];
  return `failed (${list(facts)}): ${message}`;
}

function tokenRows({ readings, best, fits, estimate }: TokenFindings): readonly string[] {
  const [first, ...others] = best;
  if (first === undefined || estimate === null)
    return [
      row('image rule', readings.length < 2 ? 'unknown: no prompt tokens to compare' : 'none: images add no tokens'),
    ];
  const off = first.error === 0 ? 'exact' : `off by ${(100 * first.error).toFixed(1)} %`;
  const marks = first.framing === 0 ? null : `${first.framing} tokens around each image`;
  return [
    row('image tokens', list(readings.map(({ tokens }) => String(tokens)))),
    row('image rule', `${fits ? '' : 'no known rule fits, the closest is '}${first.mapping} (${list([off, marks])})`),
    ...(others.length === 0 ? [] : [row('fits equally well', list(others.map(({ mapping }) => mapping)))]),
    row('estimate', `${list(estimate.tokens.map(String))} by ${estimate.rule}${estimate.agrees ? ': correct' : ''}`),
  ];
}

function rateLimitText(limit: RateLimit | null): string {
  if (limit === null) return '';
  return list([
    limitText('requests', limit.limitRequests, limit.remainingRequests, limit.resetRequestsMs),
    limitText('tokens', limit.limitTokens, limit.remainingTokens, limit.resetTokensMs),
  ]);
}

function limitText(
  unit: string,
  limit: number | undefined,
  left: number | undefined,
  resetMs: number | undefined,
): string {
  return list([
    limit === undefined ? null : `${limit} ${unit}`,
    left === undefined ? null : `${left} ${unit} left`,
    resetMs === undefined ? null : `${unit} reset in ${duration(resetMs)}`,
  ]);
}

function yamlLines({ model, settings }: ProbeReport): readonly string[] {
  const members = Object.entries(settings);
  if (members.length === 0) return [];
  return [
    '  for the configuration:',
    `    - id: ${yaml(baseModelId(model.id))}`,
    ...members.map(([name, value]) => `      ${name}: ${yaml(value)}`),
  ];
}

function yaml(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();
}
