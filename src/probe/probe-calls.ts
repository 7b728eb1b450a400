/** Sends a probe's tiny calls to one model: one after the other, one attempt each, under the model's time limit. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import { providerOf } from '../plan/model-provider.ts';
import { isReasoning } from '../providers/chat-body.ts';
import type { ProviderContext } from '../providers/provider.ts';
import type { Completion, GenerateParams, Media, ModelConfig } from '../types.ts';

/** The same in every call, so that the prompt tokens of two calls differ by their media alone. */
const QUESTION = 'What do you see or hear? Answer with one word.';

/** Room for a word, and for a model that does not keep to one. */
const MAX_TOKENS = 64;
/** A reasoning model thinks before its word; with less, some of them answer an error instead of nothing. */
const MAX_REASONING_TOKENS = 1024;

export type AudioEncoding = NonNullable<ModelConfig['audioEncoding']>;

/** One call and what came of it. */
export interface ProbeCall {
  /** What was sent, for people: `text`, `2 images`. */
  readonly sent: string;
  readonly result: Completion | ProviderError;
  /** From sending to the last byte, or to the failure; the first call of a model opens the connection. */
  readonly latencyMs: number;
  /** null without streaming. */
  readonly firstTokenMs: number | null;
}

/** Media of one call; none of it = text alone. */
interface ProbeMedia {
  readonly images?: readonly Media[];
  readonly audio?: Media;
  /** Default `input_audio`; of no meaning where the dialect has one form only. */
  readonly audioEncoding?: AudioEncoding;
}

/** Asks one model and keeps what came of it. */
export interface Prober {
  readonly model: ModelConfig;
  /** In the order of asking. */
  readonly calls: readonly ProbeCall[];
  /** Throws the reason of a stop, before or after it has sent. */
  ask(sent: string, media?: ProbeMedia): Promise<ProbeCall>;
  close(): Promise<void>;
}

export interface ProbeContext {
  readonly providers: ProviderContext;
  readonly clock: Clock;
  /** Ends the call in flight. */
  readonly stop: AbortSignal;
}

/** Opens clients for a model; nothing is sent yet. */
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
    close: async () => {
      await Promise.allSettled(Object.values(clients).map((client) => client.close?.()));
    },
  };
}

/** The answer; null when there was none. */
export function answerOf(call: ProbeCall | undefined): Completion | null {
  return call === undefined || call.result instanceof ProviderError ? null : call.result;
}

/** Why there was no answer; null when there was one. */
export function failureOf({ result }: ProbeCall): ProviderError | null {
  return result instanceof ProviderError ? result : null;
}

/** What a configuration keeps from a model is what a probe wants to know. */
function unrestricted(model: ModelConfig): ModelConfig {
  const { maxImages, maxMediaBytes, audioFormats, media, ...rest } = model;
  return rest;
}

/** As configured but for the length; a format of the answer would want a prompt that fits it. */
function probeParams(model: ModelConfig): GenerateParams {
  const { responseFormat, ...params } = model.params;
  const room = isReasoning(model) ? MAX_REASONING_TOKENS : MAX_TOKENS;
  return { ...params, maxTokens: Math.min(params.maxTokens ?? room, room) };
}

function failureOrThrow(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  throw error;
}
