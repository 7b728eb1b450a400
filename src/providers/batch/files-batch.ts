/** The batch API of OpenAI, and of Azure OpenAI: a file of requests is uploaded, and a batch is made of it. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../../errors.ts';
import { type Exchange, prepare } from '../client.ts';
import { failureInside, invalidReply, type ReplyFacts, replyFailure } from '../http/failures.ts';
import { countOf, listOf, objectOf, textOf, type WireObject } from '../http/wire-value.ts';
import type { BatchClient, BatchReply, BatchRoute, BatchState, PartFile, ResultSource } from './batch-client.ts';
import { type BatchExchange, below, fileBody, hiddenLine, jsonContent, listed, withQuery } from './batch-exchange.ts';

type FilesRoute = Extract<BatchRoute, { readonly type: 'files' }>;

/** OpenAI and Azure document MB; the smaller reading of it is safe. Azure takes twice as many requests. */
const MAX_BYTES = 200_000_000;
const MAX_REQUESTS = { openai: 50_000, azure: 100_000 } as const;

/** Azure keeps 500 files of a resource that do not expire, and 10,000 that do; 14 days is the least that counts. */
const AZURE_EXPIRY_S = 14 * 24 * 3600;

/** Clocks differ, and the vendor's times are whole seconds. */
const CLOCK_SKEW_MS = 10 * 60_000;

const PAGE = '100';

