/** Prints the findings of a probe as JSON. */

import { shownModel } from '../text/shown-model.ts';
import { answerOf, failureOf, type ProbeCall } from './probe-calls.ts';
import { hintOf, type ProbeReport, rateLimitOf, servedModel, usageFields } from './probe-report.ts';

/** One JSON document; null = not known. It also escapes the control characters that JSON allows and terminals act on. */
export function probeJson(reports: readonly ProbeReport[]): string {
  const escaped = JSON.stringify({ models: reports.map(modelDocument) }, null, 2).replace(
    /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${escaped}\n`;
}

function modelDocument({ model, url, auth, listing, calls, found, settings }: ProbeReport): unknown {
  return {
    id: model.id,
    provider: model.provider,
    url,
    auth,
    requestedModel: shownModel(model),
    servedModel: servedModel(calls),
    isListed: listing === undefined ? null : listing !== null,
    shutdownDate: listing?.shutdownDate ?? null,
    calls: calls.map(callDocument),
    usageFields: usageFields(calls).map(([field]) => field),
    rateLimit: rateLimitOf(calls),
    found,
    configuration: settings,
  };
}

function callDocument(call: ProbeCall): unknown {
  const answer = answerOf(call);
  const failure = failureOf(call);
  return {
    sent: call.sent,
    status: failure === null ? 'completed' : 'failed',
    latencyMs: call.latencyMs,
    firstTokenMs: call.firstTokenMs,
    answer: answer?.text ?? null,
    finishReason: answer?.finishReason ?? null,
    refused: answer?.refused ?? null,
    usage: answer?.usage ?? null,
    requestId: answer?.requestId ?? failure?.details.requestId ?? null,
    failure:
      failure === null
        ? null
        : {
            kind: failure.kind,
            status: failure.details.status ?? null,
            code: failure.details.code ?? null,
            message: failure.message,
            hint: hintOf(call),
          },
  };
}
