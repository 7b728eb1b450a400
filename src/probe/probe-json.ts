/** Prints the findings of a probe as JSON. */

import { shownModel } from '../text/shown-model.ts';
import { terminalJson } from '../text/terminal-json.ts';
import { answerOf, failureOf, type ProbeCall } from './probe-calls.ts';
import { hintOf, type ProbeReport, rateLimitOf, servedModel, usageFields } from './probe-report.ts';

/** One JSON document; null = not known. */
export function probeJson(reports: readonly ProbeReport[]): string {
  return `${terminalJson({ models: reports.map(modelDocument) }, 2)}\n`;
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
