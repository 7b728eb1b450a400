/** Bills a chat request like a vendor: applies token rules to the bytes that arrived. */

import { imageSize } from 'image-size';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import { loadEncoding } from '../../src/tokens/text-tokens.ts';
import { type CapturedRequest, chatCompletion, type Script } from './endpoint.ts';

/** How an endpoint counts tokens; media are counted by the rules of a known model. */
export interface Tariff {
  readonly media: string;
  readonly perMessage: number;
  readonly perRequest: number;
  /** Tokens for each token of o200k. */
  readonly textFactor?: number;
  /** Tokens around each image. */
  readonly perImage?: number;
  readonly completionTokens?: number;
}

interface Part {
  readonly type: string;
  readonly text?: string;
  readonly image_url?: { readonly url: string };
  readonly input_audio?: { readonly data: string };
}

interface Body {
  readonly messages: readonly { readonly content: string | readonly Part[] }[];
}

/** A script for `startEndpoint` that answers `ok` and reports only the totals of prompt and completion tokens. */
export function billing(tariff: Tariff): Script {
  return async (request) => {
    const prompt = await promptTokens(request, tariff);
    const completion = tariff.completionTokens ?? 5;
    const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
    return { json: chatCompletion('ok', { usage }) };
  };
}

async function promptTokens({ json }: CapturedRequest, tariff: Tariff): Promise<number> {
  const { messages } = json as Body;
  const count = await loadEncoding('o200k');
  const parts = messages.flatMap(({ content }) =>
    typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  );
  const costs = parts.map((part: Part) => {
    if (part.image_url !== undefined) return (tariff.perImage ?? 0) + imageCost(part.image_url.url, tariff.media);
    if (part.input_audio !== undefined) return clipCost(part.input_audio.data, tariff.media);
    return Math.round(count(part.text ?? '') * (tariff.textFactor ?? 1));
  });
  const template = tariff.perRequest + tariff.perMessage * messages.length;
  return costs.reduce((sum, cost) => sum + cost, template);
}

function imageCost(url: string, model: string): number {
  const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  const { width, height, orientation = 1 } = imageSize(bytes);
  return imageTokens(model, { width, height, orientation }).expected;
}

/** 16-bit mono: the size of the `data` chunk is the length. */
function clipCost(data: string, model: string): number {
  const bytes = Buffer.from(data, 'base64');
  const sampleRate = bytes.readUInt32LE(24);
  const seconds = bytes.readUInt32LE(bytes.indexOf('data', 12, 'latin1') + 4) / 2 / sampleRate;
  return audioTokens(model, { seconds, sampleRate }).expected;
}
