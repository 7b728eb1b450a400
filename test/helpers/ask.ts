/** Creates models, media and requests for tests of clients, and sends one request. */

import { createHash } from 'node:crypto';
import { ProviderError } from '../../src/errors.ts';
import type { ProviderContext } from '../../src/providers/provider.ts';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
import type {
  ChatRequest,
  Completion,
  ContentPart,
  GenerateParams,
  Media,
  MediaLoader,
  Message,
  ModelConfig,
} from '../../src/types.ts';
import { pngBytes, wavBytes } from './media.ts';

export const KEY = 'k3y-0123456789abcdef';
export const ENV = { TEST_KEY: KEY };
export const REQUEST_ID = '11111111-2222-4333-8444-555555555555';

/** A model that supports everything, with a key from the variable TEST_KEY. */
export function testModel(provider: ProviderName, more: Partial<ModelConfig> = {}): ModelConfig {
  return {
    id: 'm1',
    provider,
    model: 'test-model',
    auth: { type: 'key', env: 'TEST_KEY' },
    modalities: PROVIDERS[provider].modalities,
    params: {},
    limits: { concurrency: 8, timeoutMs: 10_000, retries: 0 },
    ...more,
  };
}

/** Loads media that contain their bytes, and counts the loads. */
export function memoryLoader(): MediaLoader & { readonly loads: () => number } {
  let loads = 0;
  return {
    loads: () => loads,
    load: async (media) => {
      loads += 1;
      if (media.type !== 'data') {
        const bytes = pngBytes({ seed: 99 });
        return { mediaType: 'image/png', base64: Buffer.from(bytes.toString('base64')), byteLength: bytes.length };
      }
      return { mediaType: media.mediaType, base64: Buffer.from(media.base64), byteLength: media.byteLength };
    },
  };
}

export function dataMedia(bytes: Buffer, mediaType: string): Media & { readonly base64: string } {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    type: 'data',
    uri: `data:${mediaType};sha256=${sha256}`,
    mediaType,
    sha256,
    byteLength: bytes.length,
    base64: bytes.toString('base64'),
  };
}

export const PNG = dataMedia(pngBytes(), 'image/png');
export const WAV = dataMedia(wavBytes({ seconds: 0.01 }), 'audio/wav');
export const MP3 = dataMedia(Buffer.from('4944330400000000000a', 'hex'), 'audio/mpeg');

export const text = (words: string): ContentPart => ({ type: 'text', text: words });
export const image = (media: Media = PNG): ContentPart => ({ type: 'image', media });
export const audio = (media: Media = WAV): ContentPart => ({ type: 'audio', media });
export const document = (media: Media): ContentPart => ({ type: 'document', media });
export const url = (uri: string): Media => ({ type: 'url', uri });
export const user = (...content: readonly ContentPart[]): Message => ({ role: 'user', content });
export const assistant = (words: string): Message => ({ role: 'assistant', content: [text(words)] });
export const system = (words: string): Message => ({ role: 'system', content: [text(words)] });

export function chatRequest(messages: readonly Message[], params: GenerateParams = {}): ChatRequest {
  return { messages, params, clientRequestId: REQUEST_ID };
}

export interface AskOptions {
  readonly context?: Partial<ProviderContext>;
  readonly params?: GenerateParams;
  readonly signal?: AbortSignal;
  readonly onFirstToken?: () => void;
}

/** Creates a client, sends one request, closes the client. */
export async function ask(
  model: ModelConfig,
  messages: readonly Message[] = [user(text('hi'))],
  { context = {}, params = model.params, signal, onFirstToken }: AskOptions = {},
): Promise<Completion> {
  const providers: Readonly<Record<string, (typeof PROVIDERS)[ProviderName]>> = PROVIDERS;
  const provider = providers[model.provider];
  if (provider === undefined) throw new Error(`no provider ${model.provider}`);
  const client = await provider.create(model, { env: ENV, media: memoryLoader(), ...context });
  try {
    return await client.complete(chatRequest(messages, params), {
      signal: signal ?? new AbortController().signal,
      ...(onFirstToken === undefined ? {} : { onFirstToken }),
    });
  } finally {
    await client.close?.();
  }
}

/** Returns the failure of a promise; throws when the promise succeeds. */
export async function failureOf(promise: Promise<unknown>): Promise<ProviderError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ProviderError) return error;
    throw error;
  }
  throw new Error('expected a failure, got an answer');
}