export function createFilesBatch(
  exchange: Exchange,
  route: FilesRoute,
  calls: BatchExchange,
  close: () => Promise<void>,
): BatchClient {
  const { filesUrl, batchesUrl, isAzure } = route;
  const state = async (batch: Promise<unknown>) => stateOf(await batch);
  const find = async <T>(url: URL, part: PartFile, signal: AbortSignal, read: (item: unknown) => T | null) => {
    const list = { url, after: 'after', createdMs, sinceMs: part.writtenMs - CLOCK_SKEW_MS };
    for await (const item of listed(calls, list, signal)) {
      const found = read(item);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    limits: { requests: isAzure ? MAX_REQUESTS.azure : MAX_REQUESTS.openai, bytes: MAX_BYTES },
    frame: { start: '', between: '\n', end: '\n' },
    async line(customId, request) {
      const { body } = await prepare(exchange, request);
      const start = `{"custom_id":${JSON.stringify(customId)},"method":"POST","url":${JSON.stringify(route.lineUrl)},"body":`;
      const content = typeof body.content === 'string' ? [Buffer.from(body.content)] : body.content;
      return [Buffer.from(start), ...content, Buffer.from('}')];
    },
    files: {
      upload: async (part, signal) => idOf(await calls.post(filesUrl, form(part, isAzure), signal), 'file'),
      find: (part, signal) =>
        find(withQuery(filesUrl, { purpose: 'batch', limit: PAGE, order: 'desc' }), part, signal, (file) =>
          fileOf(file, part),
        ),
      async isReady(fileId, signal) {
        const file = objectOf(await calls.get(below(filesUrl, fileId), signal));
        const status = wordOf(file['status']);
        if (status === 'error' || status === 'failed' || status === 'deleted')
          throw new ProviderError('bad_request', `the uploaded file was rejected (${reasonOf(file) ?? status})`);
        return status === null || status === 'processed' || status === 'uploaded';
      },
    },
    create: (part, fileId, signal) => state(calls.post(batchesUrl, jsonContent(creation(part, fileId, route)), signal)),
    find: (part, fileId, others, signal) =>
      find(withQuery(batchesUrl, { limit: PAGE }), part, signal, (batch) => batchOf(batch, part, fileId, others)),
    state: (id, signal) => state(calls.get(below(batchesUrl, id), signal)),
    cancel: (id, signal) => state(calls.post(below(batchesUrl, id, 'cancel'), null, signal)),
    download: ({ id }, onPiece, signal) => calls.stream(below(filesUrl, id, 'content'), onPiece, signal),
    hideIn: (line) => hiddenLine(line, exchange.secrets),
    read: (line) => readLine(exchange.secrets.hideInReply(line), exchange),
    close,
  };
}

/** A form with the file, which is read while it is sent. */
function form({ name, path, byteLength }: PartFile, isAzure: boolean) {
  const boundary = `earsight-${randomUUID()}`;
  const field = (field: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`;
  const expiry = isAzure
    ? field('expires_after[anchor]', 'created_at') + field('expires_after[seconds]', String(AZURE_EXPIRY_S))
    : '';
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/jsonl\r\n\r\n`;
  const before = `${field('purpose', 'batch')}${expiry}${file}`;
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: fileBody(path, byteLength, before, `\r\n--${boundary}--\r\n`),
  };
}

function creation({ name }: PartFile, fileId: string | null, { endpoint, isAzure }: FilesRoute) {
  return {
    input_file_id: fileId,
    endpoint,
    completion_window: '24h',
    metadata: { earsight: name },
    ...(isAzure ? { output_expires_after: { anchor: 'created_at', seconds: AZURE_EXPIRY_S } } : {}),
  };
}

/** The id of a listed file if it is this part's, whole. */
function fileOf(value: unknown, { name, byteLength }: PartFile): string | null {
  const { id, filename, bytes, status } = objectOf(value);
  const isWhole = bytes === undefined || bytes === null || bytes === byteLength;
  const isUsable = !['error', 'failed', 'deleted'].includes(wordOf(status) ?? '');
  return filename === name && isWhole && isUsable ? textOf(id) : null;
}

/** The state of a listed batch if it is this part's; one that was rejected as a whole may be made again. */
function batchOf(
  value: unknown,
  { name }: PartFile,
  fileId: string | null,
  others: ReadonlySet<string>,
): BatchState | null {
  const batch = objectOf(value);
  const isOurs =
    objectOf(batch['metadata'])['earsight'] === name || (fileId !== null && batch['input_file_id'] === fileId);
  if (!isOurs) return null;
  const state = stateOf(batch);
  return others.has(state.id) || state.status === 'failed' ? null : state;
}

/** Seconds since 1970, or at Azure also an ISO time. */
function createdMs(value: unknown): number {
  const created = objectOf(value)['created_at'];
  return typeof created === 'number' ? created * 1000 : Date.parse(textOf(created) ?? '');
}

/** `Validating` and `in_progress` are words of the same list. */
function wordOf(value: unknown): string | null {
  return textOf(value)?.toLowerCase() ?? null;
}

const ENDED: ReadonlySet<string> = new Set(['completed', 'failed', 'expired', 'cancelled', 'canceled']);

function stateOf(value: unknown): BatchState {
  const batch = objectOf(value);
  const id = idOf(batch, 'batch');
  const status = wordOf(batch['status']) ?? 'unknown';
  const hasEnded = ENDED.has(status);
  const counts = objectOf(batch['request_counts']);
  const [total, completed, failed] = [counts['total'], counts['completed'], counts['failed']].map(countOf);
  const sources = [
    { name: 'output', id: textOf(batch['output_file_id']) },
    { name: 'errors', id: textOf(batch['error_file_id']) },
  ].filter((source): source is ResultSource => source.id !== null);
  const first = objectOf(listOf(objectOf(batch['errors'])['data'])[0]);
  const message = textOf(first['message']);
  return {
    id,
    status,
    hasEnded,
    counts: total === null || total === undefined ? null : { total, completed: completed ?? 0, failed: failed ?? 0 },
    sources: hasEnded ? sources : [],
    problem: message === null ? null : { message: message.slice(0, 300), code: textOf(first['code']) },
  };
}

function reasonOf(file: WireObject): string | null {
  return textOf(file['status_details']) ?? textOf(objectOf(file['error'])['message']);
}

function idOf(value: unknown, what: string): string {
  const id = textOf(objectOf(value)['id']);
  if (id === null) throw new ProviderError('invalid_response', `the reply names no ${what}`);
  return id;
}

/** Codes of requests that the vendor did not start. */
const UNSTARTED: Readonly<Record<string, ConstructorParameters<typeof ProviderError>>> = {
  batch_expired: ['timeout', 'the batch expired before this request was started'],
  batch_cancelled: ['aborted', 'the batch was cancelled before this request was started'],
  batch_canceled: ['aborted', 'the batch was cancelled before this request was started'],
};

function readLine(line: unknown, exchange: Exchange): BatchReply | null {
  const { custom_id: customId, response, error } = objectOf(line);
  if (typeof customId !== 'string') return null;
  try {
    return { customId, result: completionOf(objectOf(response), error, exchange) };
  } catch (failure) {
    if (failure instanceof ProviderError) return { customId, result: failure };
    throw failure;
  }
}

function completionOf(response: WireObject, error: unknown, { route, secrets, now }: Exchange) {
  const status = countOf(response['status_code']) ?? 0;
  const id = textOf(response['request_id']);
  const facts: ReplyFacts = { status, headers: id === null ? {} : { 'x-request-id': id }, now: now() };
  if (status === 200) return route.reply.read(response['body'], facts);
  if (status > 0) throw replyFailure(JSON.stringify(response['body'] ?? {}), facts, secrets.hideInReply);
  const unstarted = UNSTARTED[textOf(objectOf(error)['code']) ?? ''];
  if (unstarted !== undefined) throw new ProviderError(...unstarted);
  if (error === undefined || error === null) throw invalidReply('the line has neither a response nor an error', facts);
  throw failureInside(error, { ...facts, status: 200 });
}
