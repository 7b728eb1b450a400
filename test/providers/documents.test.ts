import { describe, expect, test } from 'vitest';
import { unsupported } from '../../src/providers/capabilities.ts';
import { PROVIDERS, type ProviderName } from '../../src/providers/registry.ts';
import type { ContentPart, Media, ModelConfig } from '../../src/types.ts';
import { ask, dataMedia, failureOf, testModel, text, url, user } from '../helpers/ask.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { mp4Bytes } from '../helpers/video.ts';

const PDF = dataMedia(pdfBytes(), 'application/pdf');
const MP4 = dataMedia(mp4Bytes({ seconds: 1 }), 'video/mp4');
const document = (media: Media = PDF): ContentPart => ({ type: 'document', media });
const video = (media: Media = MP4): ContentPart => ({ type: 'video', media });
const PDF_URL = `data:application/pdf;base64,${PDF.base64}`;
const REMOTE = url('https://example.com/a');

type Case = readonly [
  name: string,
  provider: ProviderName,
  path: string,
  more: Partial<ModelConfig>,
  part: ContentPart,
  sent: unknown,
];

const FILE = { type: 'file', file: { filename: 'document.pdf', file_data: PDF_URL } };

describe('a part on the wire', () => {
  test.each<Case>([
    ['a document in chat completions', 'openai', '/v1', {}, document(), FILE],
    ['a document on Azure', 'azure', '/openai/v1', {}, document(), FILE],
    [
      'a document in the Responses API',
      'openai',
      '/v1',
      { api: 'responses' },
      document(),
      { type: 'input_file', filename: 'document.pdf', file_data: PDF_URL },
    ],
    [
      'a document by URL in the Responses API',
      'openai',
      '/v1',
      { api: 'responses' },
      document(REMOTE),
      { type: 'input_file', file_url: 'https://example.com/a' },
    ],
    [
      'a document in Messages',
      'anthropic',
      '',
      {},
      document(),
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF.base64 } },
    ],
    [
      'a document by URL in Messages',
      'anthropic',
      '',
      {},
      document(REMOTE),
      { type: 'document', source: { type: 'url', url: 'https://example.com/a' } },
    ],
    [
      'a document in generateContent',
      'google',
      '',
      {},
      document(),
      { inlineData: { mimeType: 'application/pdf', data: PDF.base64 } },
    ],
    [
      'a video of vLLM',
      'openai',
      '/v1',
      {},
      video(),
      { type: 'video_url', video_url: { url: `data:video/mp4;base64,${MP4.base64}` } },
    ],
    [
      'a video of vLLM by URL',
      'openai',
      '/v1',
      {},
      video(REMOTE),
      { type: 'video_url', video_url: { url: 'https://example.com/a' } },
    ],
    [
      'a video in generateContent',
      'google',
      '',
      {},
      video(),
      { inlineData: { mimeType: 'video/mp4', data: MP4.base64 } },
    ],
    [
      'a video in generateContent by URI',
      'google',
      '',
      { remoteMedia: 'pass' },
      video(REMOTE),
      { fileData: { fileUri: 'https://example.com/a' } },
    ],
  ])('%s', async (_name, provider, path, more, part, sent) => {
    await using endpoint = await startEndpoint({ status: 400, json: {} });

    await ask(testModel(provider, { endpoint: `${endpoint.url}${path}`, ...more }), [user(text('a'), part)]).catch(
      () => {},
    );

    const body = endpoint.requests[0]?.json as Record<string, readonly { content?: unknown[]; parts?: unknown[] }[]>;
    const [message] = body['messages'] ?? body['input'] ?? body['contents'] ?? [];
    expect((message?.content ?? message?.parts)?.[1]).toEqual(sent);
  });
});

describe('before anything is sent', () => {
  const reasonOf = (provider: ProviderName, more: Partial<ModelConfig>, ...parts: readonly ContentPart[]) => {
    const model = testModel(provider, more);
    return unsupported(model, PROVIDERS[provider].mediaSupport(model), [user(...parts)]);
  };
  const ofPages = (pages: number): Media => ({ ...PDF, pages }) as Media;
  const ofBytes = (media: Media, byteLength: number): Media => ({ ...media, byteLength }) as Media;
  const own = 'https://api.openai.com/v1';
  const foundry = 'https://r.services.ai.azure.com';

  test.each<readonly [string, ProviderName, Partial<ModelConfig>, readonly ContentPart[], string | null]>([
    ['100 pages at Anthropic', 'anthropic', {}, [document(ofPages(60)), document(ofPages(40))], null],
    [
      '101 pages at Anthropic',
      'anthropic',
      {},
      [document(ofPages(60)), document(ofPages(41))],
      'documents of 101 pages; the model takes 100',
    ],
    [
      'a file of more than 24 MB at Anthropic',
      'anthropic',
      {},
      [document(ofBytes(PDF, 24_000_001))],
      'a file of 24000001 bytes; the model takes 24000000',
    ],
    [
      'a video of more than 75 MB at Google',
      'google',
      {},
      [video(ofBytes(MP4, 75_000_001))],
      'a file of 75000001 bytes; the model takes 75000000',
    ],
    ['many pages at another host', 'anthropic', { endpoint: 'https://h' }, [document(ofPages(500))], null],
    [
      'a document by URL in chat completions',
      'openai',
      { endpoint: own },
      [document(REMOTE)],
      'document by URL; remoteMedia: inline sends its bytes',
    ],
    [
      'a video at OpenAI',
      'openai',
      { endpoint: own },
      [video()],
      'video; the protocol takes text, image, audio, document',
    ],
    [
      'a document on /models',
      'azure',
      { endpoint: `${foundry}/models` },
      [document()],
      'document; the protocol takes text, image, audio',
    ],
    [
      'a video in the Responses API',
      'openai',
      { endpoint: 'https://h/v1', api: 'responses' },
      [video()],
      'video; the protocol takes text, image, document',
    ],
    ['a video at Anthropic', 'anthropic', {}, [video()], 'video; the model takes text, image, document'],
    ['a document for an embedded model', 'local', {}, [document()], 'document; the model takes text, image, audio'],
    [
      'a document for a model that takes none',
      'openai',
      { endpoint: own, modalities: ['text', 'image'] },
      [document()],
      'document; the model takes text, image',
    ],
  ])('%s', (_name, provider, more, parts, reason) => {
    expect(reasonOf(provider, more, ...parts)).toBe(reason);
  });

  test('nothing of it is sent', async () => {
    await using endpoint = await startEndpoint();

    const failure = await failureOf(
      ask(testModel('anthropic', { endpoint: endpoint.url }), [user(text('a'), video())]),
    );

    expect([failure.kind, endpoint.requests.length]).toEqual(['unsupported', 0]);
  });
});
