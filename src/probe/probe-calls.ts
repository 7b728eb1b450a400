/** Sends the small requests of a probe to one model: one after the other, one attempt each, with the model's timeout. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import { providerOf } from '../plan/model-provider.ts';
import { isReasoning } from '../providers/chat-body.ts';
import type { ModelListing, ProviderContext } from '../providers/provider.ts';
import type { Completion, GenerateParams, Media, ModelConfig } from '../types.ts';

/** The same in every call, so that the prompt tokens of two calls differ only by their media. */
const QUESTION = 'What do you see or hear? Answer with one word.';

/** Enough for one word, and for a model that answers with a sentence. */
const MAX_TOKENS = 64;
/** A reasoning model also needs tokens for its reasoning; with fewer, some of them answer with an error. */
const MAX_REASONING_TOKENS = 1024;

export type AudioEncoding = NonNullable<ModelConfig['audioEncoding']>;

/** One call with its answer or its failure. */
export interface ProbeCall {
  /** What was sent, for people: `text`, `2 images`. */
  readonly sent: string;
  readonly result: Completion | ProviderError;
  /** From sending to the last byte or to the failure; the first call of a model includes opening the connection. */
  readonly latencyMs: number;
  /** null without streaming. */
  readonly firstTokenMs: number | null;
}

/** Media of one call; no members = text alone. */
interface ProbeMedia {
  readonly images?: readonly Media[];
  readonly audio?: Media;
  /** Default `input_audio`; has no effect where the dialect has only one form. */
  readonly audioEncoding?: AudioEncoding;
}

/** Sends calls to one model and keeps their results. */
export interface Prober {
  readonly model: ModelConfig;
  /** In the order of sending. */
  readonly calls: readonly ProbeCall[];
  /** @throws the reason of `stop` when it is aborted before or during the call. */
  ask(sent: string, media?: ProbeMedia): Promise<ProbeCall>;
  /** Looks the model up in the endpoint's own list; undefined = there is no list that can be read. */
  listing(): Promise<ModelListing | null | undefined>;
  close(): Promise<void>;
}

export interface ProbeContext {
  readonly providers: ProviderContext;
  readonly clock: Clock;
  /** Aborts the call in flight. */
  readonly stop: AbortSignal;
}

/** Opens the clients of a model; sends nothing yet. */
export async function openProber(model: ModelConfig, context: ProbeContext): Promise<Prober> {
  const provider = providerOf(model);
  const open = { ...unrestricted(model), modalities: provider.modalities };
  const create = (audioEncoding: AudioEncoding) => provider.create({ ...open, audioEncoding }, context.providers);
  const clients = { input_audio: await create('input_audio'), audio_url: await create('audio_url') };
  const calls: ProbeCall[] = [];
  return {
    model,
    calls,
    async ask(sent, { images = [], audio, audioEncoding = 'input_audio' } = {}) {
      context.stop.throwIfAborted();
      const content = [
        { type: 'text', text: QUESTION },
        ...images.map((media) => ({ type: 'image', media }) as const),
        ...(audio === undefined ? [] : [{ type: 'audio', media: audio } as const]),
      ] as const;
      const request = {
        messages: [{ role: 'user', content }],
        params: probeParams(model),
        clientRequestId: randomUUID(),
      } as const;
      const { timeoutMs } = model.limits;
      const late = new AbortController();
      const timer = setTimeout(
        () => late.abort(new DOMException(`no complete answer within ${timeoutMs} ms`, 'TimeoutError')),
        timeoutMs,
      );
      const start = context.clock.now();
      let firstTokenMs: number | null = null;
      const result = await clients[audioEncoding]
        .complete(request, {
          signal: AbortSignal.any([context.stop, late.signal]),
          onFirstToken: () => {
            firstTokenMs = context.clock.now() - start;
          },
        })
        .catch(failureOrThrow)
        .finally(() => clearTimeout(timer));
      context.stop.throwIfAborted();
      const call = { sent, result, latencyMs: context.clock.now() - start, firstTokenMs };
      calls.push(call);
      return call;
    },
    listing: () =>
      clients.input_audio
        .listing?.(AbortSignal.any([context.stop, AbortSignal.timeout(model.limits.timeoutMs)]))
        .catch((error: unknown) => {
          failureOrThrow(error);
          context.stop.throwIfAborted();
          return undefined;
        }) ?? Promise.resolve(undefined),
    close: async () => {
      await Promise.allSettled(Object.values(clients).map((client) => client.close?.()));
    },
  };
}

/** The answer of a call; null when it failed. */
export function answerOf(call: ProbeCall | undefined): Completion | null {
  return call === undefined || call.result instanceof ProviderError ? null : call.result;
}

/** The failure of a call; null when it has an answer. */
export function failureOf({ result }: ProbeCall): ProviderError | null {
  return result instanceof ProviderError ? result : null;
}

/** The model without the limits of its configuration: a probe finds out what the endpoint itself accepts. */
function unrestricted(model: ModelConfig): ModelConfig {
  const { maxMediaBytes, audioFormats, media, ...rest } = model;
  // Without a value, the table of models would limit the images.
  return { ...rest, maxImages: Number.POSITIVE_INFINITY };
}

/** The configured parameters with a short answer length, and without an answer format, which would need another prompt. */
function probeParams(model: ModelConfig): GenerateParams {
  const { responseFormat, ...params } = model.params;
  const room = isReasoning(model) ? MAX_REASONING_TOKENS : MAX_TOKENS;
  return { ...params, maxTokens: Math.min(params.maxTokens ?? room, room) };
}

function failureOrThrow(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  throw error;
}
