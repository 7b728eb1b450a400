/** Anthropic's Message Batches: one call carries all requests, and results are read when the batch has ended. */

import { ProviderError } from '../../errors.ts';
import { type Exchange, prepare } from '../client.ts';
import { failureInside, invalidReply, type ReplyFacts } from '../http/failures.ts';
import { countOf, objectOf, textOf } from '../http/wire-value.ts';
import type { BatchClient, BatchReply, BatchRoute, BatchState, PartFile } from './batch-client.ts';
import { type BatchExchange, below, fileBody, hiddenLine, listed, withQuery } from './batch-exchange.ts';

type MessagesRoute = Extract<BatchRoute, { readonly type: 'messages' }>;

/** 100,000 requests or 256 MB, whichever comes first. */
const LIMITS = { requests: 100_000, bytes: 256_000_000 } as const;

/** Clocks differ. */
const CLOCK_SKEW_MS = 10 * 60_000;

export function createMessagesBatch(
  exchange: Exchange,
  { batchesUrl }: MessagesRoute,
  calls: BatchExchange,
  close: () => Promise<void>,
): BatchClient {
  const state = async (batch: Promise<unknown>) => stateOf(await batch);
  return {
    limits: LIMITS,
    frame: { start: '{"requests":[', between: ',', end: ']}' },
    async line(customId, request) {
      const { body } = await prepare(exchange, request);
      const content = typeof body.content === 'string' ? [Buffer.from(body.content)] : body.content;
      return [Buffer.from(`{"custom_id":${JSON.stringify(customId)},"params":`), ...content, Buffer.from('}')];
    },
    files: null,
    create: ({ path, byteLength }, _fileId, signal) =>
      state(calls.post(batchesUrl, { contentType: 'application/json', content: fileBody(path, byteLength) }, signal)),
    async find(part, _fileId, others, signal) {
      const url = withQuery(batchesUrl, { limit: '100' });
      const list = { url, after: 'after_id', createdMs, sinceMs: part.writtenMs - CLOCK_SKEW_MS };
      const distance = (batch: unknown) => Math.abs(createdMs(batch) - part.writtenMs);
      let nearest: unknown = null;
      for await (const batch of listed(calls, list, signal))
        if (mayBeOf(batch, part, others) && (nearest === null || distance(batch) < distance(nearest))) nearest = batch;
      return nearest === null ? null : stateOf(nearest);
    },
    state: (id, signal) => state(calls.get(below(batchesUrl, id), signal)),
    cancel: (id, signal) => state(calls.post(below(batchesUrl, id, 'cancel'), null, signal)),
    // Not the URL that the batch names: a key is sent only to the configured host.
    download: ({ id }, onPiece, signal) => calls.stream(below(batchesUrl, id, 'results'), onPiece, signal),
    hideIn: (line) => hiddenLine(line, exchange.secrets),
    read: (line) => readLine(exchange.secrets.hideInReply(line), exchange),
    close,
  };
}

/**
 * A batch has no name at Anthropic: one that is not older than the part and has as many requests may be its own, and the
 * nearest in time most likely is. Its results tell, because no other batch has their ids.
 */
function mayBeOf(value: unknown, { requests }: PartFile, others: ReadonlySet<string>): boolean {
  const { id, counts } = stateOf(value);
  return !others.has(id) && counts?.total === requests;
}

function createdMs(value: unknown): number {
  return Date.parse(textOf(objectOf(value)['created_at']) ?? '');
}

function stateOf(value: unknown): BatchState {
  const batch = objectOf(value);
  const id = textOf(batch['id']);
  if (id === null) throw new ProviderError('invalid_response', 'the reply names no batch');
  const status = textOf(batch['processing_status'])?.toLowerCase() ?? 'unknown';
  const hasEnded = status === 'ended';
  const counts = objectOf(batch['request_counts']);
  const count = (name: string) => countOf(counts[name]) ?? 0;
  const failed = count('errored') + count('canceled') + count('expired');
  return {
    id,
    status,
    hasEnded,
    counts: { total: count('processing') + count('succeeded') + failed, completed: count('succeeded'), failed },
    sources: hasEnded ? [{ name: 'output', id }] : [],
    problem: null,
  };
}

function readLine(line: unknown, exchange: Exchange): BatchReply | null {
  const { custom_id: customId, result } = objectOf(line);
  if (typeof customId !== 'string') return null;
  try {
    return { customId, result: completionOf(result, exchange) };
  } catch (failure) {
    if (failure instanceof ProviderError) return { customId, result: failure };
    throw failure;
  }
}

function completionOf(value: unknown, { route, now }: Exchange) {
  const { type, message, error } = objectOf(value);
  const facts: ReplyFacts = { status: 200, headers: {}, now: now() };
  switch (type) {
    case 'succeeded':
      return route.reply.read(message, facts);
    case 'errored':
      throw failureInside(objectOf(error)['error'] ?? error, facts);
    case 'expired':
      throw new ProviderError('timeout', 'the batch expired before this request was started');
    case 'canceled':
      throw new ProviderError('aborted', 'the batch was cancelled before this request was started');
    default:
      throw invalidReply('the line has neither an answer nor an error', facts);
  }
}
